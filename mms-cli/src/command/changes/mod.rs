//! Changes of allocations: reads once, shows all of them, asks once, and makes them, those that free credits first.
//!
//! `mms child allocate`, `mms child retire` and `mms credits move` make one after the other (`in_turn`) and differ in their words alone;
//! a table goes side by side, on past what cannot be made (`batch`).

mod asked;
mod batch;
mod change;
mod in_turn;
mod pool_change;
mod record;
pub(crate) mod target;

use std::collections::HashMap;

use mms_client::Purpose;
use mms_types::{ChildOrganization, OrganizationId};

use crate::args::SettleTime;
use crate::lookup::{Children, name_of};
use crate::output::data::grouped;
use crate::output::failure::{Failure, Hint};
use crate::output::plan::Plan;
use crate::output::printer::Printer;
use crate::output::questions::Confirmation;
use crate::session::Session;
pub(crate) use batch::Batch;
use change::Change;
use in_turn::{all_done, carry_out};
pub(crate) use pool_change::PoolChange;
pub(crate) use record::Allocated;
use target::Request;

/// Most lines of a file that an error names, and most children that are shown one by one where nothing about them is odd.
const MOST_LINES: usize = 20;

/// What the changes are for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    /// New allocations.
    Allocate,
    /// Credits from one child to another.
    Move,
    /// No credits any more.
    Retire,
}

/// How the changes are made.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Options {
    pub(crate) kind: Kind,
    /// Whether a child may be left with nothing.
    pub(crate) allow_pause: bool,
    pub(crate) dry_run: bool,
    pub(crate) yes: bool,
}

/// Makes the changes that are asked for: reads, decides, asks, writes and prints.
pub(crate) async fn make(session: &Session, requests: &[Request], options: Options) -> Result<(), Failure> {
    make_as(session, requests, options, None).await
}

/// Makes the changes of a table, once what an earlier run left open is settled.
pub(crate) async fn make_table(
    session: &Session,
    requests: &[Request],
    options: Options,
    batch: &Batch,
) -> Result<(), Failure> {
    make_as(session, requests, options, Some(batch)).await
}

async fn make_as(
    session: &Session,
    requests: &[Request],
    options: Options,
    batch: Option<&Batch>,
) -> Result<(), Failure> {
    let confirmation = Confirmation::unless_dry(options.yes, options.dry_run)?;
    let (printer, settle_time) = (session.printer(), SettleTime::default());
    match batch {
        _ if options.dry_run => {}
        Some(_) => Batch::settle(session).await?,
        // Before the plan, for it may change what is there. While a person thinks, others can write.
        None => session.settle_allocations(&session.journal(settle_time).await?).await?,
    }
    let (look, consumption) = tokio::try_join!(session.look(Purpose::Allocate), session.consumption_by_child())?;
    let children = session.with_own_writes(Children::from(&look));
    let decide = |request| Change::new(request, &children, &consumption, options.kind, session.invocation());
    let asked = all(requests, requests.iter().map(decide))?;
    refuse_twice(&asked)?;
    // The results of a table come in its own order; those of a command line as they were made.
    let order: Vec<_> = if batch.is_some() { asked.iter().map(Change::id).collect() } else { Vec::new() };
    let taken = asked.iter().map(Change::taken).sum();
    let pool = PoolChange::new(look.organization(), taken, session.invocation())?;
    let (mut changes, unchanged): (Vec<_>, Vec<_>) = asked.into_iter().partition(|change| !change.is_none());
    // What frees credits comes first, so that the pool is never short on the way.
    changes.sort_by_key(|change| !change.lowers());
    for change in unchanged.iter().take(MOST_LINES) {
        printer.note(&format!(
            "Child organization {} already has {} credits: nothing to do.",
            change.id(),
            grouped(change.total.get())
        ));
    }
    if unchanged.len() > MOST_LINES {
        printer.note(&format!("{} more children already have what they are to have.", unchanged.len() - MOST_LINES));
    }
    let mut rows: Vec<_> =
        unchanged.iter().map(|change| Allocated::unchanged(&change.child, change.allocated, pool.before())).collect();
    if changes.is_empty() {
        if !options.dry_run {
            batch.map_or(Ok(()), |batch| batch.report_unchanged(&unchanged))?;
        }
        return print(printer, rows, requests.len(), &order);
    }
    let is_shown = confirmation.show(printer, &plan(session, &changes, pool, options));
    if options.dry_run {
        refuse_risks(&changes, options)?;
        let mut left = pool.before();
        rows.extend(changes.iter().map(|change| {
            left = left.and_then(|left| i64::try_from(i128::from(left) - change.taken()).ok());
            let total = i64::try_from(change.total.get()).unwrap_or(i64::MAX);
            Allocated::planned(&change.child, change.allocated, total, left)
        }));
        printer.note("Dry run: nothing was sent.");
        return print(printer, rows, requests.len(), &order);
    }
    if !is_shown {
        // What is allowed is told all the same.
        changes.iter().filter_map(Change::risk).filter(|_| is_allowed(options)).for_each(|risk| printer.warn(&risk));
    }
    ask(session, confirmation, &mut changes, options).await?;
    let made = if let Some(batch) = batch {
        batch.carry_out(session, &look, &children, &changes, &unchanged, &mut rows).await
    } else {
        let journal = session.journal(settle_time).await?;
        session.settle_allocations(&journal).await?;
        let asked = asked::asked(requests, options.kind);
        carry_out(session, &journal, asked, &children, &changes, options, &mut rows).await
    };
    let shown = print(printer, rows, requests.len(), &order);
    made?;
    let show = session.invocation().command("child list");
    shown.map_err(|failure| failure.after(&all_done(&changes), &show))?;
    if options.kind == Kind::Retire {
        for change in &changes {
            printer.note(&format!(
                "{} {} has no credits. What is left can only be done in Make: switch its scenarios off, remove its connections \
                 and its members. The organization itself stays: it cannot be deleted here.",
                change.id(),
                name_of(&change.child)
            ));
        }
    }
    Ok(())
}

