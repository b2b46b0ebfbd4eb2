//! A distributor, a journal, and an apply of steps.

use std::time::SystemTime;

use mms_client::types::{CreateChildOrganizationRequest, OrganizationId};
use mms_client::{CreateOncePolicy, MemoryJournal, Run, RunId, SeededRandom, SimulatedDistributor, WriteJournal};
use mms_fleet::{Action, Apply, ApplyError, Event, Report, Step, StopSignal};

pub(crate) const PARENT: OrganizationId = OrganizationId::new(11);

pub(crate) struct World {
    pub(crate) distributor: SimulatedDistributor,
    pub(crate) journal: MemoryJournal,
    pub(crate) policy: CreateOncePolicy,
}

impl World {
    pub(crate) fn new(distributor: SimulatedDistributor) -> Self {
        Self { distributor, journal: MemoryJournal::new(), policy: CreateOncePolicy::default() }
    }

    pub(crate) fn apply(&self, seed: u64) -> Apply<'_, SimulatedDistributor> {
        Apply::new(&self.distributor, &self.journal, &self.policy, run(seed, None))
    }

    /// Applies steps to their end.
    pub(crate) fn run(&self, steps: &[Step]) -> Result<Report, ApplyError> {
        self.run_watched(steps, &StopSignal::new(), &|_| {})
    }

    pub(crate) fn run_watched(
        &self,
        steps: &[Step],
        stop: &StopSignal,
        observer: &(dyn Fn(Event<'_>) + Sync),
    ) -> Result<Report, ApplyError> {
        let seed = self.journal.history().unwrap().runs.len() as u64;
        let apply = self.apply(seed);
        self.distributor.fake_clock().run(apply.run(steps, stop, observer)).expect("nothing waits for ever")
    }
}

pub(crate) fn run(seed: u64, plan: Option<&str>) -> Run {
    Run {
        id: RunId::draw(&SeededRandom::new(seed)),
        at: SystemTime::UNIX_EPOCH.into(),
        api: "simulated".to_owned(),
        parent: PARENT,
        who: "ada@office".to_owned(),
        command: "apply".to_owned(),
        files: vec!["fleet.yaml".to_owned()],
        plan: plan.map(str::to_owned),
    }
}

pub(crate) fn allocate(child: OrganizationId, before: i64, after: u64) -> Step {
    let action = Action::Allocate {
        organization_id: child,
        before,
        after: after.try_into().unwrap(),
        consumed: None,
        may_pause: true,
    };
    Step { name: format!("child {child}"), priority: 0, action }
}

pub(crate) fn create(name: &str, credits: u64) -> Step {
    let request = CreateChildOrganizationRequest {
        user_email: "ada@sol.example".parse().unwrap(),
        user_name: "Ada Owner".parse().unwrap(),
        organization_name: name.parse().unwrap(),
        region_id: 1.try_into().unwrap(),
        country_id: 7.try_into().unwrap(),
        operations: credits.try_into().unwrap(),
    };
    Step { name: name.to_owned(), priority: 0, action: Action::Create { request } }
}
