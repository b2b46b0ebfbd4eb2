//! Settlement of open allocations: what their children have.

use std::time::Duration;

use mms_types::OrganizationId;

use super::settle_error::SettleError;
use crate::config::api_name::place_of;
use crate::env::clock::Clock;
use crate::http::generated::Client;
use crate::write::create_once::CreateOncePolicy;
use crate::write::distributor::{CarefulClient, Distributor};
use crate::write::journal::{AllocationIntent, AllocationOutcome, History, WriteJournal, Written};
use crate::write::look::{Look, Purpose};
use crate::write::read_look::Pool;

/// Time in which a total that was sent may still arrive, after its process died.
const ON_THE_WAY: Duration = Duration::from_secs(10);

/// What became of an allocation that an earlier run left open; made by
/// [`settle_open_allocations`](crate::Client::settle_open_allocations).
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct SettledAllocation {
    /// The intent.
    pub intent: AllocationIntent,
    /// What its child has, in operations; nothing where the list does not show it.
    pub found: Option<i64>,
    /// What was written down; nothing where the allocation stays open, so that the next run looks again.
    pub outcome: Option<AllocationOutcome>,
}

impl SettledAllocation {
    /// Says whether the child has what it was to have.
    #[must_use]
    pub fn is_set(&self) -> bool {
        self.found.is_some_and(|found| is_total(found, &self.intent))
    }
}

impl Client {
    /// Settles the allocations of a distributor that an earlier run left open, and says of each what its child has.
    ///
    /// An allocation is a total, and so what the child has says all. It only reads: nothing where none is open, or else one look,
    /// once the youngest is 10 s old, so that what was sent has arrived. The error of a journal, or of the look, leaves them open.
    ///
    /// One stays open, so that the next call looks again, where the list has the child without its allocation, or does not prove that it
    /// lacks the child, and for 212 s where the child still has what it had or is not listed: for so long a list may be older, as
    /// after a create ([`CreateOncePolicy`](crate::CreateOncePolicy)). A later allocation of the same child need not wait for that; it
    /// ends the earlier one ([`AllocationOutcome::Superseded`]) unless the child has what that asked for.
    ///
    /// ```
    /// use mms_client::types::OrganizationId;
    /// use mms_client::{Client, MemoryJournal};
    ///
    /// # async fn example(client: Client) -> Result<(), Box<dyn std::error::Error>> {
    /// for settled in client.settle_open_allocations(OrganizationId::new(11), &MemoryJournal::new()).await? {
    ///     println!("{} has {:?}", settled.intent.organization_id, settled.found);
    /// }
    /// # Ok(())
    /// # }
    /// ```
    pub async fn settle_open_allocations(
        &self,
        parent: OrganizationId,
        journal: &dyn WriteJournal,
    ) -> Result<Vec<SettledAllocation>, SettleError> {
        settle(&CarefulClient::for_reads(self), parent, journal).await
    }
}

/// Settles the open allocations of a distributor.
pub(crate) async fn settle<D: Distributor>(
    distributor: &D,
    parent: OrganizationId,
    journal: &dyn WriteJournal,
) -> Result<Vec<SettledAllocation>, SettleError> {
    let mut open = journal.open_allocations()?;
    open.retain(|open| open.parent == parent && open.place() == place_of(&distributor.api()));
    let Some(youngest) = open.iter().map(|open| age(open, distributor.clock())).min() else { return Ok(Vec::new()) };
    distributor.sleep(ON_THE_WAY.saturating_sub(youngest)).await;
    let look = Look::read(distributor, parent, Purpose::Allocate, Pool::After).await.map_err(SettleError::look)?;
    // Which sandbox it is, if it is one, is known with the answer.
    let api = distributor.api();
    let history = journal.history()?;
    let mut settled = Vec::new();
    for intent in open.into_iter().filter(|open| open.api == api) {
        let child = look.children.find(intent.organization_id);
        let found = child.and_then(|child| child.operations_allocated);
        let is_shown = found.is_some() || child.is_none() && look.is_complete();
        let outcome = is_shown.then(|| judge(&intent, found, &history, distributor.clock())).flatten();
        if let Some(outcome) = &outcome {
            journal.record_allocation_outcome(&intent.id, distributor.clock().wall().into(), outcome)?;
        }
        settled.push(SettledAllocation { intent, found, outcome });
    }
    Ok(settled)
}

/// Returns what became of an allocation whose child was found to have so much, or not to be listed; nothing where a list may show that
/// only later.
fn judge(
    intent: &AllocationIntent,
    found: Option<i64>,
    history: &History,
    clock: &dyn Clock,
) -> Option<AllocationOutcome> {
    let outcome = AllocationOutcome::Found { operations: found };
    if found.is_some_and(|found| is_total(found, intent)) {
        return Some(outcome);
    }
    if is_superseded(intent, found, history) {
        return Some(AllocationOutcome::Superseded);
    }
    let may_be_older = found.is_none_or(|found| found == intent.before);
    (!may_be_older || age(intent, clock) >= settle_time()).then_some(outcome)
}

/// Says whether a later allocation of the same child was set.
fn is_superseded(intent: &AllocationIntent, found: Option<i64>, history: &History) -> bool {
    let is_own = |written: &&Written| matches!(written, Written::Allocation { intent: own, .. } if own.id == intent.id);
    let mut later = history.writes.iter().skip_while(|written| !is_own(written)).skip(1);
    later.any(|written| match written {
        Written::Allocation { intent: later, outcome } => {
            let is_of_child = later.organization_id == intent.organization_id
                && later.parent == intent.parent
                && later.api == intent.api;
            is_of_child
                && match outcome.as_ref().map(|(_, outcome)| outcome) {
                    Some(
                        AllocationOutcome::Set { .. }
                        | AllocationOutcome::ReadBack
                        | AllocationOutcome::OtherWriter { .. },
                    ) => true,
                    Some(AllocationOutcome::Refused { .. } | AllocationOutcome::Unsent { .. }) => false,
                    _ => found.is_some_and(|found| is_total(found, later)),
                }
        }
        Written::Create { .. } => false,
    })
}

fn is_total(found: i64, intent: &AllocationIntent) -> bool {
    u64::try_from(found).is_ok_and(|found| found == intent.operations.get())
}

/// Returns for how long a list may be older than an allocation, as after a create.
fn settle_time() -> Duration {
    CreateOncePolicy::default().settle_time()
}

/// Returns how long ago an allocation was written down, by the wall clock or since the machine was started, whichever is less.
fn age(intent: &AllocationIntent, clock: &dyn Clock) -> Duration {
    let by_wall = match clock.wall().duration_since(intent.at.time()) {
        Ok(age) => Some(age),
        Err(ahead) if ahead.duration() < settle_time() => Some(Duration::ZERO),
        // A clock that was set back so far says nothing of the age.
        Err(_) => None,
    };
    let ages = by_wall.into_iter().chain(intent.least_age(clock.since_boot()));
    ages.min().unwrap_or_default()
}