/// Returns all the changes, or else why there are none: of a file every line that is refused.
fn all(requests: &[Request], decided: impl Iterator<Item = Result<Change, Failure>>) -> Result<Vec<Change>, Failure> {
    let (mut changes, mut refused) = (Vec::new(), Vec::new());
    for (request, decision) in requests.iter().zip(decided) {
        match (decision, request.line) {
            (Ok(change), _) => changes.push(change),
            (Err(failure), Some(line)) => refused.push(failure.about(&format!("line {line}"))),
            (Err(failure), None) => return Err(failure),
        }
    }
    match refused.len() {
        0 => Ok(changes),
        1 => Err(refused.remove(0)),
        count => {
            let steps = refused.iter().take(MOST_LINES).map(|failure| failure.message().to_owned());
            let more = (count > MOST_LINES).then(|| format!("and {} lines more", count - MOST_LINES));
            let hint = steps.chain(more).fold(Hint::new("mend these lines, nothing was sent:"), Hint::step);
            Err(Failure::new(refused[0].code(), format!("{count} lines of the file are refused")).hint(hint))
        }
    }
}

/// Prints the rows, in an order of their children where there is one.
fn print(printer: &Printer, mut rows: Vec<Allocated>, asked: usize, order: &[OrganizationId]) -> Result<(), Failure> {
    let places: HashMap<_, _> = order.iter().enumerate().map(|(place, id)| (*id, place)).collect();
    rows.sort_by_key(|row| places.get(&row.id()).copied());
    match &rows[..] {
        [row] if asked == 1 => printer.one(row),
        [] if asked == 1 => Ok(()),
        rows => printer.list(rows),
    }
}

/// Refuses two changes of one child.
fn refuse_twice(changes: &[Change]) -> Result<(), Failure> {
    for (index, change) in changes.iter().enumerate() {
        if changes[..index].iter().any(|before| before.id() == change.id()) {
            let id = change.id();
            return Err(Failure::usage(format!("child organization {id} {} is named twice", name_of(&change.child)))
                .hint("give each child one change, or two commands their order"));
        }
    }
    Ok(())
}

