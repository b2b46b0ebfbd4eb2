//! `mms child create --from`: creates the children of a table, each at most once, however often the command is run.

use std::cell::OnceCell;
use std::path::Path;

use mms_client::CreateOncePolicy;
use mms_fleet::{
    Action, Catalogue, Event, NewChildDefaults, NewChildTable, Observed, Plan, PlanOptions, Step, Stop, StopKind,
};

use super::ends::outcome;
use super::lookalikes::{Alike, alike};
use super::open_creates;
use super::record::Onboarded;
use super::report::Report;
use super::rows::Rows;
use super::source::{self, NewChildSource};
use crate::args::{CreateChildArgs, GlobalArgs};
use crate::command::fleet::apply::carry_out::{ASSUMED_LIMIT, carry_out_observed, expected, settle};
use crate::command::fleet::apply::confirm::{TYPED_FROM, confirm_creates, refuse_other_number};
use crate::command::fleet::apply::progress::in_words;
use crate::command::fleet::torn;
use crate::output::data::grouped;
use crate::output::failure::{Failure, Hint};
use crate::output::plan::Plan as Shown;
use crate::output::printer::Printer;
use crate::output::questions::Confirmation;
use crate::session::{Access, ApplyRequest, Session};

/// Most children that the plan shows.
const MOST_SHOWN: usize = 20;

/// Creates the children of a table: reads it whole, reads what is there, decides, asks, writes and prints.
pub(crate) async fn create(
    arguments: &CreateChildArgs,
    from: &Path,
    global: &GlobalArgs,
    printer: &Printer,
) -> Result<(), Failure> {
    printer.check_columns::<Onboarded>()?;
    let confirmation = Confirmation::unless_dry(global.yes, arguments.dry_run)?;
    let defaults = NewChildDefaults {
        owner_name: arguments.owner_name.clone(),
        owner_email: arguments.owner_email.clone(),
        region: arguments.region.clone(),
        country: arguments.country.clone(),
        credits: arguments.credits,
    };
    let source = NewChildSource::read(from, defaults)?;
    let table = match source.table(None) {
        Err(_) => source.table(catalogue(global, printer).await.as_ref())?,
        Ok(table) => table,
    };
    source::tell_ignored(printer, &source.name, table.ignored_columns());
    let report = arguments.table.report.as_deref().map(Report::checked).transpose()?;
    let bulk = Bulk { arguments, confirmation, name: source.name.clone(), table };
    let access = Access::of_write(arguments.dry_run);
    let create = async |session: &Session| {
        // Those that are kept from before cost no request. Otherwise the plan reads them, and refuses what is none of them.
        source.table(session.catalogue(false).await?.as_ref())?;
        bulk.create(session, report.as_ref()).await
    };
    Session::with_access(access, global, printer, "child create", create).await
}

/// Reads regions and countries for a table with mistakes, so that theirs are told with all others; nothing where they cannot be read,
/// for the mistakes that are known are what is to be told.
async fn catalogue(global: &GlobalArgs, printer: &Printer) -> Option<Catalogue> {
    let read = OnceCell::new();
    let look = async |session: &Session| {
        if let Some(catalogue) = session.catalogue(true).await? {
            read.get_or_init(|| catalogue);
        }
        Ok(())
    };
    let looked = Session::with_access(Access::Read, global, printer, "child create", look).await;
    looked.ok().and(read.into_inner())
}

/// A table, and how its children are created.
struct Bulk<'a> {
    arguments: &'a CreateChildArgs,
    confirmation: Confirmation,
    /// The name of the table.
    name: String,
    table: NewChildTable,
}

