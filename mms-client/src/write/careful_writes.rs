//! Careful writes as one thing: for programs that make many of them, against a server or a simulated distributor.

use std::error::Error as StdError;

use mms_types::{ChildOrganizationConsumption, CreateChildOrganizationRequest, Operations, OrganizationId};
use progenitor_client::ClientInfo as _;

use crate::env::clock::Clock;
use crate::error::Error;
use crate::http::generated::Client;
use crate::write::allocation::{ExpectedChild, SetAllocation, SetAllocationError, SettleError, SettledAllocation};
use crate::write::create_once::{CreateOnce, CreateOnceError, CreateOncePolicy, SettledIntent};
use crate::write::journal::{Journal, JournalError, WriteJournal};
use crate::write::look::{Look, Purpose};

/// The careful writes of a distributor, and the looks that they are decided on.
///
/// A [`Client`] has them, and with the feature `test-util` a simulated distributor, so that thousands of bad days of
/// whatever is built on them run in memory. All of them are the calls of [`Client`] by the same names.
pub trait CarefulWrites: Sync {
    /// Error of a look.
    type Error: StdError + Send + Sync + 'static;

    /// Returns the clock by which they wait and date.
    fn clock(&self) -> &dyn Clock;

    /// Returns the name of the API, which the journal has.
    fn api_name(&self) -> String;

    /// Reads the children and the distributor: [`Client::look`].
    fn look(&self, parent: OrganizationId, purpose: Purpose) -> impl Future<Output = Result<Look, Self::Error>> + Send;

    /// Reads what the children have consumed, in one request: `list_child_organization_consumption`.
    fn consumption(
        &self,
        parent: OrganizationId,
    ) -> impl Future<Output = Result<Vec<ChildOrganizationConsumption>, Self::Error>> + Send;

    /// Returns what is left in the pool by the look that the writes share, with what they changed; nothing where none is kept, or it
    /// is too old for a write.
    fn known_pool(&self, parent: OrganizationId) -> Option<i64>;

    /// Creates a child at most once: [`Client::create_child_once`].
    fn create_child_once(
        &self,
        parent: OrganizationId,
        request: &CreateChildOrganizationRequest,
        journal: &dyn Journal,
        policy: &CreateOncePolicy,
    ) -> impl Future<Output = Result<CreateOnce, CreateOnceError>> + Send;

    /// Sets an allocation, and writes it down: [`Client::set_allocation_recorded`].
    fn set_allocation_recorded(
        &self,
        parent: OrganizationId,
        child: OrganizationId,
        operations: Operations,
        expected: ExpectedChild,
        journal: &dyn WriteJournal,
    ) -> impl Future<Output = Result<SetAllocation, SetAllocationError>> + Send;

    /// Settles the creates that an earlier run left open: [`Client::settle_open_intents`].
    fn settle_open_intents(
        &self,
        journal: &dyn Journal,
        policy: &CreateOncePolicy,
    ) -> impl Future<Output = Result<Vec<SettledIntent>, JournalError>> + Send;

    /// Settles the allocations that an earlier run left open: [`Client::settle_open_allocations`].
    fn settle_open_allocations(
        &self,
        parent: OrganizationId,
        journal: &dyn WriteJournal,
    ) -> impl Future<Output = Result<Vec<SettledAllocation>, SettleError>> + Send;
}

impl CarefulWrites for Client {
    type Error = Error;

    fn clock(&self) -> &dyn Clock {
        &*self.inner().clock
    }

    fn api_name(&self) -> String {
        Self::api_name(self)
    }

    async fn look(&self, parent: OrganizationId, purpose: Purpose) -> Result<Look, Error> {
        Self::look(self, parent, purpose).await
    }

    async fn consumption(&self, parent: OrganizationId) -> Result<Vec<ChildOrganizationConsumption>, Error> {
        let answer = self.list_child_organization_consumption().organization_id(parent).send().await?;
        Ok(answer.into_inner().managed_organizations_consumption)
    }

    fn known_pool(&self, parent: OrganizationId) -> Option<i64> {
        self.inner().looks.pool(parent, self.inner().clock.now())
    }

    async fn create_child_once(
        &self,
        parent: OrganizationId,
        request: &CreateChildOrganizationRequest,
        journal: &dyn Journal,
        policy: &CreateOncePolicy,
    ) -> Result<CreateOnce, CreateOnceError> {
        Self::create_child_once(self, parent, request, journal, policy).await
    }

    async fn set_allocation_recorded(
        &self,
        parent: OrganizationId,
        child: OrganizationId,
        operations: Operations,
        expected: ExpectedChild,
        journal: &dyn WriteJournal,
    ) -> Result<SetAllocation, SetAllocationError> {
        Self::set_allocation_recorded(self, parent, child, operations, expected, journal).await
    }

    async fn settle_open_intents(
        &self,
        journal: &dyn Journal,
        policy: &CreateOncePolicy,
    ) -> Result<Vec<SettledIntent>, JournalError> {
        Self::settle_open_intents(self, journal, policy).await
    }

    async fn settle_open_allocations(
        &self,
        parent: OrganizationId,
        journal: &dyn WriteJournal,
    ) -> Result<Vec<SettledAllocation>, SettleError> {
        Self::settle_open_allocations(self, parent, journal).await
    }
}
