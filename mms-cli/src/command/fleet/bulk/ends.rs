//! End of many writes: how the command ends, and what is told of those that are not done.

use mms_fleet::{Difference, Report, StepEnd, StepReport};

use crate::command::fleet::apply::carry_out::end;
use crate::command::fleet::not_begun::why_not;
use crate::output::data::grouped;
use crate::output::failure::{Failure, Hint};
use crate::output::printer::Printer;
use crate::session::Session;

/// Most writes that a failure names.
const MOST: usize = 20;

/// Warns of what is odd, and says whether all writes are done, or else what is not, and why.
pub(crate) fn outcome(session: &Session, report: &Report) -> Result<(), Failure> {
    for StepReport { step, end, .. } in &report.steps {
        if let StepEnd::Done { remark: Some(remark), .. } = end {
            session.printer().warn(&format!("{:?}: {remark}", step.name));
        }
    }
    let Some(failure) = end(report, session.was_interrupted()) else { return Ok(()) };
    let reasons = report.steps.iter().filter_map(|report| told(session.printer(), &report.step.name, &report.end));
    let all: Vec<_> = reasons.chain(report.read_back.differences.iter().map(difference)).collect();
    let more = all.len().saturating_sub(MOST);
    let again = "what is done is not done again: run the command again, once these are looked after:";
    let hint = all.into_iter().take(MOST).fold(Hint::new(again), Hint::step);
    Err(failure.hint(if more > 0 { hint.step(format!("and {more} more")) } else { hint }))
}

/// Says of which child a write is not done, and why; nothing where it is.
fn told(printer: &Printer, name: &str, end: &StepEnd) -> Option<String> {
    let reason = reason(printer, end)?;
    // What was begun says itself which child it is about.
    Some(if matches!(end, StepEnd::NotBegun { .. }) { format!("{name:?}: {reason}") } else { reason })
}

/// Says why a write is not done; nothing where it is.
pub(crate) fn reason(printer: &Printer, end: &StepEnd) -> Option<String> {
    Some(match end {
        StepEnd::Done { .. } => return None,
        StepEnd::Changed { reason, .. }
        | StepEnd::WouldPause { reason, .. }
        | StepEnd::Failed { reason }
        | StepEnd::Unknown { reason } => printer.in_words(reason),
        StepEnd::NotBegun { why } => format!("not begun: {}", why_not(*why)),
        _ => "not done".to_owned(),
    })
}

fn difference(difference: &Difference) -> String {
    let Difference { organization_id, name, expected, found, .. } = difference;
    let found = found.map_or_else(|| "is not listed".to_owned(), |found| format!("has {} credits", grouped(found)));
    format!("{name:?}: child organization {organization_id} was given {} credits and {found}", grouped(*expected))
}
