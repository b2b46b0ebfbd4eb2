//! `mms plan`: what would make the distributor as the fleet asks.

pub(super) mod saved;
mod show;
pub(super) mod view;

use std::path::Path;

use jiff::civil::Date;
use jiff::{SignedDuration, Timestamp};
use mms_client::{RunId, SystemRandom};
use mms_fleet::{FleetFiles, Observed, Origin, Plan, PlanOptions, SavedPlan};

use super::{files, target};
use crate::args::{GlobalArgs, PlanArgs, PlanCommand};
use crate::output::data::grouped;
use crate::output::failure::{ExitCode, Failure};
use crate::output::printer::Printer;
use crate::output::time;
use crate::session::Session;
use view::{PlanContext, Saved};

/// How long a saved plan is good where nobody says.
const LIFETIME: SignedDuration = SignedDuration::from_hours(24);

/// Plans the fleet of the files, or shows a saved plan.
pub(in crate::command) async fn run(
    arguments: &PlanArgs,
    global: &GlobalArgs,
    printer: &Printer,
) -> Result<(), Failure> {
    if let Some(PlanCommand::Show(show)) = &arguments.command {
        refuse_for_show(arguments)?;
        return show::run(show, global, printer);
    }
    printer.check_sheet()?;
    if let Some(file) = &arguments.out {
        saved::check(file)?;
    }
    if let Some(file) = arguments.files.iter().find(|file| saved::is_plan(file)) {
        return Err(saved::not_a_fleet(file));
    }
    let files = files::read(&arguments.files)?;
    files::tell_unread(printer, &files);
    Session::with_distributor(global, printer, "plan", async |session| plan(arguments, &files, session).await).await
}

/// Refuses what only a new plan takes.
fn refuse_for_show(arguments: &PlanArgs) -> Result<(), Failure> {
    let others = [
        ("--out", arguments.out.is_some()),
        ("--exit-code", arguments.exit_code),
        ("a flag of a guard", !arguments.guards.is_empty()),
    ];
    match others.iter().find(|(_, given)| *given) {
        Some((flag, _)) => Err(Failure::usage(format!("`mms plan show` takes no {flag}: a saved plan is as it is"))),
        None => Ok(()),
    }
}

async fn plan(arguments: &PlanArgs, files: &FleetFiles, session: &Session) -> Result<(), Failure> {
    let printer = session.printer();
    let (fleet, names) = (files.fleet(), files::names(files));
    target::check(session, &fleet.target, &names)?;
    let guards = arguments.guards;
    let options = PlanOptions { today: time::today(), partial: guards.partial, guards: guards.overrides() };
    let (plan, observed) = session.plan(fleet, &options).await?;
    let document = match &arguments.out {
        Some(file) if plan.stops.is_empty() => {
            let good_until = fleet.asks_the_same_until(options.today);
            Some((file, save(file, arguments, session, (&plan, files, &observed), good_until)?))
        }
        _ => None,
    };
    let mut context = PlanContext::new(session, &plan, &observed, &names, 0)?;
    let file = document.as_ref().map(|(file, _)| file.display().to_string());
    if let (Some((_, document)), Some(file)) = (&document, &file) {
        let (origin, version) = (&document.origin, document.version());
        context.saved = Some(Saved { file, origin, version, now: origin.created_at });
    }
    view::show(printer, &plan, &context)?;
    note_open(session)?;
    match &arguments.out {
        Some(file) if document.is_none() => Err(not_saved(file, &plan)),
        _ if arguments.exit_code => differences(&plan, &names),
        _ => Ok(()),
    }
}

/// Saves a plan in a file. It is good no longer than the fleet asks for the same.
fn save(
    file: &Path,
    arguments: &PlanArgs,
    session: &Session,
    (plan, files, observed): (&Plan, &FleetFiles, &Observed),
    good_until: Option<Date>,
) -> Result<SavedPlan, Failure> {
    let created_at = Timestamp::now();
    let lifetime = arguments.expires.and_then(|time| SignedDuration::try_from(time).ok()).unwrap_or(LIFETIME);
    let mut expires_at = created_at.checked_add(lifetime).unwrap_or(Timestamp::MAX);
    if let Some((day, end)) = good_until.and_then(|day| Some((day, time::end_of(day)?)))
        && end < expires_at
    {
        expires_at = end;
        let file = file.display();
        session.printer().note(&format!("{file} is good until the end of {day}: then credits of the fleet end."));
    }
    let origin = Origin {
        id: RunId::draw(&SystemRandom).to_string(),
        created_at,
        expires_at,
        place: session.plan_place(),
        organization_id: session.organization_id()?,
        files: arguments.files.iter().map(|file| file.display().to_string()).collect(),
    };
    let document = SavedPlan::new(plan.clone(), origin, Some(files.fleet()), observed);
    let document = document.map_err(|error| Failure::failed(error.to_string()))?;
    saved::write(file, &document)?;
    Ok(document)
}

/// Makes the failure of a plan that an apply refuses.
fn not_saved(file: &Path, plan: &Plan) -> Failure {
    let reasons = match plan.stops.len() {
        1 => "a reason".to_owned(),
        count => format!("{} reasons", grouped(count as u64)),
    };
    Failure::failed(format!("{} was not written: an apply refuses this plan, for {reasons}", file.display()))
        .hint("mend what stands above under \"An apply refuses this\", and plan again")
}

/// Says that something differs, for a script.
fn differences(plan: &Plan, files: &[String]) -> Result<(), Failure> {
    let counts = [
        (plan.steps.len(), "to write"),
        (plan.left_out.len(), "left out"),
        (plan.held.len(), "on hold"),
        (plan.drift.len(), "that the API cannot change"),
        (plan.stops.len(), "that an apply refuses"),
    ];
    let told = counts.iter().filter(|(count, _)| *count > 0);
    let told: Vec<_> = told.map(|(count, words)| format!("{} {words}", grouped(*count as u64))).collect();
    if told.is_empty() {
        return Ok(());
    }
    let message = format!("the distributor is not as {} asks: {}", files.join(", "), told.join(", "));
    Err(Failure::new(ExitCode::Differences, message))
}

/// Says how many writes of earlier runs have no known outcome: a plan does not see them.
fn note_open(session: &Session) -> Result<(), Failure> {
    let open = session.count_open_writes()?;
    if open > 0 {
        let writes = if open == 1 { "1 write".to_owned() } else { format!("{open} writes") };
        let apply = session.invocation().command("apply");
        session.printer().warn(&format!(
            "{writes} of earlier runs may have been carried out since, or may still be under way: {apply} finds that out first"
        ));
    }
    Ok(())
}
