//! `mms apply`: makes the distributor as a fleet asks, or carries a saved plan out.

pub(super) mod applied;
pub(super) mod carry_out;
pub(super) mod confirm;
mod ids;
mod planned_files;
pub(super) mod progress;
mod rehearsal;
mod source;
mod unasked;

use mms_client::{CreateOncePolicy, History, Purpose, WriteJournal};
use mms_fleet::{Needs, Observed, Plan, PlanOptions, Report, SavedPlan};

use super::plan::view::{self, PlanContext};
use super::{files, target, torn};
use crate::args::{ApplyArgs, GlobalArgs};
use crate::output::failure::{Failure, Hint, journal_unusable};
use crate::output::printer::Printer;
use crate::output::questions::Confirmation;
use crate::output::time::today;
use crate::session::{Access, ApplyRequest, Asked, Session};
use applied::AppliedStep;
use carry_out::{carry_out, conclude, expected, settle};
use confirm::{confirm, is_as_asked, refuse_other_number};
use source::Source;

/// Applies a fleet or a saved plan.
pub(in crate::command) async fn run(
    arguments: &ApplyArgs,
    global: &GlobalArgs,
    printer: &Printer,
) -> Result<(), Failure> {
    printer.check_columns::<AppliedStep>()?;
    let source = Source::read(&arguments.files)?;
    if let Source::Fleet(fleet) = &source {
        files::tell_unread(printer, fleet);
    }
    source.refuse_flags(arguments)?;
    match Confirmation::unless_dry(global.yes, arguments.dry_run) {
        Ok(confirmation) => {
            let apply = async |session: &Session| apply(session, &source, arguments, confirmation).await;
            Session::with_access(Access::of_write(arguments.dry_run), global, printer, "apply", apply).await
        }
        Err(refusal) => {
            let refuse = async |session: &Session| unasked::refuse(session, &source, arguments, refusal).await;
            Session::with_access(Access::Read, global, printer, "apply", refuse).await
        }
    }
}

async fn apply(
    session: &Session,
    source: &Source,
    arguments: &ApplyArgs,
    confirmation: Confirmation,
) -> Result<(), Failure> {
    let settle_wait = arguments.wait.settle_wait;
    let policy = CreateOncePolicy { waits: settle_wait.waits(), ..CreateOncePolicy::default() };
    let names = source.names(&arguments.files);
    if let Source::Fleet(files) = source {
        target::check(session, &files.fleet().target, &names)?;
    }
    // Taken before anything is read: what another apply does meanwhile would be planned over.
    let journal = if arguments.dry_run { None } else { Some(session.journal(settle_wait).await?) };
    if let Some(journal) = &journal {
        refuse_used(source, &journal.history().map_err(|error| journal_unusable(&error))?)?;
        settle(session, journal, settle_wait).await?;
    }
    let before = session.requests_sent();
    let (mut plan, mut observed) = planned(session, source, arguments).await?;
    let again = if confirmation.was_asked() { session.requests_sent() - before } else { 0 };
    let context = PlanContext::new(session, &plan, &observed, &names, again)?;
    if arguments.dry_run {
        view::show(session.printer(), &plan, &context)?;
    } else {
        view::show_before_question(session.printer(), &plan, &context);
    }
    refuse_stops(&plan)?;
    if !plan.is_empty() {
        refuse_other_number(plan.creates(), arguments.creates)?;
    }
    if arguments.rehearse && !plan.is_empty() {
        rehearsal::rehearse(session, &observed, &plan.steps, plan.allowance.pool_reserve).await?;
    }
    let Some(journal) = journal else {
        session.printer().note("Dry run: nothing was sent.");
        return Ok(());
    };
    if plan.is_empty() {
        return conclude_nothing(session, source, &plan);
    }
    torn::refuse(&journal, plan.steps.iter().filter(|step| step.is_create()).map(|step| step.name.as_str()))?;
    confirm(session, confirmation, &plan, arguments.creates).await?;
    if confirmation.was_asked() {
        // While a person thinks, the children work, and others write.
        let asked = plan;
        (plan, observed) = planned(session, source, arguments).await?;
        if !is_as_asked(&asked, &plan) {
            return Err(Failure::failed("the distributor changed while you were asked: nothing was sent")
                .hint("run it again, and it shows the new plan"));
        }
    }
    let request = ApplyRequest {
        expected: observed.expected(&plan.steps),
        plan: source.plan_id(),
        reserve: plan.allowance.pool_reserve,
        parallel: arguments.parallel.map(usize::from),
        ..ApplyRequest::new(&plan.steps, Asked { command: "apply".to_owned(), files: names })
    };
    let expected = expected(session, &plan.steps, &observed);
    let report = carry_out(session, &journal, &policy, request, expected).await?;
    let written = write_ids(session, source, &ids::of(&plan.bound, &report));
    tell_retired(session, source, &plan);
    conclude(session, &report, source.plan_id().is_some())?;
    written
}

