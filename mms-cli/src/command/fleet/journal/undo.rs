//! `mms undo`: a plan back to the allocations before a run, and the run that carries it out.

use std::sync::atomic::{AtomicUsize, Ordering};

use mms_client::{CreateOncePolicy, History, Run, Written};
use mms_fleet::{Event, Observed, Past, Plan, PlanOptions, Report, Step};

use super::log::{entry, runs};
use super::log_entry::LogEntry;
use super::undo_record::Undone;
use super::undo_view;
use crate::args::{GlobalArgs, SettleTime, UndoArgs};
use crate::command::fleet::bulk::outcome;
use crate::lookup::NO_NAME;
use crate::output::failure::Failure;
use crate::output::printer::Printer;
use crate::output::questions::Confirmation;
use crate::session::{Access, ApplyRequest, Asked, Session};

/// Takes a run back: reads, plans, asks, writes and prints.
pub(crate) async fn run(arguments: &UndoArgs, global: &GlobalArgs, printer: &Printer) -> Result<(), Failure> {
    printer.check_columns::<Undone>()?;
    let undo = async |session: &Session| undo(session, arguments, global.yes).await;
    Session::with_access(Access::of_write(arguments.dry_run), global, printer, "undo", undo).await
}

async fn undo(session: &Session, arguments: &UndoArgs, yes: bool) -> Result<(), Failure> {
    let confirmation = Confirmation::unless_dry(yes, arguments.dry_run)?;
    let printer = session.printer();
    if !arguments.dry_run {
        // What is open may be of this very run.
        session.settle_allocations(&session.journal(SettleTime::default()).await?).await?;
    }
    let history = session.history()?;
    let wanted = find(&history, &arguments.run, session)?;
    let (pasts, created) = changes_of(&history, wanted, arguments.allow_pause);
    if let Some(note) = undo_view::created(&created) {
        printer.note(&note);
    }
    let options = PlanOptions::default();
    let (plan, observed) = session.plan_with(|observed| Plan::undo(&pasts, observed, &options)).await?;
    if wanted.api != session.api_name() {
        return Err(unknown(&arguments.run, session));
    }
    let (plan, skipped) = if arguments.skip_changed {
        let (kept, skipped) = without_changed(&pasts, &observed);
        (Plan::undo(&kept, &observed, &options), skipped)
    } else {
        (plan, Vec::new())
    };
    for row in &skipped {
        printer.warn(&row.in_words());
    }
    if plan.stops.is_empty() && plan.is_empty() {
        printer.note("Nothing to undo: the children have what they had before the run, or are left out.");
        return if skipped.is_empty() { printer.nothing::<Undone>() } else { printer.list(&skipped) };
    }
    confirmation.show(printer, &undo_view::plan(session, wanted, &plan));
    undo_view::refuse_stops(&plan.stops)?;
    if let Some(note) = undo_view::still_asked(session, wanted) {
        printer.note(&note);
    }
    if arguments.dry_run {
        printer.note("Dry run: nothing was sent.");
        return printer.list(&Undone::planned(&plan.steps).into_iter().chain(skipped).collect::<Vec<_>>());
    }
    let question = format!("Make these {} changes on {}?", plan.steps.len(), session.place());
    confirmation.confirm(printer, &question).await?;
    let report = carry_out(session, wanted, &plan.steps, &observed).await?;
    let rows: Vec<_> = report.steps.iter().filter_map(Undone::ended).chain(skipped).collect();
    let shown = printer.list(&rows);
    outcome(session, &report)?;
    shown.map_err(|failure| failure.after("the run is undone", &session.invocation().command("log")))
}

/// Finds the run that is meant, among those of the distributor at this place.
fn find<'a>(history: &'a History, begins: &str, session: &Session) -> Result<&'a Run, Failure> {
    let (parent, api) = (session.organization_id()?, session.api_name());
    let place = |api: &str| api.split('#').next().map(str::to_owned);
    let is_meant =
        |run: &&Run| run.id.to_string().starts_with(begins) && run.parent == parent && place(&run.api) == place(&api);
    match history.runs.iter().filter(is_meant).collect::<Vec<_>>()[..] {
        [] => Err(unknown(begins, session)),
        [run] => Ok(run),
        ref several => {
            let ids: Vec<_> = several.iter().map(|run| run.id.to_string()).collect();
            Err(Failure::failed(format!("{} runs begin with {begins}: {}", ids.len(), ids.join(", ")))
                .hint("name one by more of its id"))
        }
    }
}

fn unknown(begins: &str, session: &Session) -> Failure {
    let log = session.invocation().command("log");
    Failure::not_found(format!("the journal has no run {begins} of this distributor"))
        .hint(format!("{log} shows the runs that there are"))
}

/// Returns what a run did to allocations, and what it created.
fn changes_of(history: &History, run: &Run, may_pause: bool) -> (Vec<Past>, Vec<LogEntry>) {
    let runs = runs(history);
    let mut created = Vec::new();
    let mut pasts = Vec::new();
    for written in history.writes.iter().filter(|written| written.run() == Some(&run.id)) {
        let Some(entry) = entry(written, &runs).filter(LogEntry::may_be_done) else { continue };
        match written {
            Written::Allocation { intent, .. } => pasts.push(Past {
                id: intent.organization_id,
                name: intent.organization_name.clone().unwrap_or_else(|| NO_NAME.to_owned()),
                before: intent.before,
                after: i64::try_from(intent.operations.get()).unwrap_or(i64::MAX),
                may_pause,
            }),
            _ => created.push(entry),
        }
    }
    (pasts, created)
}

/// Returns what is undone without the children that somebody changed since the run, and those, which have neither what it found nor
/// what it left.
fn without_changed(pasts: &[Past], observed: &Observed) -> (Vec<Past>, Vec<Undone>) {
    let mut kept: Vec<_> = pasts.to_vec();
    let mut skipped = Vec::new();
    for child in &observed.children {
        let own = || pasts.iter().filter(|past| past.id == child.id);
        let (Some(first), Some(last), Some(found)) = (own().next(), own().next_back(), child.credits) else { continue };
        if found != first.before && found != last.after {
            kept.retain(|past| past.id != child.id);
            skipped.push(Undone::skipped(last, found));
        }
    }
    (kept, skipped)
}

/// Carries the steps out, as a run of its own.
async fn carry_out(session: &Session, undone: &Run, steps: &[Step], observed: &Observed) -> Result<Report, Failure> {
    let journal = session.journal(SettleTime::default()).await?;
    session.settle_allocations(&journal).await?;
    let (printer, done) = (session.printer(), AtomicUsize::new(0));
    let on_event = |event: Event<'_>| {
        if let Event::Ended { step, end, .. } = event
            && end.is_done()
        {
            let number = done.fetch_add(1, Ordering::Relaxed) + 1;
            printer.note(&format!("{number} of {}: {}.", steps.len(), undo_view::done(step)));
        }
    };
    let request = ApplyRequest {
        expected: observed.expected(steps),
        ..ApplyRequest::new(steps, Asked::command(format!("undo {}", undone.id)))
    };
    session.apply(&journal, &CreateOncePolicy::default(), request, &on_event).await
}
