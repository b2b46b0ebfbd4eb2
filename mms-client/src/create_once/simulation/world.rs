//! One distributor, sixteen creates, and the processes that try to make them.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use futures_util::future::{join, join_all};
use mms_types::OrganizationId;

use super::process::Process;
use crate::clock::Clock as _;
use crate::create_once::tests::{PARENT, request};
use crate::create_once::{CreateOnce, CreateOnceError, CreateOncePolicy, Registrar};
use crate::distributor::model::{Chaos, Model};
use crate::distributor::{Delivery, Distributor as _};
use crate::journal::simulated::{FOR_EVER, Fuse, SimulatedJournal};
use crate::journal::{IntentOutcome, Journal as _};
use crate::random::{Random as _, SeededRandom};

/// How many creates a process has under way.
pub(super) const AT_ONCE: u64 = 16;

/// How many processes live after one another before everything calms down.
const LIVES: usize = 4;

/// How the schedules of many worlds ended.
#[derive(Debug, Default)]
pub(super) struct Report {
    pub(super) schedules: u64,
    pub(super) duplicates: u64,
    pub(super) created: u64,
    pub(super) existed: u64,
    pub(super) adopted: u64,
    pub(super) ambiguous: u64,
    pub(super) unproven: u64,
    pub(super) contradictions: u64,
    /// Creates that were refused or never left to the last.
    pub(super) never: u64,
    pub(super) deaths: u64,
}

impl Report {
    pub(super) fn add(&mut self, other: &Self) {
        self.schedules += other.schedules;
        self.duplicates += other.duplicates;
        self.created += other.created;
        self.existed += other.existed;
        self.adopted += other.adopted;
        self.ambiguous += other.ambiguous;
        self.unproven += other.unproven;
        self.contradictions += other.contradictions;
        self.never += other.never;
        self.deaths += other.deaths;
    }
}

pub(super) struct World {
    seed: u64,
    model: Model,
    random: SeededRandom,
    disk: Arc<Mutex<Vec<u8>>>,
    /// Whether somebody else works on the same distributor.
    has_others: bool,
    /// The name that somebody else creates too.
    namesake: Option<String>,
    /// The child of each name that a process was told of.
    known: Mutex<BTreeMap<String, OrganizationId>>,
    report: Mutex<Report>,
}

fn name(index: u64) -> String {
    format!("Sol {index}")
}

fn names() -> impl Iterator<Item = String> {
    (0..AT_ONCE).map(name)
}

impl World {
    pub(super) fn new(seed: u64) -> Self {
        let model = Model::new(&format!("simulation {seed}"), seed);
        let random = SeededRandom::new(!seed);
        model.state().chaos = Some(Chaos {
            writes: 10 + random.next_u64() % 70,
            lists: random.next_u64() % 40,
            lags: random.next_u64() % 50,
        });
        Self {
            seed,
            has_others: seed % 3 == 1,
            namesake: (seed % 6 == 4).then(|| name(random.next_u64() % AT_ONCE)),
            model,
            random,
            disk: Arc::default(),
            known: Mutex::default(),
            report: Report { schedules: AT_ONCE, ..Report::default() }.into(),
        }
    }

    /// Lets processes live and die until every create has had its chance, and then looks once more on a calm day.
    pub(super) fn live_on(&mut self) {
        for _ in 0..LIVES {
            let steps = 1 + self.random.next_u64() % 300;
            if !self.live(steps) {
                self.report.lock().unwrap().deaths += 1;
            }
            self.model.clock.advance(Duration::from_secs(self.random.next_u64() % 60));
        }
        self.calm();
        // Twice, so that each intent is judged when the children of the others are theirs.
        for _ in 0..2 {
            let process = Process { model: &self.model, fuse: Fuse::new(FOR_EVER) };
            let journal = SimulatedJournal::open(&self.disk, &process.fuse);
            let policy = CreateOncePolicy::default();
            let registrar = Registrar { distributor: &process, journal: &journal, policy: &policy };
            process.live(registrar.settle_all()).unwrap().unwrap();
        }
    }

