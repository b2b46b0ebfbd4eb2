//! Tests of the pace: bursts, order, pauses.

mod group;
mod limit;
mod shared_log;
mod taken;

use std::num::NonZeroU32;
use std::pin::pin;
use std::sync::Mutex;
use std::task::{Context, Waker};
use std::time::SystemTime;

use futures_util::FutureExt;
use futures_util::future::{Either, join, join_all, select};

use super::*;
use crate::env::clock::FakeClock;
use crate::env::random::SeededRandom;

const ORGANIZATION: OrganizationId = OrganizationId::new(11);
const FOR_EVER: Duration = Duration::from_secs(1 << 40);

/// A server that says its limit, or does not, and counts who asks.
#[derive(Debug)]
struct Desk {
    clock: FakeClock,
    answer: Result<u32, LimitError>,
    asked: Mutex<u32>,
}

impl LimitSource for Desk {
    fn api_limit(&self, id: OrganizationId, _: Duration) -> BoxFuture<'_, Result<u32, LimitError>> {
        assert_eq!(id, ORGANIZATION);
        *self.asked.lock().unwrap() += 1;
        async {
            self.clock.sleep(Duration::from_millis(50)).await;
            self.answer
        }
        .boxed()
    }
}

struct World {
    clock: FakeClock,
    pacer: Pacer,
    desk: Desk,
}

impl World {
    fn new(limit: Option<u32>, log: Option<Arc<dyn SendLog>>) -> Self {
        Self::at(&FakeClock::new(), limit, log, Err(LimitError::Refused(403)))
    }

    fn at(
        clock: &FakeClock,
        limit: Option<u32>,
        log: Option<Arc<dyn SendLog>>,
        answer: Result<u32, LimitError>,
    ) -> Self {
        Self::telling(clock, limit, log, answer, Observer::default())
    }

    /// The same, where somebody is told of waits.
    fn telling(
        clock: &FakeClock,
        limit: Option<u32>,
        log: Option<Arc<dyn SendLog>>,
        answer: Result<u32, LimitError>,
        wait: Observer<Wait>,
    ) -> Self {
        static SENDERS: Mutex<u64> = Mutex::new(0);
        *SENDERS.lock().unwrap() += 1;
        let random = Arc::new(SeededRandom::new(*SENDERS.lock().unwrap()));
        let limit = limit.and_then(NonZeroU32::new);
        let base_url = "http://127.0.0.1:1/api/v2".to_owned();
        let config = PacerConfig { pace: Pace::Even, limit, own: None, base_url, log, wait };
        Self {
            clock: clock.clone(),
            pacer: Pacer::new(config, Arc::new(clock.clone()), random),
            desk: Desk { clock: clock.clone(), answer, asked: Mutex::new(0) },
        }
    }

    async fn turn(&self) -> Permit {
        self.pacer.join(Some(ORGANIZATION)).turn(FOR_EVER, Group::default(), &self.desk).await.unwrap()
    }

    /// Sends so many requests that take no time, and returns when each was sent.
    async fn send(&self, requests: usize) -> Vec<Duration> {
        let mut times = Vec::new();
        for _ in 0..requests {
            drop(self.turn().await);
            times.push(self.clock.now());
        }
        times
    }

    fn run(&self, requests: usize) -> Vec<Duration> {
        self.clock.run(self.send(requests)).unwrap()
    }
}

fn seconds(times: &[Duration]) -> Vec<u64> {
    times.iter().map(Duration::as_secs).collect()
}

#[test]
fn a_burst_is_followed_by_one_request_every_part_of_a_minute() {
    let times = World::new(Some(60), None).run(62);
    assert_eq!(seconds(&times[..58]), [0; 58]);
    assert_eq!(seconds(&times[58..]), [60, 61, 62, 63]);
}

#[test]
fn two_quiet_minutes_give_the_burst_back() {
    let world = World::new(Some(60), None);
    world.run(58);
    world.clock.advance(Duration::from_secs(120));
    assert_eq!(seconds(&world.run(58)), [120; 58]);
}

#[test]
fn the_smallest_limits_send_one_request_a_minute() {
    for limit in [1, 2, 3] {
        assert_eq!(seconds(&World::new(Some(limit), None).run(3)), [0, 60, 120], "{limit}");
    }
}

#[test]
fn turns_come_in_the_order_of_asking_and_each_organization_has_its_own() {
    let world = World::new(Some(4), None);
    let order = Mutex::new(Vec::new());
    let calls = (0..8).map(|number| {
        let (world, order) = (&world, &order);
        async move {
            drop(world.turn().await);
            order.lock().unwrap().push(number);
        }
    });
    world.clock.run(join_all(calls)).unwrap();
    assert_eq!(*order.lock().unwrap(), [0, 1, 2, 3, 4, 5, 6, 7]);

    let other = world.pacer.join(Some(OrganizationId::new(12)));
    let mut other = pin!(other.turn(FOR_EVER, Group::default(), &world.desk));
    assert!(other.as_mut().poll(&mut Context::from_waker(Waker::noop())).is_ready(), "its limit is untouched");
}