/// Describes the changes.
fn plan(session: &Session, changes: &[Change], pool: PoolChange, options: Options) -> Plan {
    let organizations = match changes.len() {
        1 => "a child organization".to_owned(),
        count => format!("{count} child organizations"),
    };
    let heading = match options.kind {
        Kind::Move => "About to move credits from one child organization to another:".to_owned(),
        Kind::Retire => format!("About to take all credits from {organizations}, whose scenarios then pause:"),
        Kind::Allocate => format!("About to change the allocation of {organizations}:"),
    };
    let mut plan = Plan::new(heading).server(session.place(), session.is_sandbox());
    let is_shown = |(index, change): &(usize, &Change)| *index < MOST_LINES || change.risk().is_some();
    let shown: Vec<_> = changes.iter().enumerate().filter(is_shown).map(|(_, change)| change).collect();
    for change in &shown {
        plan = plan
            .line("child", format!("{} {}", change.id(), name_of(&change.child)))
            .line("credits", change.effect())
            .line("consumed", change.consumed_in_words());
        if let Some(risk) = change.risk() {
            plan = plan.danger("risk", risk);
        }
    }
    if changes.len() > shown.len() {
        plan = plan.line("child", format!("and {} more", changes.len() - shown.len()));
    }
    plan.line("pool", pool)
}

/// Asks about what is odd or dangerous, and for the changes themselves. What was consumed meanwhile is taken over into them.
async fn ask(
    session: &Session,
    confirmation: Confirmation,
    changes: &mut [Change],
    options: Options,
) -> Result<(), Failure> {
    let printer = session.printer();
    for change in changes.iter().filter(|change| change.child.organization_name.is_none()) {
        let doubt = format!("the server lists child organization {} without its name", change.id());
        let refusal = Failure::failed(&doubt).hint("run the command without --yes, on a terminal, and it asks");
        confirmation.accept(printer, &format!("{doubt}. Is it the one that is meant?"), refusal).await?;
    }
    for risk in changes.iter().filter_map(Change::risk).filter(|_| !is_allowed(options)) {
        allow_pause(printer, confirmation, options, &risk).await?;
    }
    confirmation.confirm(printer, &question(session, changes, options.kind)).await?;
    if confirmation.was_asked() && changes.iter().any(Change::lowers) {
        // While a person thinks, the children work.
        let consumption = session.consumption_by_child().await?;
        for change in changes {
            let (before, now) = (change.consumed, consumption.of(change.id()));
            change.consumed = now;
            if let Some(risk) = change.risk().filter(|_| now != before) {
                allow_pause(printer, confirmation, options, &risk).await?;
            }
        }
    }
    Ok(())
}

/// Words the question: which organization, where, and what becomes of it.
fn question(session: &Session, changes: &[Change], kind: Kind) -> String {
    let place = session.place();
    match (kind, changes) {
        (Kind::Move, [from, to]) => format!(
            "Move {} credits from {} to {} on {place}?",
            grouped(to.taken()),
            named(&from.child),
            named(&to.child)
        ),
        (Kind::Retire, [change]) => format!("Leave {} on {place} without credits?", named(&change.child)),
        (_, [change]) => format!("Set {} on {place} to {} credits?", named(&change.child), grouped(change.total.get())),
        (_, changes) => format!("Make these {} changes on {place}?", changes.len()),
    }
}

fn named(child: &ChildOrganization) -> String {
    format!("{} {}", child.organization_id, name_of(child))
}

/// Refuses what would leave a child with nothing, as far as it is not allowed.
fn refuse_risks(changes: &[Change], options: Options) -> Result<(), Failure> {
    match changes.iter().find_map(Change::risk).filter(|_| !is_allowed(options)) {
        Some(risk) => Err(pause_refusal(&risk)),
        None => Ok(()),
    }
}

fn is_allowed(options: Options) -> bool {
    options.allow_pause || options.kind == Kind::Retire
}

fn pause_refusal(risk: &str) -> Failure {
    Failure::failed(risk).hint("add --allow-pause if that is meant")
}

/// Warns of the risk, and refuses unless it is accepted.
async fn allow_pause(
    printer: &Printer,
    confirmation: Confirmation,
    options: Options,
    risk: &str,
) -> Result<(), Failure> {
    if is_allowed(options) {
        printer.warn(risk);
        return Ok(());
    }
    confirmation.accept(printer, &format!("{risk}. Is that meant?"), pause_refusal(risk)).await
}
