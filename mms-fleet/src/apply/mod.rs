//! Apply: carries the steps of a plan out, through the careful writes of `mms-client`, and writes each into the journal.

pub(crate) mod consumption;
pub(crate) mod end;
pub(crate) mod error;
pub(crate) mod event;
mod executor;
mod pool;
mod read_back;
pub(crate) mod report;
pub(crate) mod result;
pub(crate) mod stop_signal;

use std::collections::HashMap;

use mms_client::types::OrganizationId;
use mms_client::{
    CarefulWrites, CreateOncePolicy, ExpectedChild, Purpose, Run, RunJournal, SettledAllocation, SettledIntent,
    WriteJournal,
};

use crate::plan::step::Step;
use consumption::{Consumption, SharedConsumption};
use error::ApplyError;
use event::Event;
use executor::Executor;
use report::{ReadBack, Report};
use stop_signal::StopSignal;

/// Most steps under way at once, where nothing else is said.
const PARALLEL: usize = 8;

/// Carries steps out, on a distributor, with a journal.
///
/// - What an earlier run left open is settled first: [`Apply::settle`].
/// - Decreases are sent side by side, creates alone. An increase or create is sent only while the pool, as far as it is confirmed,
///   and less what is under way, keeps the reserve after it.
/// - Each write is careful: it is decided on a look that is younger than a minute and that all steps share, and nothing is sent to a
///   child that has another allocation than its step expects. Such a child is reported, and the rest goes on.
/// - No child is lowered to what it has consumed, unless its step says that it may be paused: a decrease begins by a reading that is
///   a minute old at most, for children work while a run goes on.
/// - Intent and outcome of each write are in the journal, so that a process may be killed at any time.
/// - At the end all that was done is read back.
///
/// ```
/// use mms_client::types::OrganizationId;
/// use mms_client::{CreateOncePolicy, MemoryJournal, Run, RunId, SimulatedDistributor, SystemRandom};
/// use mms_fleet::{Action, Apply, Step, StopSignal};
///
/// let distributor = SimulatedDistributor::new(500_000, 1);
/// let child = distributor.add("Sol", 10_000);
/// let action = Action::Allocate {
///     organization_id: child,
///     before: 10_000,
///     after: "30000".parse()?,
///     consumed: None,
///     may_pause: false,
/// };
/// let steps = [Step { name: "Sol".to_owned(), priority: 0, action }];
/// let parent = OrganizationId::new(11);
/// let run = Run {
///     id: RunId::draw(&SystemRandom),
///     at: std::time::SystemTime::now().into(),
///     api: "apply".to_owned(),
///     parent,
///     who: "ada@office".to_owned(),
///     command: "apply".to_owned(),
///     files: Vec::new(),
///     plan: None,
/// };
/// let (journal, policy) = (MemoryJournal::new(), CreateOncePolicy::default());
/// let apply = Apply::new(&distributor, &journal, &policy, run);
/// let report = distributor.fake_clock().run(apply.run(&steps, &StopSignal::new(), &|_| {})).unwrap()?;
/// assert!(report.is_done());
/// assert_eq!(distributor.credits(child), Some(30_000));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug)]
pub struct Apply<'a, W> {
    writes: &'a W,
    journal: &'a dyn WriteJournal,
    policy: &'a CreateOncePolicy,
    run: Run,
    reserve: u64,
    parallel: usize,
    expected: HashMap<OrganizationId, ExpectedChild>,
    consumption: Option<Consumption>,
    is_one_by_one: bool,
    is_read_back: bool,
}

/// What an earlier run left open, and what became of it.
#[derive(Debug, Default)]
pub struct Settled {
    /// The creates.
    pub creates: Vec<SettledIntent>,
    /// The allocations.
    pub allocations: Vec<SettledAllocation>,
}

impl<'a, W: CarefulWrites> Apply<'a, W> {
    /// Returns the apply of a run. The writes share their looks: of a [`Client`](mms_client::Client), those of
    /// [`batch`](mms_client::Client::batch).
    #[must_use]
    pub fn new(writes: &'a W, journal: &'a dyn WriteJournal, policy: &'a CreateOncePolicy, run: Run) -> Self {
        Self {
            writes,
            journal,
            policy,
            run,
            reserve: 0,
            parallel: PARALLEL,
            expected: HashMap::new(),
            consumption: None,
            is_one_by_one: false,
            is_read_back: true,
        }
    }

