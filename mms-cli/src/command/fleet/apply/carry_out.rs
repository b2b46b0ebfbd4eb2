//! Carrying steps out, with progress, and the end of it: what is printed, and the exit code.

use std::time::Duration;

use mms_client::{CreateOncePolicy, FileJournal};
use mms_fleet::{Estimate, Event, Observed, Report, Settled, Step, StepEnd, StepReport};

use super::applied::AppliedStep;
use super::progress::Progress;
use crate::args::SettleTime;
use crate::output::data::grouped;
use crate::output::failure::Failure;
use crate::output::printer::Printer;
use crate::session::{ApplyRequest, Session, settled_in_words};

/// Requests a minute where the server does not say: the lowest limit of Make's plans.
pub(in crate::command) const ASSUMED_LIMIT: u32 = 60;

/// Time between two looks at the progress.
const TICK: Duration = Duration::from_secs(1);

/// Settles what earlier runs left open, and says what became of it. A create of which nobody knows stays open, and closes its name
/// alone.
pub(in crate::command) async fn settle(
    session: &Session,
    journal: &FileJournal,
    settle_time: SettleTime,
) -> Result<(), Failure> {
    let printer = session.printer();
    if session.is_any_looked_for(journal)? {
        let how_long = settle_time.in_words();
        printer.note(&format!("An earlier run does not know whether it created a child: looking for it, {how_long}."));
    }
    let policy = CreateOncePolicy { waits: settle_time.waits(), ..CreateOncePolicy::default() };
    let Settled { creates, allocations } = session.settle_runs(journal, &policy).await?;
    for settled in &creates {
        match &settled.outcome {
            Ok(child) => printer.note(&format!(
                "An earlier run created {} {}, and was not told so.",
                child.organization_id(),
                settled.intent.organization_name
            )),
            Err(error) => printer.warn(&format!("of an earlier create: {error}")),
        }
    }
    for settled in &allocations {
        printer.note(&settled_in_words(settled));
    }
    Ok(())
}

/// Carries steps out and shows how far it is.
pub(in crate::command::fleet) async fn carry_out(
    session: &Session,
    journal: &FileJournal,
    policy: &CreateOncePolicy,
    request: ApplyRequest<'_>,
    expected: Duration,
) -> Result<Report, Failure> {
    let progress = Progress::begin(session, request.steps.len(), expected, session.printer().is_streamed());
    carry_out_with(session, journal, policy, request, &progress, &|_| {}).await
}

/// Does the same for a command that writes data of its own as the steps end.
pub(in crate::command) async fn carry_out_observed(
    session: &Session,
    journal: &FileJournal,
    policy: &CreateOncePolicy,
    request: ApplyRequest<'_>,
    expected: Duration,
    observer: &(dyn Fn(Event<'_>) + Sync),
) -> Result<Report, Failure> {
    let progress = Progress::begin(session, request.steps.len(), expected, false);
    carry_out_with(session, journal, policy, request, &progress, observer).await
}

async fn carry_out_with(
    session: &Session,
    journal: &FileJournal,
    policy: &CreateOncePolicy,
    request: ApplyRequest<'_>,
    progress: &Progress<'_>,
    observer: &(dyn Fn(Event<'_>) + Sync),
) -> Result<Report, Failure> {
    let observe = |event: Event<'_>| {
        observer(event);
        progress.observe(event);
    };
    // Through a wait of a minute nothing ends, and it is told all the same.
    let ticks = async {
        loop {
            tokio::time::sleep(TICK).await;
            progress.tell_time();
        }
    };
    let report = tokio::select! {
        report = session.apply(journal, policy, request, &observe) => report,
        () = ticks => Err(Failure::failed("the progress of the apply ended before it")),
    };
    session.printer().clear_passing();
    report
}

/// Returns how long the limit needs for steps, what was read for them included.
pub(in crate::command) fn expected(session: &Session, steps: &[Step], observed: &Observed) -> Duration {
    let look = session.requests_of_a_look(observed.children.len());
    let limit = observed.requests_per_minute.unwrap_or(ASSUMED_LIMIT);
    Duration::from_secs(Estimate::of(steps, session.requests_sent(), limit, look).seconds)
}

/// Prints what became of the steps, and returns how the command ends.
pub(in crate::command::fleet) fn conclude(session: &Session, report: &Report, is_saved: bool) -> Result<(), Failure> {
    let printer = session.printer();
    let rows = AppliedStep::all(report);
    if !printer.is_streamed() {
        printer.list(&rows)?;
    }
    for difference in &report.read_back.differences {
        printer.warn(&format!(
            "{} {} was given {} credits, and the list shows {}",
            difference.organization_id,
            difference.name,
            grouped(difference.expected),
            difference.found.map_or_else(|| "it no more".to_owned(), grouped)
        ));
    }
    summarize(printer, report);
    match end(report, session.was_interrupted()) {
        None => Ok(()),
        Some(failure) => {
            let go_on = if is_saved { "a new plan goes on" } else { "the same command goes on" };
            let is_open = |report: &StepReport| report.end.is_unknown() && report.step.is_create();
            Err(failure.hint(if report.steps.iter().any(is_open) {
                let settle = session.invocation().command("child settle");
                format!("{settle} looks for the organization, and says how to decide; then {go_on}")
            } else {
                format!("see {}; {go_on} where this one stopped", session.invocation().command("log"))
            }))
        }
    }
}

fn summarize(printer: &Printer, report: &Report) {
    let count = |number: usize| grouped(i128::try_from(number).unwrap_or(i128::MAX));
    let done = report.count(StepEnd::is_done);
    let pool =
        report.read_back.pool.map_or_else(String::new, |pool| format!(" The pool has {} credits.", grouped(pool)));
    printer.note(&format!("{} of {} done.{pool}", count(done), count(report.steps.len())));
}

/// Returns how a run ends that is not done.
pub(in crate::command::fleet) fn end(report: &Report, was_interrupted: bool) -> Option<Failure> {
    let number = |is_wanted: fn(&StepEnd) -> bool| report.count(is_wanted);
    let unknown = number(StepEnd::is_unknown);
    let differences = report.read_back.differences.len();
    let failed =
        number(|end| matches!(end, StepEnd::Failed { .. } | StepEnd::Changed { .. } | StepEnd::WouldPause { .. }));
    let left = number(|end| matches!(end, StepEnd::NotBegun { .. }));
    let (failed_in_words, left_in_words) = (steps(failed, "failed"), steps(left, "not begun"));
    if unknown > 0 {
        Some(Failure::unknown(format!("{} may have been carried out or not", steps(unknown, ""))))
    } else if differences > 0 {
        Some(Failure::unknown(format!("{differences} children do not have what they were given")))
    } else if let Some(error) = &report.read_back.error {
        Some(Failure::unknown(format!("what was done cannot be read back: {error}")))
    } else if was_interrupted {
        Some(Failure::interrupted(format!("interrupted: {left_in_words}")))
    } else if failed > 0 || left > 0 {
        let both: Vec<_> = [(failed, failed_in_words), (left, left_in_words)]
            .into_iter()
            .filter_map(|(number, words)| (number > 0).then_some(words))
            .collect();
        let failure = Failure::failed(both.join(", "));
        let done = number(StepEnd::is_done);
        // Not as if nothing had changed.
        Some(if done == 0 { failure } else { failure.partly(&steps(done, "done")) })
    } else {
        None
    }
}

fn steps(number: usize, what: &str) -> String {
    let noun = if number == 1 { "step" } else { "steps" };
    format!("{number} {noun} {what}").trim_end().to_owned()
}
