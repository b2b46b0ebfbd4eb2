//! Calls that are dropped at random: in the queue, while the limit is asked for, in an attempt, before the next one.

use std::sync::MutexGuard;

use futures_util::future::{Either, select};

use super::*;
use crate::env::random::seeds::{for_each, seeds};

/// The worlds of both forms, each with 12 or 120 calls, most of which are dropped.
const SHORT: u64 = 300;
const FULL: u64 = 10_000;

/// How far a call has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Phase {
    Queue,
    LimitSource,
    Attempt,
    Backoff,
}

/// A call as the world outside sees it.
struct Watched<'a> {
    server: &'a Server,
    watch: &'a Watch,
    number: usize,
    phase: Mutex<Phase>,
}

/// What all calls of a world are doing.
#[derive(Default)]
struct Watch {
    /// How many attempts and look-ups are under way.
    under_way: Mutex<u32>,
    /// Which calls were sent, in order.
    sent: Mutex<Vec<usize>>,
}

/// Something that is under way until it is dropped.
struct Busy<'a>(&'a Mutex<u32>);

impl<'a> Busy<'a> {
    fn new(number: &'a Mutex<u32>) -> Self {
        *number.lock().unwrap() += 1;
        Self(number)
    }
}

impl Drop for Busy<'_> {
    fn drop(&mut self) {
        *self.0.lock().unwrap() -= 1;
    }
}

impl Watched<'_> {
    fn phase(&self) -> MutexGuard<'_, Phase> {
        self.phase.lock().unwrap()
    }

    async fn send(&self, kind: OperationKind, settings: &Settings) {
        let attempts = Attempts {
            operation_id: "list_regions",
            kind,
            organization_id: Some(ORGANIZATION),
            settings,
            transport: self,
            limit_source: self,
        };
        let request = Request::new(Method::GET, "http://127.0.0.1/".parse().unwrap());
        drop(attempts.outcome(request).await);
    }
}

impl Transport for &Watched<'_> {
    async fn attempt(&self, request: Request, timeout: Duration) -> Result<RawResponse, AttemptError> {
        *self.phase() = Phase::Attempt;
        self.watch.sent.lock().unwrap().push(self.number);
        let _busy = Busy::new(&self.watch.under_way);
        let outcome = self.server.attempt(request, timeout).await;
        *self.phase() = Phase::Backoff;
        outcome
    }
}

impl LimitSource for Watched<'_> {
    fn api_limit(&self, _: OrganizationId, _: Duration) -> BoxFuture<'_, Result<u32, LimitError>> {
        async {
            let before = std::mem::replace(&mut *self.phase(), Phase::LimitSource);
            let _busy = Busy::new(&self.watch.under_way);
            self.server.clock.sleep(Duration::from_millis(50)).await;
            *self.phase() = before;
            Ok(60)
        }
        .boxed()
    }
}

/// A client whose calls are dropped, and what was seen of them.
struct Scene {
    world: World,
    watch: Watch,
    random: SeededRandom,
    /// The limit, where nobody has to ask for it.
    limit: Option<u32>,
    dropped: Mutex<Vec<Phase>>,
}

impl Scene {
    fn new(seed: u64) -> Self {
        let random = SeededRandom::new(seed);
        let limit = [Some(10), None][usize::try_from(random.next_u64() % 2).unwrap()];
        let reactions = [
            Reaction::Status(200),
            Reaction::Status(200),
            Reaction::Status(503),
            Reaction::Refused,
            Reaction::Reset,
            Reaction::Silence,
            Reaction::Status(429),
            Reaction::Wait(429, "3"),
        ];
        // A limit is asked for when a burst has gone, which a 429 would prevent.
        let no_429 = if limit.is_some() { 0 } else { 60 };
        let draw = |index| random.next_u64() % if index < no_429 { 6 } else { 8 };
        let script: Vec<_> = (0..100).map(|index| reactions[usize::try_from(draw(index)).unwrap()]).collect();
        let retry = RetryPolicy { budget: 1_000, ..RetryPolicy::default() };
        Self {
            world: World::with(script, retry, limit.or(Some(0))),
            watch: Watch::default(),
            random,
            limit,
            dropped: Mutex::default(),
        }
    }

    fn call(&self, number: usize) -> Watched<'_> {
        Watched { server: &self.world.server, watch: &self.watch, number, phase: Phase::Queue.into() }
    }

    /// Makes a call and loses patience with it at some time.
    async fn call_and_drop(&self, number: usize) {
        let clock = &self.world.server.clock;
        clock.sleep(Duration::from_millis(self.random.next_u64() % 200)).await;
        // Only the first in the queue asks for a limit, and for a short time, so many must lose patience by then.
        let most = if self.limit.is_some() { [200, 2_000, 100_000] } else { [100, 200, 400] };
        let patience = Duration::from_millis(self.random.next_u64() % most[number % 3]);
        let kind = [Read, AbsoluteWrite, Create][usize::try_from(self.random.next_u64() % 3).unwrap()];
        let call = self.call(number);
        if let Either::Right(((), unfinished)) =
            select(Box::pin(call.send(kind, &self.world.settings)), clock.sleep(patience)).await
        {
            self.dropped.lock().unwrap().push(*call.phase());
            drop(unfinished);
        }
    }

    /// Nothing of the dropped calls is left, and a full burst goes at once and in order, which a permit that is still out would
    /// be missing from.
    fn assert_as_new(&self, seed: u64) {
        let clock = &self.world.server.clock;
        assert_eq!(clock.sleepers(), 0, "seed {seed}");
        assert_eq!(*self.watch.under_way.lock().unwrap(), 0, "seed {seed}");
        self.watch.sent.lock().unwrap().clear();
        self.world.server.script.lock().unwrap().clear();
        self.world.server.seen.lock().unwrap().clear();
        // After an hour no 429 and no request matters any more.
        clock.advance(Duration::from_secs(3_600));

        let start = clock.now();
        // Of a limit that was never asked for, one slot is the question.
        let (at_once, slots) = self.limit.map_or((57, 58), |_| (8, 8));
        let calls: Vec<_> = (0..slots + 2).map(|number| self.call(number)).collect();
        clock.run(join_all(calls.iter().map(|call| call.send(Read, &self.world.settings)))).unwrap();
        assert!(self.watch.sent.lock().unwrap().is_sorted(), "seed {seed}");
        let times = self.world.server.seen.lock().unwrap().clone();
        assert!(times[..at_once].iter().all(|time| *time == start), "seed {seed}: {times:?}");
        let minute = start + Duration::from_secs(60);
        assert!(times[at_once + 1..].iter().all(|time| *time >= minute), "seed {seed}: {times:?}");
    }
}

#[test]
fn calls_dropped_at_any_point_leave_no_permit_no_place_and_no_sleep_behind() {
    let mut dropped = Vec::new();
    for_each(seeds(SHORT, FULL), |seed| {
        let scene = Scene::new(seed);
        let calls = if scene.limit.is_some() { 12 } else { 120 };
        scene.world.server.clock.run(join_all((0..calls).map(|number| scene.call_and_drop(number)))).unwrap();
        scene.assert_as_new(seed);
        dropped.append(&mut scene.dropped.lock().unwrap());
    });
    for phase in [Phase::Queue, Phase::LimitSource, Phase::Attempt, Phase::Backoff] {
        let number = dropped.iter().filter(|dropped| **dropped == phase).count();
        println!("{number} dropped in {phase:?}");
        assert!(number > 0, "none was dropped in {phase:?}");
    }
    assert!(dropped.len() >= 1_000, "{}", dropped.len());
}
