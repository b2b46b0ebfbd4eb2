//! Simulated distributor: careful writes on a model in memory, with the pace of a client and the limiter of a server.

mod call;

use std::fmt;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use mms_types::{ChildOrganizationConsumption, CreateChildOrganizationRequest, Operations, OrganizationId};

use super::Distributor;
use super::model::{Chaos, Model, ModelError};
use super::steps::Steps;
use crate::env::clock::{Clock, FakeClock};
use crate::env::random::SeededRandom;
use crate::http::events::Observer;
use crate::pace::limiter::{Limiter, limiters};
use crate::pace::{Pace, Pacer, PacerConfig};
use crate::write::allocation::settle::settle;
use crate::write::allocation::{
    Change, ExpectedChild, SetAllocation, SetAllocationError, SettleError, SettledAllocation,
};
use crate::write::careful_writes::CarefulWrites;
use crate::write::create_once::{CreateOnce, CreateOnceError, CreateOncePolicy, Creation, SettledIntent};
use crate::write::journal::{Journal, JournalError, WriteJournal};
use crate::write::look::{Look, Purpose};
use crate::write::read_look::Pool;
use call::Call;

/// A distributor in memory, for tests of what is built on careful writes: it is as careless as a server may be, in virtual time.
///
/// ```
/// use mms_client::types::OrganizationId;
/// use mms_client::{CarefulWrites, MemoryJournal, SimulatedDistributor};
///
/// let distributor = SimulatedDistributor::new(500_000, 1);
/// let child = distributor.add("Sol", 10_000);
/// let (parent, journal) = (OrganizationId::new(11), MemoryJournal::new());
/// let set = distributor.set_allocation_recorded(parent, child, "30000".parse()?, 10_000.into(), &journal);
/// distributor.fake_clock().run(set).unwrap()?;
/// assert_eq!((distributor.credits(child), distributor.pool()), (Some(30_000), 470_000));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug)]
pub struct SimulatedDistributor {
    model: Model,
    pace: Option<Paced>,
    counts: Counts,
}

/// Pace of the client, and the limiter of the server.
struct Paced {
    pacer: Pacer,
    limiter: Mutex<Box<dyn Limiter>>,
}

impl fmt::Debug for Paced {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("Paced").finish_non_exhaustive()
    }
}

#[derive(Debug, Default)]
struct Counts {
    requests: AtomicUsize,
    limited: AtomicUsize,
}

/// Way in which the server of a [`SimulatedDistributor`] counts requests.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Counting {
    /// By the minute of the clock.
    FixedWindow,
    /// Over the last 60 seconds.
    SlidingLog,
    /// By a weighted mean of two minutes.
    SlidingCounter,
    /// With a bucket that refills evenly.
    Bucket,
}

/// Rates of the faults of a [`SimulatedDistributor`], in percent.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct SimulatedFaults {
    /// Of writes: lost before and after the work, refused and limited before and after it, late, never sent.
    pub writes: u64,
    /// Of lists: cut, failed, with a row that lacks something.
    pub lists: u64,
    /// Of new children, how many are not in the list for up to 400 s.
    pub lags: u64,
}

/// How many simulated distributors there were in this process.
static NUMBER: AtomicUsize = AtomicUsize::new(1);

impl SimulatedDistributor {
    /// Returns a distributor without children. The seed decides delays and faults. Each is an API of its own, for names under
    /// creation are held by API in a process.
    #[must_use]
    pub fn new(pool: i64, seed: u64) -> Self {
        let number = NUMBER.fetch_add(1, Ordering::Relaxed);
        let model = Model::empty(&format!("simulated {number}"), pool, seed);
        Self { model, pace: None, counts: Counts::default() }
    }

    /// Keeps the pace of a limit per minute, as a client does, before a server that counts.
    #[must_use]
    pub fn with_limit(self, requests_per_minute: u32, counting: Counting) -> Self {
        let clock: Arc<dyn Clock> = Arc::new(self.model.clock.clone());
        let config = PacerConfig {
            pace: Pace::default(),
            limit: requests_per_minute.try_into().ok(),
            own: None,
            base_url: self.model.api(),
            log: None,
            wait: Observer::default(),
        };
        let pacer = Pacer::new(config, clock, Arc::new(SeededRandom::new(1)));
        let [fixed, log, counter, bucket] = limiters(requests_per_minute).map(|(_, limiter)| limiter);
        let limiter = match counting {
            Counting::FixedWindow => fixed,
            Counting::SlidingLog => log,
            Counting::SlidingCounter => counter,
            Counting::Bucket => bucket,
        };
        Self { pace: Some(Paced { pacer, limiter: limiter.into() }), ..self }
    }

    /// Lets faults happen by chance.
    #[must_use]
    pub fn with_faults(self, faults: SimulatedFaults) -> Self {
        let SimulatedFaults { writes, lists, lags } = faults;
        self.model.state().chaos = Some(Chaos { writes, lists, lags });
        self
    }

    /// Answers no write, and carries none out, as a server that fails does. Reads are answered.
    #[must_use]
    pub fn with_unanswered_writes(self) -> Self {
        self.model.state().answers_no_write = true;
        self
    }

