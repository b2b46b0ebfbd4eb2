//! Client of one careful write: its requests share a place in the queue of the pace, and each write is sent once.

use std::time::Duration;

use futures_util::TryStreamExt;
use mms_types::{
    Allocation, CreateChildOrganizationRequest, CreatedChildOrganization, Operations, Organization, OrganizationId,
    UpdateAllocationRequest,
};
use progenitor_client::ClientInfo as _;

use super::steps::Steps;
use super::{Delivery, Distributor};
use crate::config::settings::Step;
use crate::env::clock::Clock;
use crate::env::random::{Random, SystemRandom};
use crate::error::Error;
use crate::http::events::{Wait, WaitReason};
use crate::http::generated::Client;
use crate::http::retry::RetryDecision;
use crate::http::runtime::ResponseValue;
use crate::pace::Group;
use crate::write::look::{Children, Looks, Purpose};

/// The calls of one careful write, which are made one after the other.
#[derive(Debug)]
pub(crate) struct CarefulClient<'a> {
    client: &'a Client,
    steps: Steps,
}

impl<'a> CarefulClient<'a> {
    /// Takes a place in the queue of a distributor's requests.
    pub(crate) fn new(client: &'a Client, parent: OrganizationId) -> Self {
        Self { client, steps: Steps::join(client.inner().pacer.as_ref(), parent) }
    }

    /// Takes none: every read has one of its own, so that those of several distributors are made side by side.
    pub(crate) const fn for_reads(client: &'a Client) -> Self {
        Self { client, steps: Steps::apart() }
    }

    /// Returns the client for the next call.
    fn step(&self, latest: Option<Duration>) -> Client {
        self.client.for_step(self.steps.next(latest))
    }
}

impl Client {
    /// Returns the same client for a step of a careful write.
    fn for_step(&self, step: Step) -> Self {
        Self::new_with_client(self.baseurl(), self.client().clone(), self.inner().for_step(step))
    }

    /// Returns the same client for what follows the first request of a step.
    pub(crate) fn continuing(self) -> Self {
        let Some(step) = self.inner().step().cloned() else { return self };
        self.for_step(Step { group: Group { continues: true, ..step.group }, ..step })
    }
}

impl<T> From<Result<ResponseValue<T>, Error>> for Delivery<T, Error> {
    fn from(result: Result<ResponseValue<T>, Error>) -> Self {
        match result {
            Ok(answer) => Self::Done(answer.into_inner()),
            Err(error) if error.is_stale() => Self::Stale,
            Err(error) if error.is_rate_limited() => Self::Limited(error),
            Err(error) if error.maybe_sent() => Self::Unknown(error),
            Err(error) if error.status().is_some() => Self::Refused(error),
            Err(error) => Self::Unsent(error),
        }
    }
}

impl Distributor for CarefulClient<'_> {
    type Error = Error;

    fn api(&self) -> String {
        self.client.api_name()
    }

    fn is_api_known(&self) -> bool {
        self.client.inner().api.is_known()
    }

    fn clock(&self) -> &dyn Clock {
        &*self.client.inner().clock
    }

    /// The system's own, whatever the client uses: a repeated id would belong to two intents.
    fn random(&self) -> &dyn Random {
        &SystemRandom
    }

    fn begin_look(&self, requests: usize) {
        self.steps.begin(requests);
    }

    async fn sleep(&self, duration: Duration) {
        self.steps.release();
        self.clock().sleep(duration).await;
    }

    fn is_batch(&self) -> bool {
        self.client.inner().is_batch()
    }

    fn looks(&self) -> &Looks {
        &self.client.inner().looks
    }

    async fn children(&self, parent: OrganizationId, purpose: Purpose) -> Result<Children, Error> {
        let (client, is_confirmed) = (self.step(None), purpose == Purpose::Create);
        let mut stream = if is_confirmed {
            client.confirmed_child_organizations(parent)
        } else {
            client.child_organizations(parent)
        };
        let mut rows = Vec::new();
        while let Some(child) = stream.try_next().await? {
            rows.push(child);
        }
        Ok(Children { rows, is_complete: stream.is_complete(), is_confirmed, requests: stream.requests() })
    }

    async fn organization(&self, parent: OrganizationId) -> Result<Organization, Error> {
        Ok(self.step(None).get_organization().organization_id(parent).send().await?.into_inner().organization)
    }

    async fn take_turn(&self, latest: Duration) -> bool {
        self.steps.take_turn(latest, self.clock(), self.client).await
    }

    async fn create(
        &self,
        parent: OrganizationId,
        request: CreateChildOrganizationRequest,
        latest: Duration,
    ) -> Delivery<CreatedChildOrganization, Error> {
        let client = self.step(Some(latest));
        let create = client.create_child_organization().organization_id(parent).body(request);
        self.observed(create.send().await.into())
    }

    async fn allocate(
        &self,
        parent: OrganizationId,
        child: OrganizationId,
        operations: Operations,
        latest: Duration,
    ) -> Delivery<Allocation, Error> {
        let client = self.step(Some(latest));
        let update = client.update_child_organization_allocation().organization_id(parent).child_organization_id(child);
        self.observed(update.body(UpdateAllocationRequest { operations }).send().await.into())
    }

    fn pause(&self, attempts: u32, error: &Error, since: Duration) -> Option<Duration> {
        let settings = self.client.inner();
        let policy = &settings.retry;
        let (decision, reason) = if error.is_rate_limited() {
            (RetryDecision::AfterLimit, WaitReason::Limit)
        } else if error.is_unsent() {
            (RetryDecision::AfterBackoff, WaitReason::Retry)
        } else {
            return None;
        };
        if attempts >= policy.attempts || policy.is_too_long(error.retry_after()) {
            return None;
        }
        let duration = policy.wait(decision, attempts, error.retry_after(), &*settings.random);
        if settings.clock.now().saturating_add(duration) >= since.saturating_add(settings.total_timeout) {
            return None;
        }
        if decision.is_paid_for(duration) && !settings.budget.spend() {
            return None;
        }
        settings.wait.notify(&Wait::new(duration, reason));
        Some(duration)
    }

    fn is_not_found(&self, error: &Error) -> bool {
        error.is_not_found()
    }
}

impl CarefulClient<'_> {
    /// Notifies of a lost answer.
    fn observed<T>(&self, delivery: Delivery<T, Error>) -> Delivery<T, Error> {
        if let Delivery::Unknown(error) = &delivery {
            self.client.inner().lost_answer.notify(error);
        }
        delivery
    }
}
