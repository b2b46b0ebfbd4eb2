//! Applies that are killed, on a distributor that loses answers, with a second person who writes.

use std::collections::{BTreeSet, HashMap};
use std::ops::Range;
use std::pin::pin;
use std::sync::Mutex;
use std::time::Duration;

use futures_util::future::{Either, join, select};
use mms_client::types::OrganizationId;
use mms_client::{
    CarefulWrites, Clock, Journal, Purpose, Random, Resolution, SeededRandom, SimulatedDistributor, SimulatedFaults,
};
use mms_fleet::{
    Catalogue, Child, CreateWhen, EnumRef, Event, Fleet, Guards, Observed, Owner, Plan, PlanOptions, StepEnd,
    StopSignal, Target,
};

use crate::world::{PARENT, World};

/// Most lives of one fleet before it has to be as its file asks.
const LIVES: usize = 80;

/// A course of lives and deaths.
struct Fate {
    world: World,
    fleet: Fleet,
    random: SeededRandom,
    /// What the second person gave, by child.
    of_another: Mutex<HashMap<OrganizationId, i64>>,
}

impl Fate {
    fn new(seed: u64, children: u64, creates: u64, faults: SimulatedFaults) -> Self {
        let pool = i64::try_from(children * 20_000 + creates * 10_000).unwrap();
        let distributor = SimulatedDistributor::new(pool, seed).with_faults(faults);
        let random = SeededRandom::new(seed);
        let mut entries = Vec::new();
        for index in 0..children {
            let name = format!("Child {index}");
            let credits = [0_u64, 10_000, 20_000][usize::try_from(random.next_u64() % 3).unwrap()];
            let id = distributor.add(&name, i64::try_from(credits).unwrap());
            // About half of them stay as they are.
            let wanted = [credits, 0, 10_000, 20_000, credits][usize::try_from(random.next_u64() % 5).unwrap()];
            entries.push(Child { id: Some(id), ..entry(&name, wanted) });
        }
        entries.extend((0..creates).map(|index| entry(&format!("New {index}"), 10_000)));
        let target = Target { zone: None, organization: PARENT };
        let fleet = Fleet { target, guards: Guards::default(), children: entries };
        Self { world: World::new(distributor), fleet, random, of_another: Mutex::default() }
    }

    fn below(&self, end: u64) -> u64 {
        self.random.next_u64() % end
    }

    /// Lives once: settles, plans, applies; to the end, or to a death after so many milliseconds. Returns whether nothing was left to
    /// do, and what was sent.
    async fn live(&self, life: u64, death: Option<u64>) -> Life {
        let clock = self.world.distributor.fake_clock();
        let run = pin!(self.whole_life(life));
        match death {
            None => run.await,
            Some(after) => match select(run, clock.sleep(Duration::from_millis(after))).await {
                Either::Left((life, _)) => life,
                Either::Right(_) => Life::Killed,
            },
        }
    }

