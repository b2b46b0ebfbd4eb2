//! World of a simulation: one distributor, sixteen creates, and the processes that try to make them.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use futures_util::future::{Either, join, join_all, select};
use mms_types::OrganizationId;

use super::process::Process;
use super::report::Report;
use crate::env::clock::Clock as _;
use crate::env::random::{Random as _, SeededRandom};
use crate::write::create_once::tests::{PARENT, request};
use crate::write::create_once::{CreateOnce, CreateOnceError, CreateOncePolicy, Creation};
use crate::write::distributor::Distributor as _;
use crate::write::distributor::model::{Chaos, Model, State};
use crate::write::journal::simulated::{FOR_EVER, Fuse, SimulatedJournal};
use crate::write::look::Looks;

/// How many creates a process has under way.
pub(super) const AT_ONCE: u64 = 16;

/// How many processes live after one another before everything calms down.
const LIVES: usize = 4;

pub(super) struct World {
    pub(super) seed: u64,
    pub(super) model: Model,
    random: SeededRandom,
    pub(super) disk: Arc<Mutex<Vec<u8>>>,
    /// How many writes to the journal fail because the disk is full, in percent.
    full_disk: u64,
    pub(super) chaos: Chaos,
    /// Whether somebody else works on the same distributor.
    pub(super) has_others: bool,
    /// The names that somebody else creates too.
    pub(super) namesakes: Vec<String>,
    /// The child of each name that a process was told of.
    pub(super) known: Mutex<BTreeMap<String, OrganizationId>>,
    pub(super) report: Mutex<Report>,
}

pub(super) fn names() -> impl Iterator<Item = String> {
    (0..AT_ONCE).map(|index| format!("Sol {index}"))
}

impl World {
    pub(super) fn new(seed: u64) -> Self {
        let model = Model::new(&format!("simulation {seed}"), seed);
        let random = SeededRandom::new(!seed);
        let draw = |below: u64| random.next_u64() % below;
        let chaos = Chaos { writes: 10 + draw(70), lists: draw(40) * draw(2), lags: draw(50) };
        model.state().chaos = Some(chaos);
        let has_others = seed % 3 == 1;
        Self {
            seed,
            full_disk: if seed % 5 == 2 { 5 } else { 0 },
            chaos,
            has_others,
            namesakes: names().take(if has_others { 4 } else { 0 }).collect(),
            model,
            random,
            disk: Arc::default(),
            known: Mutex::default(),
            report: Report { schedules: AT_ONCE, ..Report::default() }.into(),
        }
    }

    fn draw(&self, below: u64) -> u64 {
        self.random.next_u64() % below
    }

    /// Returns how long the next process lives.
    pub(super) fn fuse(&self) -> Arc<Fuse> {
        Fuse::new(1 + self.draw(300))
    }

