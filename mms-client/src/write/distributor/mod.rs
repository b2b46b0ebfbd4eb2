//! Distributor: the few calls that careful writes are made of. The client has them, and a model in the tests.

#[cfg(test)]
pub(crate) mod model;

use futures_util::TryStreamExt;
use mms_types::{
    Allocation, ChildOrganization, CreateChildOrganizationRequest, CreatedChildOrganization, Operations,
    OrganizationId, UpdateAllocationRequest,
};
use progenitor_client::ClientInfo as _;

use crate::env::clock::Clock;
use crate::env::random::{Random, SystemRandom};
use crate::error::Error;
use crate::http::generated::Client;
use crate::http::runtime::ResponseValue;

/// Calls that a careful write is made of. What may be sent again without harm - reads, what was not sent, a 429 - is sent again
/// below this.
pub(crate) trait Distributor: Sync {
    /// Error of a call.
    type Error: std::error::Error + Send + Sync + 'static;

    /// Returns the name of the API, by default its root, which tells its distributors from those of another.
    fn api(&self) -> &str;

    fn clock(&self) -> &dyn Clock;

    fn random(&self) -> &dyn Random;

    /// Reads every child.
    fn children(&self, parent: OrganizationId) -> impl Future<Output = Result<Children, Self::Error>> + Send;

    /// Reads what is left in the pool; nothing where the server does not say.
    fn pool(&self, parent: OrganizationId) -> impl Future<Output = Result<Option<i64>, Self::Error>> + Send;

    /// Sends a create once.
    fn create(
        &self,
        parent: OrganizationId,
        request: CreateChildOrganizationRequest,
    ) -> impl Future<Output = Delivery<CreatedChildOrganization, Self::Error>> + Send;

    /// Sends a new total once.
    fn allocate(
        &self,
        parent: OrganizationId,
        child: OrganizationId,
        operations: Operations,
    ) -> impl Future<Output = Delivery<Allocation, Self::Error>> + Send;
}

/// The children of a distributor, as one reading of its list shows them.
#[derive(Debug, Clone, Default)]
pub(crate) struct Children {
    pub(crate) rows: Vec<ChildOrganization>,
    /// Whether the server proved that these were all. What is missing in a list that is not complete may exist.
    pub(crate) is_complete: bool,
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
    /// The server refused, and did nothing.
    Refused(E),
    /// It was never sent.
    Unsent(E),
    /// It may have been done.
    Unknown(E),
}

impl<T> From<Result<ResponseValue<T>, Error>> for Delivery<T, Error> {
    fn from(result: Result<ResponseValue<T>, Error>) -> Self {
        match result {
            Ok(answer) => Self::Done(answer.into_inner()),
            Err(error) if error.maybe_sent() => Self::Unknown(error),
            Err(error) if error.status().is_some() => Self::Refused(error),
            Err(error) => Self::Unsent(error),
        }
    }
}

impl Distributor for Client {
    type Error = Error;

    fn api(&self) -> &str {
        &self.inner().api
    }

    fn clock(&self) -> &dyn Clock {
        &*self.inner().clock
    }

    /// The system's own, whatever the client uses: a repeated id would belong to two intents.
    fn random(&self) -> &dyn Random {
        &SystemRandom
    }

    async fn children(&self, parent: OrganizationId) -> Result<Children, Error> {
        let mut stream = self.child_organizations(parent);
        let mut rows = Vec::new();
        while let Some(child) = stream.try_next().await? {
            rows.push(child);
        }
        Ok(Children { rows, is_complete: stream.is_complete() })
    }

    async fn pool(&self, parent: OrganizationId) -> Result<Option<i64>, Error> {
        let answer = self.get_organization().organization_id(parent).send().await?.into_inner();
        Ok(answer.organization.license.and_then(|license| license.operations))
    }

    async fn create(
        &self,
        parent: OrganizationId,
        request: CreateChildOrganizationRequest,
    ) -> Delivery<CreatedChildOrganization, Error> {
        let delivery = self.create_child_organization().organization_id(parent).body(request).send().await.into();
        heard(self, delivery)
    }

    async fn allocate(
        &self,
        parent: OrganizationId,
        child: OrganizationId,
        operations: Operations,
    ) -> Delivery<Allocation, Error> {
        let call = self.update_child_organization_allocation().organization_id(parent).child_organization_id(child);
        let delivery = call.body(UpdateAllocationRequest { operations }).send().await.into();
        heard(self, delivery)
    }
}

/// Notifies of a lost answer.
fn heard<T>(client: &Client, delivery: Delivery<T, Error>) -> Delivery<T, Error> {
    if let Delivery::Unknown(error) = &delivery {
        client.inner().lost_answer.notify(error);
    }
    delivery
}