#[test]
fn who_stops_waiting_gives_the_place_back_and_a_dropped_request_counts_as_answered() {
    let world = World::new(Some(3), None);
    let under_way = world.turn().now_or_never().unwrap();
    let given_up: Vec<_> = (0..10)
        .map(|_| {
            let mut turn = Box::pin(world.turn());
            assert!(turn.as_mut().poll(&mut Context::from_waker(Waker::noop())).is_pending());
            turn
        })
        .collect();
    drop(given_up);
    assert_eq!(world.clock.sleepers(), 0);
    world.clock.advance(Duration::from_secs(10));
    let next = world.send(1);
    let ended = async { drop(under_way) };
    let (times, ()) = world.clock.run(join(next, ended)).unwrap();
    assert_eq!(seconds(&times), [70], "a minute after the one before had ended");
}

#[test]
fn a_request_without_an_end_holds_its_slot() {
    let world = World::new(Some(3), None);
    let under_way = world.turn().now_or_never().unwrap();
    let caller = world.pacer.join(Some(ORGANIZATION));
    let an_hour = caller.turn(Duration::from_secs(3_600), Group::default(), &world.desk);
    assert!(world.clock.run(an_hour).unwrap().is_none(), "nothing but its end frees it");
    drop(under_way);
}

#[test]
fn a_wait_is_told_before_it_begins() {
    let told = Arc::new(Mutex::new(Vec::new()));
    let (clock, list) = (FakeClock::new(), told.clone());
    let listener = {
        let clock = clock.clone();
        Observer::new(move |wait: &Wait| list.lock().unwrap().push((clock.now(), wait.duration)))
    };
    let world = World::telling(&clock, Some(4), None, Ok(4), listener);
    let times = world.run(3);
    assert_eq!(told.lock().unwrap().iter().map(|(at, _)| *at).next(), Some(Duration::ZERO));
    let waited: Duration = told.lock().unwrap().iter().map(|(_, wait)| *wait).sum();
    assert_eq!(waited, times[2], "{told:?}");
}

#[test]
fn a_wait_tells_what_the_limit_allows_still() {
    let left_when_waiting = |before: fn(&World)| {
        let told = Arc::new(Mutex::new(Vec::new()));
        let list = told.clone();
        let listener = Observer::new(move |wait: &Wait| list.lock().unwrap().push(wait.requests.unwrap()));
        let world = World::telling(&FakeClock::new(), Some(10), None, Ok(10), listener);
        before(&world);
        world.run(1);
        let first = *told.lock().unwrap().first().unwrap();
        (first.left, first.per_minute)
    };
    assert_eq!(left_when_waiting(|world| drop(world.run(8))), (0, 10), "8 of 10 are used at most, and they are sent");
    let refused = |world: &World| world.turn().now_or_never().unwrap().limited(Duration::from_secs(30));
    assert_eq!(left_when_waiting(refused), (4, 10), "a 429 leaves seven tenths, less 2");
}

#[test]
fn who_has_to_send_again_keeps_the_place() {
    let world = World::new(Some(4), None);
    let order = Mutex::new(Vec::new());
    let call = async |number: u32, times: u32| {
        let caller = world.pacer.join(Some(ORGANIZATION));
        for _ in 0..times {
            drop(caller.turn(FOR_EVER, Group::default(), &world.desk).await.unwrap());
            world.clock.sleep(Duration::from_millis(1)).await;
        }
        order.lock().unwrap().push(number);
    };
    world.clock.run(join_all((0..6).map(|number| call(number, if number == 0 { 4 } else { 1 })))).unwrap();
    // Two slots: both are used before the first has to come again, and from then on it goes before the others.
    assert_eq!(*order.lock().unwrap(), [1, 0, 2, 3, 4, 5]);
}

#[test]
fn a_429_holds_everything_for_as_long_as_said_and_then_the_pace_is_seven_tenths() {
    let world = World::new(Some(100), None);
    let refused = world.turn().now_or_never().unwrap();
    refused.limited(Duration::from_secs(30));
    let times = world.run(3);
    assert_eq!(times[0], Duration::from_secs(30));
    let gap = times[2].saturating_sub(times[1]);
    assert!((gap.as_secs_f64() - 60.0 / 68.0).abs() < 1e-6, "{gap:?}");
}

#[test]
fn several_429s_of_one_pause_count_once_and_the_pace_recovers_slowly() {
    let world = World::new(Some(100), None);
    let refused: Vec<_> = (0..5).map(|_| world.turn().now_or_never().unwrap()).collect();
    for permit in refused {
        permit.limited(Duration::from_secs(60));
    }
    world.run(1);
    for (minutes, percent) in [(0, 70.0), (1, 75.0), (3, 85.0), (6, 100.0), (60, 100.0)] {
        world.clock.advance(Duration::from_secs(60 * (1 + minutes)).saturating_sub(world.clock.now()));
        let mut schedule = world.run(2);
        let gap = schedule.pop().unwrap().saturating_sub(schedule.pop().unwrap()).as_secs_f64();
        // Recovered, the few requests of these minutes go at once.
        let expected = if percent < 100.0 { 60.0 / (percent - 2.0) } else { 0.0 };
        assert!((gap - expected).abs() < 1e-6, "after {minutes} minutes: {gap}");
    }
}

#[test]
fn the_429s_of_one_burst_count_once_though_none_asks_for_a_wait() {
    let world = World::new(Some(100), None);
    let refused: Vec<_> = (0..50).map(|_| world.turn().now_or_never().unwrap()).collect();
    world.clock.advance(Duration::from_millis(50));
    for permit in refused {
        permit.limited(Duration::ZERO);
    }
    let times = world.run(2);
    let gap = times[1].saturating_sub(times[0]).as_secs_f64();
    assert!((gap - 60.0 / 68.0).abs() < 1e-6, "{gap}");
}
