//! Distributor: the few calls that careful writes are made of. The client has them, and a model in the tests.

mod careful_client;
#[cfg(any(test, feature = "test-util"))]
#[cfg_attr(not(test), allow(dead_code, reason = "a model for tests, of this crate and of others"))]
#[allow(clippy::unwrap_used, reason = "a model for tests, of this crate and of others")]
pub(crate) mod model;
#[cfg(any(test, feature = "test-util"))]
pub(crate) mod simulated;
mod steps;

use std::time::Duration;

use mms_types::{
    Allocation, CreateChildOrganizationRequest, CreatedChildOrganization, Operations, Organization, OrganizationId,
};

pub(crate) use careful_client::CarefulClient;

use crate::env::clock::Clock;
use crate::env::random::Random;
use crate::write::look::{Children, Looks, Purpose};

/// Most tries to send one write, those included whose turn came too late after the look.
pub(crate) const MAX_TURNS: u32 = 8;

/// Calls that a careful write is made of. Reads are sent again below this; a write is sent once.
pub(crate) trait Distributor: Sync {
    /// Error of a call.
    type Error: std::error::Error + Send + Sync + 'static;

    /// Returns the name of the API, which tells its distributors from those of another.
    fn api(&self) -> String;

    /// Says whether no answer can change that name any more.
    fn is_api_known(&self) -> bool;

    fn clock(&self) -> &dyn Clock;

    fn random(&self) -> &dyn Random;

    /// Begins a look of so many requests, the write that may follow it included, for which the pace keeps room together.
    fn begin_look(&self, requests: usize);

    /// Waits, and gives back the room that the pace keeps meanwhile.
    fn sleep(&self, duration: Duration) -> impl Future<Output = ()> + Send;

    /// Says whether the writes share a look.
    fn is_batch(&self) -> bool;

    /// Returns the looks that are kept for the writes to come.
    fn looks(&self) -> &Looks;

    /// Reads every child.
    fn children(
        &self,
        parent: OrganizationId,
        purpose: Purpose,
    ) -> impl Future<Output = Result<Children, Self::Error>> + Send;

    /// Reads the distributor itself.
    fn organization(&self, parent: OrganizationId) -> impl Future<Output = Result<Organization, Self::Error>> + Send;

    /// Waits for the turn of the next write, and takes it, so that its intent is written down right before it is sent; false where it
    /// would come after `latest`.
    fn take_turn(&self, latest: Duration) -> impl Future<Output = bool> + Send;

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