    /// Returns a process, whose writes share a look in every fourth world.
    pub(super) fn process(&self, fuse: Arc<Fuse>) -> Process<'_> {
        self.process_at(self.model.api(), fuse)
    }

    fn process_at(&self, api: String, fuse: Arc<Fuse>) -> Process<'_> {
        Process { model: &self.model, fuse, api, looks: Looks::default(), is_batch: self.seed.is_multiple_of(4) }
    }

    /// Returns the other name of the one place, by which half of the processes know it in every seventh world.
    fn other_name(&self) -> String {
        format!("{} through a gateway", self.model.api())
    }

    fn has_two_names(&self) -> bool {
        self.seed.is_multiple_of(7)
    }

    /// Lets processes live and die, and looks once more on a calm day.
    pub(super) fn live_on(&self) {
        for _ in 0..LIVES {
            self.live();
            self.model.clock.advance(Duration::from_secs(self.draw(60)));
        }
        self.calm();
    }

    /// Ends the faults, and waits until everything late has arrived and every list has caught up.
    pub(super) fn calm(&self) {
        self.model.state().chaos = None;
        self.model.state().lag = Duration::ZERO;
        self.model.clock.advance(Duration::from_secs(2_000));
    }

    /// Lets a process work for as long as it lives.
    fn live(&self) {
        let api = if self.has_two_names() && self.draw(2) == 0 { self.other_name() } else { self.model.api() };
        let process = self.process_at(api, self.fuse());
        let journal = SimulatedJournal::open(&self.disk, &process.fuse).on_a_disk_that_fills(self.full_disk);
        let policy = CreateOncePolicy::default();
        let creation = Creation { distributor: &process, journal: &journal, policy: &policy };
        let settles = self.draw(2) == 0;
        let work = async {
            if settles {
                creation.settle_open(|_| true).await.ok();
            }
            join_all(names().map(|name| self.create(&creation, name))).await;
        };
        let is_alive = process.live(join(work, self.others())).is_some();
        let mut report = self.report.lock().unwrap();
        report.deaths += u64::from(!is_alive);
        report.full_disks += u64::from(journal.is_full());
    }

    /// Creates one name, and again while it is certain that nothing came of it, or after patience was lost with it.
    async fn create(&self, creation: &Creation<'_, Process<'_>>, name: String) {
        for _ in 0..3 {
            let made = self.model.made(&name);
            let child = request(&name);
            let create = Box::pin(creation.create(PARENT, &child));
            let patience = Duration::from_millis(self.draw(1_000) * if self.draw(8) == 0 { 1 } else { 10_000 });
            let outcome = match select(create, self.model.clock.sleep(patience)).await {
                Either::Left((outcome, _)) => outcome,
                Either::Right(_) => {
                    self.report.lock().unwrap().dropped += 1;
                    continue;
                }
            };
            if creation.distributor.fuse.is_dead() {
                // Nobody was told.
                return;
            }
            self.hear(&name, made, &outcome);
            if !matches!(outcome, Err(error) if !error.maybe_created()) {
                return;
            }
            self.model.clock.sleep(Duration::from_secs(5)).await;
        }
    }

    /// Settles what is open, and creates every name a last time.
    pub(super) fn create_on_a_calm_day(&self) -> Vec<(String, Result<CreateOnce, CreateOnceError>)> {
        if self.has_two_names() {
            let process = self.process_at(self.other_name(), Fuse::new(FOR_EVER));
            let journal = SimulatedJournal::open(&self.disk, &process.fuse);
            let policy = CreateOncePolicy::default();
            let creation = Creation { distributor: &process, journal: &journal, policy: &policy };
            process.live(creation.settle_open(|_| true)).unwrap().unwrap();
            // Long enough for what was made under the other name to be in every list, or nowhere.
            self.model.clock.advance(Duration::from_secs(3_600));
        }
        let process = self.process(Fuse::new(FOR_EVER));
        let journal = SimulatedJournal::open(&self.disk, &process.fuse);
        let policy = CreateOncePolicy::default();
        let creation = Creation { distributor: &process, journal: &journal, policy: &policy };
        let create = |name: String| {
            let creation = &creation;
            async move {
                let outcome = creation.create(PARENT, &request(&name)).await;
                (name, outcome)
            }
        };
        let work = async {
            // Twice, so that each intent is judged when the children of the others are theirs.
            for _ in 0..2 {
                creation.settle_open(|_| true).await.unwrap();
            }
            join_all(names().map(create)).await
        };
        process.live(work).unwrap()
    }

    /// Somebody else at work on the same distributor: other children, other allocations, and some of the names.
    async fn others(&self) {
        if !self.has_others {
            return;
        }
        let is_taken = |name: &str, state: &State| {
            state.children.iter().any(|child| child.row.organization_name.as_deref() == Some(name) && !child.is_ours)
        };
        for _ in 0..5 {
            self.model.clock.sleep(Duration::from_millis(self.draw(2_000))).await;
            let choice = self.draw(3);
            let now = self.model.clock.now();
            let mut state = self.model.state();
            let name = &self.namesakes[usize::try_from(self.draw(4)).unwrap()];
            match choice {
                0 if !is_taken(name, &state) => drop(state.add(name, 20_000, now)),
                1 => drop(state.add("Nube", 20_000, now)),
                _ => {
                    *state.children[0].row.operations_allocated.as_mut().unwrap() += 20_000;
                    state.pool -= 20_000;
                }
            }
        }
    }

    /// Returns the children of a name that creates of the client made.
    pub(super) fn ours(&self, name: &str) -> Vec<OrganizationId> {
        let state = self.model.state();
        let rows =
            state.children.iter().filter(|child| child.is_ours && child.row.organization_name.as_deref() == Some(name));
        rows.map(|child| child.row.organization_id).collect()
    }

    /// Returns how many names have more than one child of the client's making.
    pub(super) fn duplicates(&self) -> u64 {
        names().map(|name| u64::from(self.ours(&name).len() > 1)).sum()
    }
}