    /// Hides the pool, as from a token that may not read it.
    #[must_use]
    pub fn with_hidden_pool(self) -> Self {
        self.model.state().hidden.pool = true;
        self
    }

    /// Hides what the children have consumed, as from a token that may not read it.
    #[must_use]
    pub fn with_hidden_consumption(self) -> Self {
        self.model.state().hidden.consumption = true;
        self
    }

    /// Returns the clock, which a test turns.
    #[must_use]
    pub const fn fake_clock(&self) -> &FakeClock {
        &self.model.clock
    }

    /// Adds a child whose credits come out of the pool.
    pub fn add(&self, name: &str, credits: i64) -> OrganizationId {
        self.model.state().add(name, credits, Duration::ZERO)
    }

    /// Gives a child credits, as somebody else may at any time.
    pub fn set_by_another(&self, child: OrganizationId, credits: i64) {
        self.model.state().set(child, credits);
    }

    /// Has a child consume up to so many credits, as its scenarios do at any time. Before that it is not reported.
    pub fn consume(&self, child: OrganizationId, credits: u64) {
        self.model.state().consumed.insert(child, credits * 100);
    }

    /// Gives a child another name, as somebody else may at any time.
    pub fn rename_by_another(&self, child: OrganizationId, name: &str) {
        self.model.state().rename(child, name);
    }

    /// Returns what a child has; nothing where there is none.
    #[must_use]
    pub fn credits(&self, child: OrganizationId) -> Option<i64> {
        let state = self.model.state();
        let known = state.children.iter().find(|known| known.row.organization_id == child)?;
        known.row.operations_allocated
    }

    /// Returns the children of a name, those included that no list shows yet.
    #[must_use]
    pub fn named(&self, name: &str) -> Vec<OrganizationId> {
        self.model.named(name)
    }

    /// Returns what is left in the pool.
    #[must_use]
    pub fn pool(&self) -> i64 {
        self.model.state().pool
    }

    /// Returns how many writes were refused because the pool did not suffice.
    #[must_use]
    pub fn short(&self) -> usize {
        self.model.state().short
    }

    /// Returns how many requests were sent, reads included.
    #[must_use]
    pub fn requests(&self) -> usize {
        self.counts.requests.load(Ordering::Relaxed)
    }

    /// Returns how many writes arrived or were lost on the way.
    #[must_use]
    pub fn writes(&self) -> usize {
        self.model.sent()
    }

    /// Returns how many requests the server answered with 429 because the pace was too fast.
    #[must_use]
    pub fn limited(&self) -> usize {
        self.counts.limited.load(Ordering::Relaxed)
    }

    fn call(&self, parent: OrganizationId) -> Call<'_> {
        Call { distributor: self, steps: Steps::join(self.pace.as_ref().map(|paced| &paced.pacer), parent) }
    }
}

/// Error of a look at a [`SimulatedDistributor`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SimulatedError(&'static str);

impl fmt::Display for SimulatedError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.0)
    }
}

impl std::error::Error for SimulatedError {}

impl CarefulWrites for SimulatedDistributor {
    type Error = SimulatedError;

    fn clock(&self) -> &dyn Clock {
        self.model.clock()
    }

    fn api_name(&self) -> String {
        self.model.api()
    }

    async fn look(&self, parent: OrganizationId, purpose: Purpose) -> Result<Look, SimulatedError> {
        let look = Look::read(&self.call(parent), parent, purpose, Pool::After).await;
        let look = look.map_err(|ModelError(reason)| SimulatedError(reason))?;
        self.model.kept_looks.keep(parent, Arc::new(look.clone()));
        Ok(look)
    }

    async fn consumption(&self, parent: OrganizationId) -> Result<Vec<ChildOrganizationConsumption>, SimulatedError> {
        self.call(parent).consumption().await.map_err(|ModelError(reason)| SimulatedError(reason))
    }

    fn known_pool(&self, parent: OrganizationId) -> Option<i64> {
        self.model.kept_looks.pool(parent, CarefulWrites::clock(self).now())
    }

    async fn create_child_once(
        &self,
        parent: OrganizationId,
        request: &CreateChildOrganizationRequest,
        journal: &dyn Journal,
        policy: &CreateOncePolicy,
    ) -> Result<CreateOnce, CreateOnceError> {
        Creation { distributor: &self.call(parent), journal, policy }.create(parent, request).await
    }

    async fn set_allocation_recorded(
        &self,
        parent: OrganizationId,
        child: OrganizationId,
        operations: Operations,
        expected: ExpectedChild,
        journal: &dyn WriteJournal,
    ) -> Result<SetAllocation, SetAllocationError> {
        let distributor = &self.call(parent);
        Change { distributor, journal: Some(journal), parent, child, operations }.make(&expected).await
    }

    async fn settle_open_intents(
        &self,
        journal: &dyn Journal,
        policy: &CreateOncePolicy,
    ) -> Result<Vec<SettledIntent>, JournalError> {
        let distributor = &Call { distributor: self, steps: Steps::apart() };
        Creation { distributor, journal, policy }.settle_open(|_| true).await
    }

    async fn settle_open_allocations(
        &self,
        parent: OrganizationId,
        journal: &dyn WriteJournal,
    ) -> Result<Vec<SettledAllocation>, SettleError> {
        settle(&self.call(parent), parent, journal).await
    }
}
