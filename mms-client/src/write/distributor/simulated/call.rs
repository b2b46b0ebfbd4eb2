//! Call of a simulated distributor: its requests take turns, and meet the limiter of the server.

use std::sync::PoisonError;
use std::sync::atomic::Ordering;
use std::time::Duration;

use futures_util::future::BoxFuture;
use mms_types::{
    Allocation, ChildOrganizationConsumption, CreateChildOrganizationRequest, CreatedChildOrganization, Operations,
    Organization, OrganizationId,
};

use super::SimulatedDistributor;
use crate::env::clock::Clock;
use crate::env::random::Random;
use crate::pace::{LimitError, LimitSource, Permit};
use crate::write::distributor::model::{LIMITED, ModelError};
use crate::write::distributor::steps::Steps;
use crate::write::distributor::{Delivery, Distributor};
use crate::write::look::{Children, Looks, Purpose};

/// Time for which a 429 holds everything.
const MINUTE: Duration = Duration::from_secs(60);

/// The limit is known from the beginning.
struct Known;

impl LimitSource for Known {
    fn api_limit(&self, _: OrganizationId, _: Duration) -> BoxFuture<'_, Result<u32, LimitError>> {
        Box::pin(async { Err(LimitError::Unknown) })
    }
}

/// One careful write on a simulated distributor.
#[derive(Debug)]
pub(super) struct Call<'a> {
    pub(super) distributor: &'a SimulatedDistributor,
    pub(super) steps: Steps,
}

/// Turn of a request.
enum Turn {
    /// It is sent.
    Sent(Option<Permit>),
    /// It is answered with 429.
    Limited,
    /// It would come too late.
    Late,
}

impl Call<'_> {
    async fn turn(&self, latest: Option<Duration>) -> Turn {
        let step = self.steps.next(latest);
        let (Some(paced), Some(ticket)) = (&self.distributor.pace, step.ticket) else {
            self.distributor.counts.requests.fetch_add(1, Ordering::Relaxed);
            return Turn::Sent(None);
        };
        let deadline = latest.unwrap_or(Duration::MAX);
        let Some(permit) = ticket.turn(deadline, step.group, &Known).await else { return Turn::Late };
        self.distributor.counts.requests.fetch_add(1, Ordering::Relaxed);
        let now = self.clock().now().as_secs_f64();
        if paced.limiter.lock().unwrap_or_else(PoisonError::into_inner).admits(now) {
            return Turn::Sent(Some(permit));
        }
        self.distributor.counts.limited.fetch_add(1, Ordering::Relaxed);
        permit.limited(MINUTE);
        Turn::Limited
    }

    /// Waits for the turn of a read, and again after a 429.
    async fn read_turn(&self) -> Option<Permit> {
        loop {
            match self.turn(None).await {
                Turn::Sent(permit) => return permit,
                Turn::Limited | Turn::Late => self.clock().sleep(MINUTE).await,
            }
        }
    }
}

impl Call<'_> {
    /// Reads what the children have consumed.
    pub(super) async fn consumption(&self) -> Result<Vec<ChildOrganizationConsumption>, ModelError> {
        let _permit = self.read_turn().await;
        self.distributor.model.consumption().await
    }
}

impl Distributor for Call<'_> {
    type Error = ModelError;

    fn api(&self) -> String {
        self.distributor.model.api()
    }

    fn is_api_known(&self) -> bool {
        true
    }

    fn clock(&self) -> &dyn Clock {
        self.distributor.model.clock()
    }

    fn random(&self) -> &dyn Random {
        self.distributor.model.random()
    }

    fn begin_look(&self, requests: usize) {
        self.steps.begin(requests);
    }

    async fn sleep(&self, duration: Duration) {
        self.steps.release();
        self.clock().sleep(duration).await;
    }

    fn is_batch(&self) -> bool {
        true
    }

    fn looks(&self) -> &Looks {
        &self.distributor.model.kept_looks
    }

    async fn children(&self, parent: OrganizationId, purpose: Purpose) -> Result<Children, ModelError> {
        let _permit = self.read_turn().await;
        self.distributor.model.children(parent, purpose).await
    }

    async fn organization(&self, parent: OrganizationId) -> Result<Organization, ModelError> {
        let _permit = self.read_turn().await;
        self.distributor.model.organization(parent).await
    }

    async fn take_turn(&self, latest: Duration) -> bool {
        self.steps.take_turn(latest, self.clock(), &Known).await
    }

    async fn create(
        &self,
        parent: OrganizationId,
        request: CreateChildOrganizationRequest,
        latest: Duration,
    ) -> Delivery<CreatedChildOrganization, ModelError> {
        match self.turn(Some(latest)).await {
            Turn::Sent(_permit) => self.distributor.model.create(parent, request, latest).await,
            Turn::Limited => Delivery::Limited(LIMITED),
            Turn::Late => Delivery::Stale,
        }
    }

    async fn allocate(
        &self,
        parent: OrganizationId,
        child: OrganizationId,
        operations: Operations,
        latest: Duration,
    ) -> Delivery<Allocation, ModelError> {
        match self.turn(Some(latest)).await {
            Turn::Sent(_permit) => self.distributor.model.allocate(parent, child, operations, latest).await,
            Turn::Limited => Delivery::Limited(LIMITED),
            Turn::Late => Delivery::Stale,
        }
    }

    fn pause(&self, attempts: u32, error: &ModelError, since: Duration) -> Option<Duration> {
        self.distributor.model.pause(attempts, error, since)
    }

    fn is_not_found(&self, error: &ModelError) -> bool {
        self.distributor.model.is_not_found(error)
    }
}