    /// Keeps so many credits in the pool at every step; 0 by default.
    #[must_use]
    pub fn keeping(self, reserve: u64) -> Self {
        Self { reserve, ..self }
    }

    /// Has at most so many steps under way at once; 8 by default, and at least one.
    #[must_use]
    pub fn in_parallel(self, steps: usize) -> Self {
        Self { parallel: steps.max(1), ..self }
    }

    /// Carries out one step at a time, and begins none after one that is not done; 8 steps are under way at once by default.
    #[must_use]
    pub fn one_by_one(self) -> Self {
        Self { is_one_by_one: true, ..self.in_parallel(1) }
    }

    /// Spares the look at the end, so that what the answers say stands; by default all that was done is read back.
    #[must_use]
    pub fn without_reading_back(self) -> Self {
        Self { is_read_back: false, ..self }
    }

    /// Takes what else is known of children before their allocation is set: the name that each was found by, what a list may show
    /// still of one that was set a moment ago. What each has its step says.
    #[must_use]
    pub fn expecting(self, expected: HashMap<OrganizationId, ExpectedChild>) -> Self {
        Self { expected, ..self }
    }

    /// Takes what the children had consumed a moment ago, which spares the first decrease a reading of it.
    #[must_use]
    pub fn knowing(self, consumption: Consumption) -> Self {
        Self { consumption: Some(consumption), ..self }
    }

    /// Settles what an earlier run left open, and costs nothing where that is nothing. It only reads; a plan is made after it.
    pub async fn settle(&self) -> Result<Settled, ApplyError> {
        let creates = self.writes.settle_open_intents(self.journal, self.policy).await.map_err(ApplyError::journal)?;
        let allocations = self.writes.settle_open_allocations(self.run.parent, self.journal).await;
        Ok(Settled { creates, allocations: allocations.map_err(ApplyError::settle)? })
    }

    /// Carries the steps out, in their order as far as one has to wait for another, and reads back what was done.
    ///
    /// A saved plan is carried out once: where the journal has a run of it already nothing is sent. With the stop signal no further
    /// step begins. No steps cost nothing, and no run is written down.
    pub async fn run(
        &self,
        steps: &[Step],
        stop: &StopSignal,
        observer: &(dyn Fn(Event<'_>) + Sync),
    ) -> Result<Report, ApplyError> {
        if steps.is_empty() {
            return Ok(Report::default());
        }
        self.begin(steps).await?;
        let journal = RunJournal::new(self.journal, self.run.id.clone());
        let executor = Executor {
            writes: self.writes,
            journal: &journal,
            policy: self.policy,
            parent: self.run.parent,
            reserve: self.reserve,
            parallel: self.parallel,
            expected: &self.expected,
            consumption: SharedConsumption::new(self.consumption.clone()),
            is_one_by_one: self.is_one_by_one,
        };
        let steps = executor.carry_out(steps, stop, observer).await;
        let read_back = if self.is_read_back {
            read_back::read_back(self.writes, self.run.parent, &steps).await
        } else {
            ReadBack::default()
        };
        Ok(Report { steps, read_back })
    }

    /// Looks, where no look is kept that the steps can share, and writes the run down.
    async fn begin(&self, steps: &[Step]) -> Result<(), ApplyError> {
        if let Some(plan) = &self.run.plan {
            let history = self.journal.history().map_err(ApplyError::journal)?;
            if let Some(earlier) = history.runs.into_iter().find(|run| run.plan.as_ref() == Some(plan)) {
                return Err(ApplyError::used(earlier));
            }
        }
        // A step alone looks itself.
        let needs_pool = self.reserve > 0 || steps.len() > 1;
        if needs_pool && self.writes.known_pool(self.run.parent).is_none() {
            let purpose = if steps.iter().any(Step::is_create) { Purpose::Create } else { Purpose::Allocate };
            self.writes.look(self.run.parent, purpose).await.map_err(ApplyError::look)?;
        }
        self.journal.record_run(&self.run).map_err(ApplyError::journal)
    }
}
