//! Changes that are made one after the other. The first that fails ends it.

use mms_client::{ExpectedChild, Overwritten, Proof, SetAllocation};

use super::Kind;
use super::change::Change;
use super::record::Allocated;
use crate::lookup::Children;
use crate::output::failure::{ExitCode, Failure, Hint};
use crate::output::printer::Printer;
use crate::session::{OpenRun, Session};

/// Says of each change what its child has now.
pub(super) fn all_done(changes: &[Change]) -> String {
    changes.iter().map(Change::done).collect::<Vec<_>>().join(", ")
}

/// Makes the changes one after the other, and adds a row for each that is made. The first that fails ends it.
pub(super) async fn carry_out(
    session: &Session,
    run: &OpenRun,
    children: &Children,
    changes: &[Change],
    kind: Kind,
    rows: &mut Vec<Allocated>,
) -> Result<(), Failure> {
    let (printer, count) = (session.printer(), changes.len());
    for (index, change) in changes.iter().enumerate() {
        let id = change.id();
        let show = session.invocation().command(&format!("child show {id}"));
        let set = session.set_allocation(run, count > 1, id, change.total, expected(children, change)).await;
        let set = set.map_err(|failure| {
            let failure = failure.hint_if_unknown(format!("look at {show} first: the allocation may have changed"));
            partial(session, failure, &changes[..index], change, kind)
        })?;
        remark(printer, change, &set);
        rows.push(Allocated::changed(&change.child, &set));
        if set.is_resent && set.overwritten.is_some() {
            let had = had(&set);
            return Err(Failure::unknown(format!(
                "the total was sent more than once, and child organization {id} {had}"
            ))
            .hint(format!("ask who else changes it, and look at {show}")));
        }
        if count > 1 {
            printer.note(&format!("{} of {count}: {}.", index + 1, change.done()));
        }
        session.note_done(change.done(), index + 1 == count)?;
    }
    Ok(())
}

/// Adds to a failure what was done before it, and how to go on.
fn partial(session: &Session, failure: Failure, done: &[Change], failed: &Change, kind: Kind) -> Failure {
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

/// Returns what the child has to be when the total is sent: of this allocation, and of this name where it was found by it.
fn expected(children: &Children, change: &Change) -> ExpectedChild {
    let id = change.id();
    ExpectedChild {
        operations: Some(change.allocated),
        name: if change.is_by_id { None } else { change.child.organization_name.clone() },
        listed: children.older(id),
        is_unlisted: !children.has(id),
    }
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
