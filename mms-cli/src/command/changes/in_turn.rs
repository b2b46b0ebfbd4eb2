//! Changes that are made one after the other. The first that fails ends it.

use std::sync::{Mutex, PoisonError};

use mms_client::{FileJournal, Overwritten, Proof, SetAllocation};
use mms_fleet::{Event, NotBegun, Report, StepEnd, StepReport, StepResult};
use mms_types::OrganizationId;

use super::change::Change;
use super::pool_change::too_small;
use super::record::Allocated;
use super::{Kind, Options, is_allowed, pause_refusal};
use crate::lookup::Children;
use crate::output::failure::{ExitCode, Failure, Hint};
use crate::output::printer::Printer;
use crate::session::{Asked, Session};

/// Says of each change what its child has now.
pub(super) fn all_done(changes: &[Change]) -> String {
    changes.iter().map(Change::done).collect::<Vec<_>>().join(", ")
}

/// Makes the changes one after the other, and adds a row for each that is made. The first that fails ends it.
pub(super) async fn carry_out(
    session: &Session,
    journal: &FileJournal,
    asked: Asked,
    children: &Children,
    changes: &[Change],
    options: Options,
    rows: &mut Vec<Allocated>,
) -> Result<(), Failure> {
    let (printer, count, allow_pause) = (session.printer(), changes.len(), is_allowed(options));
    let made = Mutex::new(Vec::new());
    let observer = |event: Event<'_>| {
        if let Event::Ended { index, result: Some(result), .. } = event
            && let StepResult::Allocation { set: Ok(set), .. } = result
            && let Some(change) = changes.get(index)
        {
            remark(printer, change, set);
            made.lock().unwrap_or_else(PoisonError::into_inner).push(Allocated::changed(&change.child, set));
            if count > 1 && !result.has_overwritten_again() {
                printer.note(&format!("{} of {count}: {}.", index + 1, change.done()));
            }
        }
    };
    let steps: Vec<_> = changes.iter().map(|change| change.step(allow_pause)).collect();
    let expected = changes.iter().map(|change| (change.id(), change.expected(children))).collect();
    let report = session.set_allocations(journal, asked, &steps, expected, &observer).await;
    let made = made.into_inner().unwrap_or_else(PoisonError::into_inner);
    session.note_done(changes.iter().take(made.len()).map(Change::done));
    let failed = match report {
        Ok(report) => first_failure(session, &report, changes).await,
        Err(failure) => {
            let index = made.len();
            let failure = match changes.get(index) {
                Some(change) => failure.hint_if_unknown(look_first(session, change.id())),
                None => failure,
            };
            Some((index, failure))
        }
    };
    rows.extend(made);
    match failed {
        None => Ok(()),
        Some((_, failure)) if failure.code() == ExitCode::Interrupted => Err(failure),
        Some((index, failure)) => Err(partial(session, failure, changes, index, options.kind)),
    }
}

/// Returns which change is the first that did not go as it should, and its failure.
async fn first_failure(session: &Session, report: &Report, changes: &[Change]) -> Option<(usize, Failure)> {
    for (index, (change, StepReport { step, end, result, .. })) in changes.iter().zip(&report.steps).enumerate() {
        let failure = match (result, end) {
            (Some(StepResult::Allocation { set: Err(error), .. }), _) => {
                let failure = session.allocation_failure(error, change.id(), step).await;
                failure.hint_if_unknown(look_first(session, change.id()))
            }
            (Some(result @ StepResult::Allocation { set: Ok(set), .. }), _) if result.has_overwritten_again() => {
                let show = session.invocation().command(&format!("child show {}", change.id()));
                let sent = "the total was sent more than once, and child organization";
                Failure::unknown(format!("{sent} {} {}", change.id(), had(set)))
                    .hint(format!("ask who else changes it, and look at {show}"))
            }
            (Some(StepResult::Unread { error, .. }), StepEnd::Failed { reason }) => session.unread(&**error, reason),
            (Some(_), _) => continue,
            (None, StepEnd::NotBegun { why: NotBegun::PoolTooSmall { pool } }) => {
                too_small(*pool, step.taken(), session.invocation())
            }
            (None, StepEnd::WouldPause { reason, .. }) => pause_refusal(reason),
            (None, _) => session.interrupted(),
        };
        return Some((index, failure));
    }
    None
}

/// Returns the hint of a change that may have been made.
fn look_first(session: &Session, id: OrganizationId) -> String {
    let show = session.invocation().command(&format!("child show {id}"));
    format!("look at {show} first: the allocation may have changed")
}

/// Adds to the failure of a change what was done before it, and how to go on.
fn partial(session: &Session, failure: Failure, changes: &[Change], index: usize, kind: Kind) -> Failure {
    let done = &changes[..index.min(changes.len())];
    let Some(failed) = changes.get(index) else { return failure };
    if done.is_empty() {
        return failure;
    }
    let allocate = |child: &Change, credits: String| {
        session.invocation().command(&format!("child allocate {} {credits}", child.id()))
    };
    if let (Kind::Move, [from]) = (kind, done) {
        let credits = failed.taken();
        let where_they_are = match failure.code() {
            ExitCode::Unknown => {
                format!("{credits} credits left {} and may have reached {}; then", from.id(), failed.id())
            }
            _ => format!("{credits} credits left {} and are in the pool, {} did not get them", from.id(), failed.id()),
        };
        let look = session.invocation().command(&format!("child show {} {}", from.id(), failed.id()));
        return failure.partly(&where_they_are).hint(
            Hint::new("nothing is lost; look, and then go on or back:")
                .step(format!("look: {look}"))
                .step(format!("on: {}", allocate(failed, failed.total.to_string())))
                .step(format!("back: {}", allocate(from, from.allocated.to_string()))),
        );
    }
    let done = format!("{}, and then", all_done(done));
    let list = session.invocation().command("child list");
    failure.partly(&done).hint(format!("see {list}; a total that is set already is not sent again: run the command again for the rest, if it names totals"))
}

/// Warns of what is odd about a change that was made.
fn remark(printer: &Printer, change: &Change, set: &SetAllocation) {
    let id = change.id();
    if set.proof == Proof::ReadBack {
        printer.warn(&format!("no usable answer came to the change: the list shows that {id} has {} credits", set.now));
    }
    // After a resend that is how the command ends.
    if set.overwritten.is_some() && !set.is_resent {
        printer.warn(&format!("child organization {id} {}", had(set)));
    }
    if let (Some(pool), Some(expected)) = (set.pool, set.expected_pool)
        && pool != expected
    {
        printer.warn(&format!(
            "the pool holds {pool} credits where {expected} were expected: somebody else moved some at the same time"
        ));
    }
}

/// Says what was overwritten.
fn had(set: &SetAllocation) -> String {
    let now = set.now;
    match set.overwritten {
        Some(Overwritten::Had(had)) => format!(
            "had {had} credits when {now} were set, and not {} as shown: somebody else changed it meanwhile, which is overwritten",
            set.before
        ),
        _ => format!(
            "had other than {} credits when {now} were set: somebody else changed it meanwhile, which is overwritten",
            set.before
        ),
    }
}