impl Bulk<'_> {
    async fn create(&self, session: &Session, report: Option<&Report>) -> Result<(), Failure> {
        let Self { arguments, confirmation, name, table } = self;
        let (printer, settle_time) = (session.printer(), arguments.wait.settle_wait);
        let policy = CreateOncePolicy { waits: settle_time.waits(), allow_same_name: false };
        let (plan, observed) = if arguments.dry_run {
            let planned = self.plan(session).await?;
            open_creates::refuse(session, session.peek_own_open_intents()?, table)?;
            planned
        } else {
            let journal = session.journal(settle_time).await?;
            settle(session, &journal, settle_time).await?;
            let planned = self.plan(session).await?;
            open_creates::refuse(session, session.open_intents(&journal)?, table)?;
            torn::refuse(&journal, table.children().iter().map(|child| child.name.as_str()))?;
            // The journal is free from here on: while a person thinks, others can create.
            planned
        };
        refuse_stops(&plan.stops)?;
        let existing = table.existing(&observed);
        let rows = Rows::new(printer, report, table);
        if plan.is_empty() {
            rows.existed(table, &existing, &observed);
            printer
                .note(&format!("All {} children of {name} exist already: nothing was sent.", table.children().len()));
            return rows.print();
        }
        let made_before = existing.iter().flatten().filter(|id| observed.known.iter().any(|known| known.id == **id));
        let made_before = made_before.count() as u64;
        let alike = if arguments.allow_similar_name { Vec::new() } else { alike(&plan.steps, &observed) };
        confirmation.show(printer, &self.describe(session, &plan, &observed, &alike)?);
        self.refuse_other_number(plan.creates(), made_before)?;
        self.accept_alike(printer, &alike).await?;
        if arguments.dry_run {
            rows.existed(table, &existing, &observed);
            rows.planned(plan.steps.iter().map(|step| step.name.as_str()));
            printer.note("Dry run: nothing was sent.");
            return rows.print();
        }
        self.confirm(session, plan.creates()).await?;

        let journal = session.journal(settle_time).await?;
        // Another command may have begun to create one of them meanwhile.
        open_creates::refuse(session, session.open_intents(&journal)?, table)?;
        rows.existed(table, &existing, &observed);
        let request = ApplyRequest::new(&plan.steps, source::table_asked("child create", name));
        let on_event = |event: Event<'_>| {
            if let Event::Ended { step, end, .. } = event {
                rows.ended(&step.name, end);
            }
        };
        let expected = expected(session, &plan.steps, &observed);
        let applied = carry_out_observed(session, &journal, &policy, request, expected, &on_event).await;
        let shown = rows.print();
        let report = applied?;
        outcome(session, &report)?;
        let list = session.invocation().command("child list");
        shown.map_err(|failure| failure.after(&format!("{} children are created", report.steps.len()), &list))
    }

    /// Plans the creates by what is there.
    async fn plan(&self, session: &Session) -> Result<(Plan, Observed), Failure> {
        let (id, options) = (session.organization_id()?, PlanOptions::default());
        session.plan_with(|observed| Plan::new(&self.table.fleet(id, observed), observed, &options)).await
    }

    /// Describes the creates.
    fn describe(
        &self,
        session: &Session,
        plan: &Plan,
        observed: &Observed,
        alike: &[Alike<'_>],
    ) -> Result<Shown, Failure> {
        let creates = plan.creates();
        let heading = match creates {
            1 => "About to create a child organization, which can never be deleted:".to_owned(),
            creates => format!("About to create {creates} child organizations, none of which can ever be deleted:"),
        };
        let mut shown = Shown::new(heading)
            .server(session.place(), session.is_sandbox())
            .line("distributor", session.organization_id()?)
            .line("table", format!("{}: {creates} new, {} there already", self.name, plan.unchanged));
        let width = plan.steps.iter().take(MOST_SHOWN).map(|step| step.name.chars().count()).max().unwrap_or_default();
        for step in plan.steps.iter().take(MOST_SHOWN) {
            shown = shown.line("new", describe(step, width, observed));
        }
        if plan.steps.len() > MOST_SHOWN {
            shown = shown.line("new", format!("and {} more", plan.steps.len() - MOST_SHOWN));
        }
        for Alike { name, other } in alike.iter().take(MOST_SHOWN) {
            shown = shown.danger("looks like", format!("{name}: {other}"));
        }
        if let Some(pool) = plan.pool {
            shown = shown.line("pool", format!("{} -> {}", grouped(pool.before), grouped(pool.after)));
        }
        let expected = expected(session, &plan.steps, observed);
        let time = match observed.requests_per_minute {
            _ if expected.is_zero() => "at once".to_owned(),
            Some(_) => format!("{} at the limit", in_words(expected)),
            None => format!("{} at {ASSUMED_LIMIT} requests a minute: the limit is unknown", in_words(expected)),
        };
        Ok(shown.line("time", time))
    }

    /// Asks about names that look like another.
    async fn accept_alike(&self, printer: &Printer, alike: &[Alike<'_>]) -> Result<(), Failure> {
        let Some(Alike { name, other }) = alike.first() else { return Ok(()) };
        let others =
            if alike.len() > 1 { format!(", and {} more names like that", alike.len() - 1) } else { String::new() };
        let doubt = format!("the name {name:?} looks like that of {other}{others}");
        let hint = "choose other names, or add --allow-similar-name if these are other clients";
        let question = format!("{doubt}. Are these other clients?");
        self.confirmation.accept(printer, &question, Failure::failed(doubt).hint(hint)).await
    }

    /// Refuses another number of creates than was stated. What this machine made of the table before may be stated, too, so that a
    /// script can be run again as it is.
    fn refuse_other_number(&self, creates: u64, made_before: u64) -> Result<(), Failure> {
        let stated = self.arguments.table.creates;
        refuse_other_number(creates, stated.filter(|stated| *stated != creates + made_before))
    }

    /// Asks for the creates; of more than a few for their number.
    async fn confirm(&self, session: &Session, creates: u64) -> Result<(), Failure> {
        let (printer, place) = (session.printer(), session.place());
        if creates >= TYPED_FROM {
            let is_stated = self.arguments.table.creates.is_some();
            return confirm_creates(printer, self.confirmation, creates, is_stated).await;
        }
        let what = if creates == 1 { "this organization".to_owned() } else { format!("these {creates} organizations") };
        self.confirmation.confirm(printer, &format!("Create {what} on {place}, for ever?")).await
    }
}

/// Describes a create on a line.
fn describe(step: &Step, width: usize, observed: &Observed) -> String {
    let Action::Create { request } = &step.action else { return step.name.clone() };
    let catalogue = observed.catalogue.as_ref();
    let region = catalogue.and_then(|all| all.regions.iter().find(|region| region.id == request.region_id));
    let country = catalogue.and_then(|all| all.countries.iter().find(|country| country.id == request.country_id));
    format!(
        "{:width$}  {:>9} credits, {}, {}, {} <{}>",
        step.name,
        grouped(request.operations.get()),
        region.map_or_else(|| request.region_id.to_string(), |region| region.name.clone()),
        country.map_or_else(|| request.country_id.to_string(), |country| country.name.clone()),
        request.user_name,
        request.user_email,
    )
}

/// Refuses what the plan refuses, all of it at once.
fn refuse_stops(stops: &[Stop]) -> Result<(), Failure> {
    match stops {
        [] => Ok(()),
        [stop] => Err(Failure::failed(format!("{}; nothing was sent", sentence(stop)))),
        stops => {
            let hint = stops.iter().map(sentence).fold(Hint::new("mend these, nothing was sent:"), Hint::step);
            Err(Failure::failed(format!("{} reasons speak against it", stops.len())).hint(hint))
        }
    }
}

/// Says why a row stops the table, and what to do about it in a table.
fn sentence(stop: &Stop) -> String {
    let place = stop.place.as_ref().map_or_else(String::new, |place| format!("{place}: "));
    let named = stop.name.as_ref().map_or_else(String::new, |name| format!("{name:?}: "));
    match &stop.kind {
        StopKind::NameTaken { id, name, .. } => format!(
            "{place}{named}child {id} is called {name:?} in Make, which reads the same: write exactly that name if it is meant, else \
             another one"
        ),
        StopKind::SeveralOfThatName { ids } => {
            let ids = ids.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ");
            format!("{place}{named}several children in Make have that name ({ids}): remove the row")
        }
        StopKind::PoolTooSmall { credits, .. } => {
            format!("the pool lacks {} credits for all of them: ask for less, or split the table", grouped(*credits))
        }
        _ => stop.to_string(),
    }
}
