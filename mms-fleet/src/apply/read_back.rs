//! Reading back of what an apply did.

use std::collections::HashMap;
use std::time::Duration;

use mms_client::types::OrganizationId;
use mms_client::{CarefulWrites, Look, Purpose};

use super::end::{How, StepEnd};
use super::report::{Difference, ReadBack, StepReport};

/// Waits before another look, where the list does not show what was done: it may lag behind.
const WAITS: [Duration; 3] = [Duration::from_secs(2), Duration::from_secs(8), Duration::from_secs(30)];

/// Compares what was done with the list, and again after a while where it differs.
pub(super) async fn read_back<W: CarefulWrites>(writes: &W, parent: OrganizationId, steps: &[StepReport]) -> ReadBack {
    if !steps.iter().any(|report| report.end.is_done()) {
        return ReadBack::default();
    }
    let mut waits = WAITS.iter();
    loop {
        let look = writes.look(parent, Purpose::Allocate).await;
        let read = match look {
            Ok(look) => ReadBack {
                differences: differences(&look, steps),
                error: None,
                pool: look.organization().and_then(|parent| parent.license.as_ref()?.operations),
            },
            Err(error) => ReadBack { error: Some(error.to_string()), ..ReadBack::default() },
        };
        let is_whole = read.differences.is_empty() && read.error.is_none();
        match waits.next() {
            Some(wait) if !is_whole => writes.clock().sleep(*wait).await,
            _ => return read,
        }
    }
}

fn differences(look: &Look, steps: &[StepReport]) -> Vec<Difference> {
    let has: HashMap<_, _> =
        look.children().iter().map(|child| (child.organization_id, child.operations_allocated)).collect();
    let mut differences = Vec::new();
    for StepReport { step, end, .. } in steps {
        let StepEnd::Done { organization_id, how, .. } = *end else { continue };
        // A child that was there before its create has credits of its own.
        if step.is_create() && how == How::Already {
            continue;
        }
        let (expected, found) = (step.after(), has.get(&organization_id).copied().flatten());
        if found.and_then(|found| u64::try_from(found).ok()) != Some(expected) {
            differences.push(Difference { organization_id, name: step.name.clone(), expected, found });
        }
    }
    differences
}