    async fn whole_life(&self, life: u64) -> Life {
        let apply = self.world.apply(life);
        if apply.settle().await.is_err() {
            return Life::Unread;
        }
        let Ok(look) = self.world.distributor.look(PARENT, Purpose::Create).await else { return Life::Unread };
        let observed = Observed {
            catalogue: Some(Catalogue {
                regions: vec![serde_json::from_str(r#"{"id":1,"name":"EU"}"#).unwrap()],
                countries: vec![serde_json::from_str(r#"{"id":7,"name":"Spain","code2":"es"}"#).unwrap()],
            }),
            consumption: Some(HashMap::new()),
            ..Observed::from(&look)
        };
        let plan = Plan::new(&self.fleet, &observed, &PlanOptions::default());
        if !plan.stops.is_empty() {
            return Life::Stopped(format!("{:?}", plan.stops));
        }
        if plan.is_empty() {
            return Life::NothingLeft;
        }
        let report = apply.run(&plan.steps, &StopSignal::new(), &|event| self.watch(event)).await;
        match report {
            Ok(report) => Life::Applied(report.steps.iter().map(|report| format!("{:?}", report.end)).collect()),
            Err(_) => Life::Unread,
        }
    }

    /// At some moments the second person gives a child what the file does not ask.
    fn watch(&self, event: Event<'_>) {
        if let Event::Ended { end: StepEnd::Changed { .. }, step, .. } = event {
            let id = step.organization_id().unwrap();
            assert!(self.of_another.lock().unwrap().contains_key(&id), "nobody else changed {id}");
        }
    }

    /// Gives the creates up that came to nothing, as a person does who looks in Make after an hour.
    fn decide(&self) {
        for open in self.world.journal.open_intents().unwrap() {
            let (id, is_there) =
                (open.intent.id, !self.world.distributor.named(&open.intent.organization_name).is_empty());
            if open.stopped.is_some() && !is_there {
                let reason = "it never came".to_owned();
                let now = self.world.distributor.fake_clock().wall();
                self.world.journal.resolve(&id, Resolution::GivenUp { reason }, now).unwrap();
            }
        }
    }

    async fn another_person(&self) {
        let clock = self.world.distributor.fake_clock();
        for _ in 0..self.below(3) {
            clock.sleep(Duration::from_millis(self.below(4_000))).await;
            let ids: Vec<_> = self.fleet.children.iter().filter_map(|child| child.id).collect();
            let id = ids[usize::try_from(self.below(ids.len() as u64)).unwrap()];
            if self.world.distributor.pool() > 200_000 {
                self.of_another.lock().unwrap().insert(id, 30_000);
                self.world.distributor.set_by_another(id, 30_000);
            }
        }
    }
}

/// How a life ended; the texts are shown where a test fails.
#[derive(Debug)]
#[expect(dead_code, reason = "shown by `Debug`")]
enum Life {
    Killed,
    Unread,
    Stopped(String),
    NothingLeft,
    Applied(Vec<String>),
}

fn entry(name: &str, credits: u64) -> Child {
    let named = |text: &str| Some(EnumRef { text: text.to_owned(), place: None });
    Child {
        name: name.parse().unwrap(),
        id: None,
        create: CreateWhen::Always,
        external_id: None,
        owner: Some(Owner { email: "ada@sol.example".parse().unwrap(), name: "Ada Owner".parse().unwrap() }),
        region: named("EU"),
        country: named("es"),
        credits: Some(credits.try_into().unwrap()),
        until: None,
        minimum: None,
        maximum: None,
        labels: BTreeSet::new(),
        hold: false,
        priority: 0,
        allow_pause: true,
        retired: false,
        place: None,
    }
}

/// Figures of a course.
#[derive(Debug, Default)]
struct Figures {
    writes: usize,
    /// How many writes would have sufficed.
    least: usize,
    deaths: usize,
}

/// Dangers of a course.
#[derive(Clone, Copy)]
struct Dangers {
    faults: SimulatedFaults,
    /// How many lives end early, in percent, and after how many milliseconds at most.
    deaths: u64,
    within: u64,
    second_person: bool,
}

/// Lives until nothing is left to do, and checks that the distributor is as the file asks.
fn run(seed: u64, children: u64, creates: u64, dangers: Dangers) -> Figures {
    let fate = Fate::new(seed, children, creates, dangers.faults);
    let clock = fate.world.distributor.fake_clock();
    let has = |id| fate.world.distributor.credits(id).and_then(|credits| u64::try_from(credits).ok());
    let is_short = |child: &&Child| child.id.and_then(has) != child.credits.map(mms_client::types::Operations::get);
    let mut figures = Figures { least: fate.fleet.children.iter().filter(is_short).count(), ..Figures::default() };
    let mut lives = Vec::new();
    let is_over = (0..LIVES as u64).any(|life| {
        // What takes minutes to settle needs a life of some length.
        let death = (life % 8 != 7 && fate.below(100) < dangers.deaths).then(|| fate.below(dangers.within));
        let other = async {
            if dangers.second_person {
                fate.another_person().await;
            }
        };
        let (end, ()) = clock.run(join(fate.live(life, death), other)).expect("nothing waits for ever");
        let is_over = matches!(end, Life::NothingLeft);
        figures.deaths += usize::from(matches!(end, Life::Killed));
        // A person comes back to it after a while, and decides what nobody else can.
        clock.advance(Duration::from_secs(fate.below(300)));
        if life % 5 == 4 {
            clock.advance(Duration::from_secs(1_000));
            fate.decide();
        }
        lives.push(end);
        is_over
    });
    // What arrives late has arrived.
    clock.advance(Duration::from_secs(1_000));
    assert!(is_over, "seed {seed}: {lives:#?}");
    for child in &fate.fleet.children {
        let ids = fate.world.distributor.named(child.name.as_str());
        assert_eq!(ids.len(), 1, "seed {seed}: {} is there {} times: {lives:#?}", child.name, ids.len());
        let has = fate.world.distributor.credits(ids[0]);
        let wanted = child.credits.and_then(|credits| i64::try_from(credits.get()).ok());
        let of_another = fate.of_another.lock().unwrap().get(&ids[0]).copied();
        assert!(has == wanted || has == of_another, "seed {seed}: {} has {has:?}: {lives:#?}", child.name);
    }
    assert_eq!(fate.world.distributor.short(), 0, "seed {seed}: the pool was never asked for what it does not have");
    figures.writes = fate.world.distributor.writes();
    figures
}

/// Returns the seeds of a test: a few, or those of a soak.
fn seeds(first: u64) -> Range<u64> {
    let first = std::env::var("MMS_SOAK_SEED").map_or(first, |seed| seed.parse().expect("a seed is a number"));
    first..first + if std::env::var_os("MMS_SOAK").is_some() { 10_000 } else { 150 }
}

const NO_FAULTS: SimulatedFaults = SimulatedFaults { writes: 0, lists: 0, lags: 0 };
const FAULTS: SimulatedFaults = SimulatedFaults { writes: 5, lists: 2, lags: 5 };

#[test]
fn an_apply_that_is_killed_at_random_moments_ends_as_the_file_asks_without_a_duplicate() {
    for seed in seeds(0) {
        run(seed, 30, 3, Dangers { faults: NO_FAULTS, deaths: 80, within: 6_000, second_person: true });
    }
}

#[test]
fn lost_answers_refusals_and_lagging_lists_change_nothing_of_that() {
    for seed in seeds(1_000_000) {
        run(seed, 30, 3, Dangers { faults: FAULTS, deaths: 50, within: 6_000, second_person: true });
    }
}

#[test]
fn five_hundred_deaths_cost_few_writes_more_than_the_least() {
    let mut all = Figures::default();
    let mut seeds = 2_000..;
    while all.deaths < 500 {
        let seed = seeds.next().unwrap();
        let figures = run(seed, 300, 12, Dangers { faults: FAULTS, deaths: 90, within: 3_000, second_person: false });
        all = Figures {
            writes: all.writes + figures.writes,
            least: all.least + figures.least,
            deaths: all.deaths + figures.deaths,
        };
    }
    println!("{all:?}: {} per mille of the least", all.writes * 1_000 / all.least);
    assert!(all.writes * 100 <= all.least * 105, "{all:?}");
}