    /// Ends the faults, and waits until everything late has arrived and every list has caught up.
    fn calm(&self) {
        self.model.state().chaos = None;
        self.model.state().lag = Duration::ZERO;
        self.model.clock.advance(Duration::from_secs(2_000));
    }

    /// Lets a process live for so many steps, and says whether it came to its end.
    fn live(&self, steps: u64) -> bool {
        let process = Process { model: &self.model, fuse: Fuse::new(steps) };
        let journal = SimulatedJournal::open(&self.disk, &process.fuse);
        let policy = CreateOncePolicy::default();
        let registrar = Registrar { distributor: &process, journal: &journal, policy: &policy };
        let settles = self.random.next_u64().is_multiple_of(2);
        let work = async {
            if settles {
                registrar.settle_all().await.ok();
            }
            join_all(names().map(|name| self.create(&registrar, name))).await;
        };
        process.live(join(work, self.others())).is_some()
    }

    /// Creates one name, and again while it is certain that nothing came of it. A death in between makes the rest void.
    async fn create(&self, registrar: &Registrar<'_, Process<'_>>, name: String) {
        for _ in 0..3 {
            let outcome = registrar.create(PARENT, &request(&name)).await;
            if registrar.distributor.fuse.is_dead() {
                return;
            }
            match outcome {
                Ok(outcome) => return self.told(&name, &outcome),
                Err(error) if error.maybe_created() => return self.told_unknown(&name, &error),
                Err(_) => self.model.clock.sleep(Duration::from_secs(5)).await,
            }
        }
    }

    /// Takes a report of success, which must name a child that is there, and the same one every time.
    fn told(&self, name: &str, outcome: &CreateOnce) {
        let id = outcome.organization_id();
        let Self { seed, .. } = self;
        assert!(self.model.named(name).contains(&id), "seed {seed}: {name} is not {outcome:?}");
        let known = *self.known.lock().unwrap().entry(name.to_owned()).or_insert(id);
        assert_eq!(known, id, "seed {seed}: {name} was {known}, and is {outcome:?}");
        if matches!(outcome, CreateOnce::Existed { .. }) {
            self.report.lock().unwrap().existed += 1;
        }
    }

    /// Takes a report that nobody knows, which must name its intent.
    fn told_unknown(&self, name: &str, error: &CreateOnceError) {
        let Self { seed, .. } = self;
        let is_one =
            [error.is_ambiguous(), error.is_unproven(), error.is_contradiction()].map(u8::from).iter().sum::<u8>();
        assert!(is_one == 1 && (error.intent().is_some() || !error.candidates().is_empty()), "seed {seed}: {error}");
        if error.is_ambiguous() {
            assert_eq!(self.namesake.as_deref(), Some(name), "seed {seed}: {error}");
        }
    }

    /// Somebody else at work on the same distributor: other children, other allocations, and in some worlds the same name.
    async fn others(&self) {
        if !self.has_others {
            return;
        }
        for _ in 0..5 {
            let wait = Duration::from_millis(self.random.next_u64() % 2_000);
            self.model.clock.sleep(wait).await;
            let choice = self.random.next_u64() % 3;
            let now = self.model.clock.now();
            let mut state = self.model.state();
            let taken = |name: &str, state: &crate::distributor::model::State| {
                state.children.iter().any(|child| child.row.organization_name == name && !child.is_ours)
            };
            match &self.namesake {
                Some(name) if choice == 0 && !taken(name, &state) => drop(state.add(name, 20_000, now)),
                _ if choice == 1 => drop(state.add("Nube", 20_000, now)),
                _ => {
                    state.children[0].row.operations_allocated += 20_000;
                    state.pool -= 20_000;
                }
            }
        }
    }