/// Ends an apply that has nothing to send: nobody has to be asked.
fn conclude_nothing(session: &Session, source: &Source, plan: &Plan) -> Result<(), Failure> {
    tell_retired(session, source, plan);
    write_ids(session, source, &ids::of(&plan.bound, &Report::default()))
}

/// Refuses a saved plan that was carried out already, whatever has moved since.
fn refuse_used(source: &Source, history: &History) -> Result<(), Failure> {
    let Some(plan) = source.plan_id() else { return Ok(()) };
    match history.runs.iter().find(|run| run.plan.as_ref() == Some(&plan)) {
        None => Ok(()),
        Some(run) => Err(Failure::failed(format!(
            "nothing was sent: the plan was carried out already, in run {} by {}; a plan is good once",
            run.id, run.who
        ))
        .hint("make a new plan")),
    }
}

/// Plans what the files ask for, or takes a saved plan that is still good.
async fn planned(session: &Session, source: &Source, arguments: &ApplyArgs) -> Result<(Plan, Observed), Failure> {
    match source {
        Source::Fleet(files) => {
            let guards = arguments.guards;
            let options = PlanOptions { today: today(), partial: guards.partial, guards: guards.overrides() };
            session.plan(files.fleet(), &options).await
        }
        Source::Saved(saved, files) => {
            files.refuse_changed(&plan_again(session))?;
            Ok((saved.plan.clone(), still_good(session, saved).await?))
        }
    }
}

/// Says what is left to do of children that are given up and still there: what only the web application can do.
fn tell_retired(session: &Session, source: &Source, plan: &Plan) {
    let Some(files) = source.files() else { return };
    let retired = files.fleet().children.iter().filter(|child| child.retired).map(|child| child.name.as_str());
    let names: Vec<_> = retired.filter(|name| !plan.gone.iter().any(|gone| gone == name)).collect();
    if !names.is_empty() {
        session.printer().note(&format!(
            "Retired and still in Make: {}. What is left can only be done there: switch the scenarios off, remove connections and \
             members, wait an hour after the credits are 0, and unlink the organization.",
            names.join(", ")
        ));
    }
}

/// Reads what a saved plan touches, and refuses it where that has moved.
async fn still_good(session: &Session, saved: &SavedPlan) -> Result<Observed, Failure> {
    let needs = saved.needs();
    let purpose = if needs.proven_list { Purpose::Create } else { Purpose::Allocate };
    let mut observed = session.observe(purpose).await?;
    session.observe_more(&mut observed, Needs { proven_list: false, ..needs }).await?;
    let stale = saved.check(jiff::Timestamp::now(), &session.plan_place(), session.organization_id()?, &observed);
    match &stale[..] {
        [] => {
            if !saved.saw(&observed) {
                session
                    .printer()
                    .note("Since the plan was made the distributor has changed, but nothing that the plan touches.");
            }
            Ok(observed)
        }
        [only] => Err(Failure::failed(only.to_string()).hint(plan_again(session))),
        several => {
            let hint =
                several.iter().fold(Hint::new(format!("{}; what has moved:", plan_again(session))), |hint, stale| {
                    hint.step(stale.to_string())
                });
            Err(Failure::failed(format!("the plan is not applied, for {} reasons: nothing was sent", several.len()))
                .hint(hint))
        }
    }
}

fn plan_again(session: &Session) -> String {
    format!("make a new plan: {}", session.invocation().command("plan --out plan.json"))
}

/// Refuses a plan that something stands against.
fn refuse_stops(plan: &Plan) -> Result<(), Failure> {
    match &plan.stops[..] {
        [] => Ok(()),
        [only] => Err(Failure::failed(format!("nothing was sent: {only}"))),
        stops => Err(Failure::failed(format!("nothing was sent: {} things stand against the plan", stops.len()))
            .hint("they are listed with the plan, each with its way out")),
    }
}

fn write_ids(session: &Session, source: &Source, found: &[(String, mms_types::OrganizationId)]) -> Result<(), Failure> {
    match source.files() {
        Some(files) => ids::write(session.printer(), files, found),
        None if found.is_empty() => Ok(()),
        None => {
            let import = session.invocation().command("import");
            session.printer().note(&format!(
                "The files that the plan was made of are not here: {import} writes the ids of the new children into them."
            ));
            Ok(())
        }
    }
}
