//! Settlement of open allocations: what their children have.

use std::time::Duration;

use mms_types::OrganizationId;

use crate::config::api_name::place_of;
use crate::http::generated::Client;
use crate::write::distributor::{CarefulClient, Distributor};
use crate::write::journal::{AllocationIntent, AllocationOutcome, JournalError, WriteJournal};
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
    /// What its child has; nothing where the list does not show it.
    pub found: Option<i64>,
}

impl SettledAllocation {
    /// Says whether the child has what it was to have.
    #[must_use]
    pub fn is_set(&self) -> bool {
        self.found.is_some() && self.found == i64::try_from(self.intent.operations.get()).ok()
    }
}

impl Client {
    /// Settles the allocations of a distributor that an earlier run left open, and says of each what its child has.
    ///
    /// An allocation is a total, and so what the child has says all. It only reads: nothing where none is open, or else one look,
    /// once the youngest is 10 s old, so that what was sent has arrived. The error of a journal, or of the look, leaves them open.
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
    ) -> Result<Vec<SettledAllocation>, JournalError> {
        settle(&CarefulClient::for_reads(self), parent, journal).await
    }
}

/// Settles the open allocations of a distributor.
pub(crate) async fn settle<D: Distributor>(
    distributor: &D,
    parent: OrganizationId,
    journal: &dyn WriteJournal,
) -> Result<Vec<SettledAllocation>, JournalError> {
    let mut open = journal.open_allocations()?;
    open.retain(|open| open.parent == parent && open.place() == place_of(&distributor.api()));
    let Some(youngest) = open.iter().map(|open| open.at).max() else { return Ok(Vec::new()) };
    // A clock that was set back says nothing of the age.
    let age = distributor.clock().wall().duration_since(youngest.time()).unwrap_or_default();
    distributor.sleep(ON_THE_WAY.saturating_sub(age)).await;
    let look = Look::read(distributor, parent, Purpose::Allocate, Pool::After).await.map_err(JournalError::other)?;
    // Which sandbox it is, if it is one, is known with the answer.
    let api = distributor.api();
    let mut settled = Vec::new();
    for intent in open.into_iter().filter(|open| open.api == api) {
        let found = look.children.find(intent.organization_id).and_then(|child| child.operations_allocated);
        if found.is_none() && !look.is_complete() {
            continue;
        }
        let outcome = AllocationOutcome::Found { operations: found };
        journal.record_allocation_outcome(&intent.id, distributor.clock().wall().into(), &outcome)?;
        settled.push(SettledAllocation { intent, found });
    }
    Ok(settled)
}