    /// Judges how every name ended, against what the distributor really has.
    pub(super) fn judged(&self) -> Report {
        let journal = SimulatedJournal::open(&self.disk, &Fuse::new(FOR_EVER));
        let (open, claims) = (journal.open_intents().unwrap(), journal.claims().unwrap());
        let claimed: BTreeSet<_> = claims.iter().map(|claim| claim.organization_id).collect();
        assert_eq!(claimed.len(), claims.len(), "seed {}: a child has two intents", self.seed);

        let mut report = std::mem::take(&mut *self.report.lock().unwrap());
        for name in names() {
            let ours = self.ours(&name);
            let claim = claims.iter().find(|claim| claim.organization_name == name);
            let open = open.iter().find(|open| open.intent.organization_name == name);
            let case = format!("seed {}, {name}: {ours:?}, {claim:?}, {open:?}", self.seed);
            report.duplicates += u64::from(ours.len() > 1);
            match (claim, open.map(|open| open.stopped.as_ref())) {
                (Some(claim), None) => {
                    let is_namesakes = self.namesake.as_ref() == Some(&name);
                    assert!(ours == [claim.organization_id] || is_namesakes, "{case}");
                    let adopted = journal_says_adopted(&self.disk, &claim.intent.to_string());
                    *(if adopted { &mut report.adopted } else { &mut report.created }) += 1;
                }
                (None, Some(Some(IntentOutcome::Ambiguous { candidates }))) => {
                    assert!(self.namesake.is_some() && ours.iter().all(|id| candidates.contains(id)), "{case}");
                    report.ambiguous += 1;
                }
                (None, Some(Some(IntentOutcome::Unproven))) => {
                    assert!(ours.is_empty(), "{case}");
                    report.unproven += 1;
                }
                (None, Some(Some(IntentOutcome::Contradiction))) => {
                    assert!(ours.is_empty() && self.has_others, "{case}");
                    report.contradictions += 1;
                }
                (None, None) => {
                    assert!(ours.is_empty(), "{case}");
                    report.never += 1;
                }
                _ => panic!("{case}"),
            }
        }
        report
    }

    /// Returns the children of a name that creates of the client made.
    fn ours(&self, name: &str) -> Vec<OrganizationId> {
        let state = self.model.state();
        let rows = state.children.iter().filter(|child| child.is_ours && child.row.organization_name == name);
        rows.map(|child| child.row.organization_id).collect()
    }

    pub(super) fn duplicates(&self) -> u64 {
        names().map(|name| u64::from(self.ours(&name).len() > 1)).sum()
    }

    /// The same lives under the stock rule: a create that failed in any way but a refusal is sent again, and a new process
    /// creates what the last one had not heard of.
    pub(super) fn live_on_by_retrying(&mut self) {
        let done = Mutex::new(BTreeSet::new());
        for _ in 0..LIVES {
            let process = Process { model: &self.model, fuse: Fuse::new(1 + self.random.next_u64() % 300) };
            let (process, done) = (&process, &done);
            let create = |name: String| async move {
                for _ in 0..4 {
                    if done.lock().unwrap().contains(&name) {
                        return;
                    }
                    match process.create(PARENT, request(&name)).await {
                        Delivery::Done(_) => drop(done.lock().unwrap().insert(name.clone())),
                        Delivery::Refused(_) => return,
                        Delivery::Unsent(_) | Delivery::Unknown(_) => {}
                    }
                }
            };
            process.live(join_all(names().map(create)));
            self.model.clock.advance(Duration::from_secs(self.random.next_u64() % 60));
        }
        self.calm();
    }
}

fn journal_says_adopted(disk: &Mutex<Vec<u8>>, intent: &str) -> bool {
    let text = String::from_utf8(disk.lock().unwrap().clone()).unwrap();
    text.lines().any(|line| line.contains("\"adopted\"") && line.contains(intent))
}
