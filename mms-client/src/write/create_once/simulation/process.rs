//! Process that may die at every step on the network.

use std::future::{pending, poll_fn};
use std::sync::Arc;
use std::task::Poll;
use std::time::Duration;

use mms_types::{
    Allocation, CreateChildOrganizationRequest, CreatedChildOrganization, Operations, Organization, OrganizationId,
};

use crate::env::clock::Clock;
use crate::env::random::Random;
use crate::write::distributor::model::{Model, ModelError};
use crate::write::distributor::{Delivery, Distributor};
use crate::write::journal::simulated::Fuse;
use crate::write::look::{Children, Looks, Purpose};

/// A distributor as a process sees it that dies when its fuse has burnt down.
pub(super) struct Process<'a> {
    pub(super) model: &'a Model,
    pub(super) fuse: Arc<Fuse>,
    /// The name by which it knows the API.
    pub(super) api: String,
    /// Looks that its writes share.
    pub(super) looks: Looks,
    pub(super) is_batch: bool,
}

impl Process<'_> {
    /// Runs what a process does, until it is done or the process is dead.
    pub(super) fn live<T>(&self, work: impl Future<Output = T>) -> Option<T> {
        let mut work = Box::pin(work);
        let life = poll_fn(|context| {
            let poll = work.as_mut().poll(context).map(Some);
            if self.fuse.is_dead() { Poll::Ready(None) } else { poll }
        });
        self.model.clock.run(life).flatten()
    }

    async fn step<T>(&self, call: impl Future<Output = T>) -> T {
        if !self.fuse.step() {
            pending::<()>().await;
        }
        let answer = call.await;
        if !self.fuse.step() {
            pending::<()>().await;
        }
        answer
    }
}

impl Distributor for Process<'_> {
    type Error = ModelError;

    fn api(&self) -> String {
        self.api.clone()
    }

    fn is_api_known(&self) -> bool {
        self.model.is_api_known()
    }

    fn clock(&self) -> &dyn Clock {
        Distributor::clock(self.model)
    }

    fn random(&self) -> &dyn Random {
        self.model.random()
    }

    fn begin_look(&self, requests: usize) {
        self.model.begin_look(requests);
    }

    async fn sleep(&self, duration: Duration) {
        self.model.sleep(duration).await;
    }

    fn is_batch(&self) -> bool {
        self.is_batch
    }

    fn looks(&self) -> &Looks {
        &self.looks
    }

    async fn children(&self, parent: OrganizationId, purpose: Purpose) -> Result<Children, ModelError> {
        self.step(self.model.children(parent, purpose)).await
    }

    async fn organization(&self, parent: OrganizationId) -> Result<Organization, ModelError> {
        self.step(self.model.organization(parent)).await
    }

    async fn take_turn(&self, latest: Duration) -> bool {
        self.step(self.model.take_turn(latest)).await
    }

    async fn create(
        &self,
        parent: OrganizationId,
        request: CreateChildOrganizationRequest,
        latest: Duration,
    ) -> Delivery<CreatedChildOrganization, ModelError> {
        self.step(self.model.create(parent, request, latest)).await
    }

    async fn allocate(
        &self,
        parent: OrganizationId,
        child: OrganizationId,
        operations: Operations,
        latest: Duration,
    ) -> Delivery<Allocation, ModelError> {
        self.step(self.model.allocate(parent, child, operations, latest)).await
    }

    fn pause(&self, attempts: u32, error: &ModelError, since: Duration) -> Option<Duration> {
        self.model.pause(attempts, error, since)
    }

    fn is_not_found(&self, error: &ModelError) -> bool {
        self.model.is_not_found(error)
    }
}
