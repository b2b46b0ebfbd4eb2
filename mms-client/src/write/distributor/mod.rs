//! Distributor: the few calls that careful writes are made of. The client has them, and a model in the tests.

mod careful_client;
#[cfg(test)]
mod fault;
#[cfg(test)]
pub(crate) mod model;

use std::time::Duration;

use mms_types::{
    Allocation, ChildOrganization, CreateChildOrganizationRequest, CreatedChildOrganization, Operations, Organization,
    OrganizationId,
};

pub(crate) use careful_client::CarefulClient;

use crate::env::clock::Clock;
use crate::env::random::Random;
use crate::write::look::{Looks, Purpose};

/// Calls that a careful write is made of. Reads are sent again below this; a write is sent once.
pub(crate) trait Distributor: Sync {
    /// Error of a call.
    type Error: std::error::Error + Send + Sync + 'static;

    /// Returns the name of the API, by default its root, which tells its distributors from those of another.
    fn api(&self) -> &str;

    fn clock(&self) -> &dyn Clock;

    fn random(&self) -> &dyn Random;

    /// Begins a look: its requests and the write that follows it are reserved at the pace together.
    fn begin_look(&self);

    /// Says whether the writes share a look.
    fn is_batch(&self) -> bool;

    /// Returns the looks that are kept for the writes to come, if any are.
    fn looks(&self) -> Option<&Looks>;

    /// Reads every child.
    fn children(
        &self,
        parent: OrganizationId,
        purpose: Purpose,
    ) -> impl Future<Output = Result<Children, Self::Error>> + Send;

    /// Reads the distributor itself.
    fn organization(&self, parent: OrganizationId) -> impl Future<Output = Result<Organization, Self::Error>> + Send;

    /// Sends a create once, if its turn comes by `latest`.
    fn create(
        &self,
        parent: OrganizationId,
        request: CreateChildOrganizationRequest,
        latest: Duration,
    ) -> impl Future<Output = Delivery<CreatedChildOrganization, Self::Error>> + Send;

    /// Sends a new total once, if its turn comes by `latest`.
    fn allocate(
        &self,
        parent: OrganizationId,
        child: OrganizationId,
        operations: Operations,
        latest: Duration,
    ) -> impl Future<Output = Delivery<Allocation, Self::Error>> + Send;

    /// Returns how long to wait before another look and the same write again, after a 429 or a request that never left; nothing
    /// where the write is given up. `attempts` is how often it was sent or tried, and `since` when the first look began.
    fn pause(&self, attempts: u32, error: &Self::Error, since: Duration) -> Option<Duration>;

    /// Says whether a refusal says that the distributor does not exist, although its children were read a moment ago.
    fn is_not_found(&self, error: &Self::Error) -> bool;
}

/// The children of a distributor, as one reading of its list shows them.
#[derive(Debug, Clone, Default)]
pub(crate) struct Children {
    pub(crate) rows: Vec<ChildOrganization>,
    /// Whether the server proved that these were all. What is missing in a list that is not complete may exist.
    pub(crate) is_complete: bool,
    /// Whether one more request after the last page brought nothing.
    pub(crate) is_confirmed: bool,
    /// How many requests it took.
    pub(crate) requests: usize,
}

impl Children {
    pub(crate) fn find(&self, id: OrganizationId) -> Option<&ChildOrganization> {
        self.rows.iter().find(|child| child.organization_id == id)
    }

    /// Adds up what the children have been allocated.
    pub(crate) fn allocated(&self) -> i64 {
        self.rows.iter().fold(0, |sum, child| sum.saturating_add(child.operations_allocated))
    }
}

/// Outcome of a write, as far as it was seen.
#[derive(Debug)]
pub(crate) enum Delivery<T, E> {
    /// It was done.
    Done(T),
    /// The server refused, for good.
    Refused(E),
    /// The server's limit is used up (429).
    Limited(E),
    /// It never left.
    Unsent(E),
    /// It was not sent, because its turn would have come too long after the look.
    Stale,
    /// It may have been done.
    Unknown(E),
}
