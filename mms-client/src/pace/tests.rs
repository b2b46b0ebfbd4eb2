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
    answer: Result<u32, NoLimit>,
    asked: Mutex<u32>,
}

impl LookUp for Desk {
    fn api_limit(&self, id: OrganizationId, _: Duration) -> BoxFuture<'_, Result<u32, NoLimit>> {
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
        Self::at(&FakeClock::new(), limit, log, Err(NoLimit::Refused(403)))
    }

    fn at(clock: &FakeClock, limit: Option<u32>, log: Option<Arc<dyn SendLog>>, answer: Result<u32, NoLimit>) -> Self {
        Self::telling(clock, limit, log, answer, Listener::default())
    }

    /// The same, where somebody is told of waits.
    fn telling(
        clock: &FakeClock,
        limit: Option<u32>,
        log: Option<Arc<dyn SendLog>>,
        answer: Result<u32, NoLimit>,
        wait: Listener<Wait>,
    ) -> Self {
        static SENDERS: Mutex<u64> = Mutex::new(0);
        *SENDERS.lock().unwrap() += 1;
        let random = Arc::new(SeededRandom::new(*SENDERS.lock().unwrap()));
        let limit = limit.and_then(NonZeroU32::new);
        let base_url = "http://127.0.0.1:1/api/v2".to_owned();
        let rules = Rules { pace: Pace::Even, limit, own: None, base_url, log, wait };
        Self {
            clock: clock.clone(),
            pacer: Pacer::new(rules, Arc::new(clock.clone()), random),
            desk: Desk { clock: clock.clone(), answer, asked: Mutex::new(0) },
        }
    }

    async fn turn(&self) -> Permit {
        self.pacer.join(Some(ORGANIZATION)).turn(FOR_EVER, &self.desk).await.unwrap()
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
    let mut other = pin!(other.turn(FOR_EVER, &world.desk));
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
    let an_hour = caller.turn(Duration::from_secs(3_600), &world.desk);
    assert!(world.clock.run(an_hour).unwrap().is_none(), "nothing but its end frees it");
    drop(under_way);
}

#[test]
fn the_limit_is_asked_for_before_the_assumed_one_would_hold_anything_up() {
    let world = World::at(&FakeClock::new(), None, None, Ok(1000));
    let times = world.run(57);
    assert_eq!((seconds(&times), *world.desk.asked.lock().unwrap()), (vec![0; 57], 0));
    let times = world.run(930);
    assert_eq!((times[929].as_millis(), *world.desk.asked.lock().unwrap()), (50, 1));
    assert_eq!(seconds(&world.run(10))[9], 60);
}

#[test]
fn a_limit_that_the_server_does_not_give_stays_60_and_is_asked_for_once() {
    for reason in [NoLimit::Refused(403), NoLimit::Refused(404), NoLimit::Unknown] {
        let world = World::at(&FakeClock::new(), None, None, Err(reason));
        let times = world.run(130);
        assert_eq!(*world.desk.asked.lock().unwrap(), 1, "{reason}");
        assert_eq!((times[56].as_secs(), times[57].as_secs()), (0, 60), "the question took a slot");
    }
}

#[test]
fn a_question_that_was_not_answered_is_asked_again_a_minute_later() {
    for reason in [NoLimit::Unanswered, NoLimit::Refused(503)] {
        let mut world = World::at(&FakeClock::new(), None, None, Err(reason));
        world.run(58);
        assert_eq!(*world.desk.asked.lock().unwrap(), 1, "{reason}");
        world.desk.answer = Ok(1000);
        let times = world.run(100);
        assert_eq!(*world.desk.asked.lock().unwrap(), 2, "{reason}");
        assert!(times[99].as_secs() < 170, "{reason}: {:?}", times[99]);
    }
}

#[test]
fn a_question_that_meets_a_429_makes_everything_wait() {
    let world = World::at(&FakeClock::new(), None, None, Err(NoLimit::Limited(Duration::from_secs(90))));
    let times = world.run(58);
    assert_eq!((times[56].as_secs(), times[57].as_secs()), (0, 90));
}

#[test]
fn questions_that_meet_nothing_but_429s_hold_no_request_for_ever() {
    for wait in [0, 10, 60] {
        let world = World::at(&FakeClock::new(), None, None, Err(NoLimit::Limited(Duration::from_secs(wait))));
        let times = world.run(200);
        let asked = u64::from(*world.desk.asked.lock().unwrap());
        let minutes = times[199].as_secs() / 60;
        assert!((2..=minutes + 1).contains(&asked), "{wait} s: {asked} questions in {minutes} minutes");
    }
}

#[test]
fn while_a_429_slows_the_pace_the_limit_is_asked_for_before_the_next_request() {
    let clock = FakeClock::new();
    let log: Arc<dyn SendLog> = Arc::new(MemorySendLog::default());
    let first = World::at(&clock, Some(1000), Some(log.clone()), Err(NoLimit::Unknown));
    clock.run(async { first.turn().await.limited(Duration::from_secs(5)) }).unwrap();
    let next = World::at(&clock, None, Some(log), Ok(1000));
    assert_eq!(seconds(&next.run(10)), [5; 10], "at 0.7 of 1000 a minute, and not of the 60 that are assumed");
    assert_eq!(*next.desk.asked.lock().unwrap(), 1);
}

#[test]
fn a_limit_that_one_has_learnt_is_known_to_those_who_share_its_log_for_two_minutes() {
    let (clock, directory) = (FakeClock::new(), tempfile::tempdir().unwrap());
    let memory: Arc<dyn SendLog> = Arc::new(MemorySendLog::default());
    let file: Arc<dyn SendLog> = Arc::new(FileSendLog::new(directory.path()));
    for log in [memory, file] {
        let client = || World::at(&clock, None, Some(log.clone()), Ok(1000));
        let first = client();
        first.run(60);
        assert_eq!(*first.desk.asked.lock().unwrap(), 1);
        clock.advance(Duration::from_secs(100));
        let second = client();
        let times = second.run(100);
        assert_eq!((times[0], *second.desk.asked.lock().unwrap()), (times[99], 0));
        clock.advance(Duration::from_secs(125));
        let third = client();
        third.run(60);
        assert_eq!(*third.desk.asked.lock().unwrap(), 1, "it may have changed");
        clock.advance(Duration::from_secs(600));
    }
}

/// A server that is silent when it is asked for its limit, for as long as anybody waits.
#[derive(Debug)]
struct Silent(FakeClock, Mutex<u32>);

impl LookUp for Silent {
    fn api_limit(&self, _: OrganizationId, timeout: Duration) -> BoxFuture<'_, Result<u32, NoLimit>> {
        *self.1.lock().unwrap() += 1;
        async move {
            self.0.sleep(timeout).await;
            Err(NoLimit::Unanswered)
        }
        .boxed()
    }
}

#[test]
fn a_question_that_nobody_waits_for_any_more_is_left_to_nobody() {
    let world = World::new(None, None);
    let silent = Silent(world.clock.clone(), Mutex::new(0));
    let mut sent = 0;
    let calls = async {
        world.turn().await.limited(Duration::from_secs(1));
        for _ in 0..100 {
            // Each of them gives up before the question does.
            let caller = world.pacer.join(Some(ORGANIZATION));
            let turn = pin!(caller.turn(FOR_EVER, &silent));
            if let Either::Left(_) = select(turn, world.clock.sleep(Duration::from_secs(3))).await {
                sent += 1;
            }
        }
    };
    world.clock.run(calls).unwrap();
    let (asked, minutes) = (*silent.1.lock().unwrap(), world.clock.now().as_secs() / 60);
    assert!(u64::from(asked) <= minutes + 1, "asked {asked} times in {minutes} minutes");
    assert_eq!(sent + asked, 100, "every other call is sent");
}

#[test]
fn a_silent_server_is_asked_by_those_alone_who_have_time_for_it() {
    // The question takes the last slot of this minute.
    for (patience, sent_at, asked) in [(90, 60, 1), (4, 0, 0)] {
        let world = World::new(None, None);
        let silent = Silent(world.clock.clone(), Mutex::new(0));
        world.run(57);
        let deadline = world.clock.now() + Duration::from_secs(patience);
        let caller = world.pacer.join(Some(ORGANIZATION));
        let permit = world.clock.run(caller.turn(deadline, &silent)).unwrap();
        let seen = (permit.is_some(), world.clock.now().as_secs(), *silent.1.lock().unwrap());
        assert_eq!(seen, (true, sent_at, asked), "{patience} s");
    }
}

#[test]
fn after_a_429_of_others_nobody_asks_ahead_of_the_pace() {
    let clock = FakeClock::new();
    let log: Arc<dyn SendLog> = Arc::new(MemorySendLog::default());
    let first = World::at(&clock, Some(60), Some(log.clone()), Err(NoLimit::Unknown));
    first.run(57);
    clock.run(async { first.turn().await.limited(Duration::from_secs(5)) }).unwrap();
    clock.advance(Duration::from_secs(6));
    let limited = Err(NoLimit::Limited(Duration::from_secs(5)));
    let others: Vec<World> = (0..20).map(|_| World::at(&clock, None, Some(log.clone()), limited)).collect();
    let deadline = clock.now() + Duration::from_secs(10);
    let turns = others.iter().map(async |other| {
        let caller = other.pacer.join(Some(ORGANIZATION));
        caller.turn(deadline, &other.desk).await.is_some()
    });
    let sent = clock.run(join_all(turns)).unwrap();
    assert!(sent.iter().all(|sent| !sent), "the minute is used up");
    assert!(others.iter().all(|other| *other.desk.asked.lock().unwrap() == 0));
}

#[test]
fn a_429_of_others_is_heeded_after_the_wall_clock_was_set_back() {
    let clock = FakeClock::new();
    let log: Arc<dyn SendLog> = Arc::new(MemorySendLog::default());
    let [one, two] = [(); 2].map(|()| World::at(&clock, Some(60), Some(log.clone()), Err(NoLimit::Unknown)));
    let refused = async |seconds| one.turn().await.limited(Duration::from_secs(seconds));
    clock.run(refused(1)).unwrap();
    clock.advance(Duration::from_secs(2));
    two.run(1);
    clock.advance(Duration::from_secs(60));
    clock.shift_wall(-300_000);
    two.run(1);
    clock.run(refused(60)).unwrap();
    let resumed = clock.now() + Duration::from_secs(60);
    two.run(1);
    assert!(clock.now() >= resumed, "{:?} before {resumed:?}", clock.now());
}

#[test]
fn others_who_send_more_than_the_assumed_limit_are_a_reason_to_ask_at_once() {
    let clock = FakeClock::new();
    let log: Arc<dyn SendLog> = Arc::new(MemorySendLog::default());
    World::at(&clock, Some(1000), Some(log.clone()), Err(NoLimit::Unknown)).run(300);
    let next = World::at(&clock, None, Some(log), Ok(1000));
    assert_eq!(seconds(&next.run(1)), [0]);
    assert_eq!(*next.desk.asked.lock().unwrap(), 1);
}

#[test]
fn a_wait_is_told_before_it_begins() {
    let told = Arc::new(Mutex::new(Vec::new()));
    let (clock, list) = (FakeClock::new(), told.clone());
    let listener = {
        let clock = clock.clone();
        Listener::telling(move |wait: &Wait| list.lock().unwrap().push((clock.now(), wait.duration)))
    };
    let world = World::telling(&clock, Some(4), None, Ok(4), listener);
    let times = world.run(3);
    assert_eq!(told.lock().unwrap().iter().map(|(at, _)| *at).next(), Some(Duration::ZERO));
    let waited: Duration = told.lock().unwrap().iter().map(|(_, wait)| *wait).sum();
    assert_eq!(waited, times[2], "{told:?}");
}

#[test]
fn who_has_to_send_again_keeps_the_place() {
    let world = World::new(Some(4), None);
    let order = Mutex::new(Vec::new());
    let call = async |number: u32, times: u32| {
        let caller = world.pacer.join(Some(ORGANIZATION));
        for _ in 0..times {
            drop(caller.turn(FOR_EVER, &world.desk).await.unwrap());
            world.clock.sleep(Duration::from_millis(1)).await;
        }
        order.lock().unwrap().push(number);
    };
    world.clock.run(join_all((0..6).map(|number| call(number, if number == 0 { 4 } else { 1 })))).unwrap();
    // Two slots: both are used before the first has to come again, and from then on it goes before the others.
    assert_eq!(*order.lock().unwrap(), [1, 0, 2, 3, 4, 5]);
}

#[test]
fn a_limit_set_by_hand_or_of_no_organization_is_never_asked_for() {
    let world = World::at(&FakeClock::new(), Some(60), None, Ok(1000));
    world.run(130);
    assert_eq!(*world.desk.asked.lock().unwrap(), 0);
    let world = World::at(&FakeClock::new(), None, None, Ok(1000));
    let turns = async {
        for _ in 0..130 {
            drop(world.pacer.join(None).turn(FOR_EVER, &world.desk).await);
        }
    };
    world.clock.run(turns).unwrap();
    assert_eq!(*world.desk.asked.lock().unwrap(), 0);
    assert!(world.clock.now() > Duration::from_secs(120));
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

#[test]
fn a_429_is_everybodys_who_shares_the_log() {
    let directory = tempfile::tempdir().unwrap();
    let file: Arc<dyn SendLog> = Arc::new(FileSendLog::new(directory.path().join("pace")));
    for log in [file, Arc::new(MemorySendLog::default())] {
        let clock = FakeClock::new();
        let [first, second] = [(); 2].map(|()| World::at(&clock, Some(100), Some(log.clone()), Err(NoLimit::Unknown)));
        first.turn().now_or_never().unwrap().limited(Duration::from_secs(30));
        let times = second.run(3);
        assert_eq!(times[0], Duration::from_secs(30));
        let gap = times[2].saturating_sub(times[1]).as_secs_f64();
        assert!((gap - 60.0 / 68.0).abs() < 1e-6, "{gap}");
    }
}

#[test]
fn clients_side_by_side_never_take_the_same_slot() {
    let directory = tempfile::tempdir().unwrap();
    let file: Arc<dyn SendLog> = Arc::new(FileSendLog::new(directory.path().join("pace")));
    for log in [file, Arc::new(MemorySendLog::default())] {
        let clock = FakeClock::new();
        let sent: usize = std::thread::scope(|scope| {
            let clients: Vec<_> = (0..8)
                .map(|_| World::at(&clock, Some(10), Some(log.clone()), Err(NoLimit::Unknown)))
                .map(|client| scope.spawn(move || (0..3).filter(|_| client.turn().now_or_never().is_some()).count()))
                .collect();
            clients.into_iter().map(|client| client.join().unwrap()).sum()
        });
        assert_eq!(sent, 8);
    }
}

#[test]
fn a_clock_that_was_set_back_costs_a_minute_and_not_the_time_that_it_was_set_back_by() {
    let directory = tempfile::tempdir().unwrap();
    let file: Arc<dyn SendLog> = Arc::new(FileSendLog::new(directory.path().join("pace")));
    for log in [file, Arc::new(MemorySendLog::default())] {
        let clock = FakeClock::new();
        let client = || World::at(&clock, Some(60), Some(log.clone()), Err(NoLimit::Unknown));
        client().run(58);
        clock.shift_wall(-3_600_000);
        assert_eq!(seconds(&client().run(1)), [61]);
    }
}

#[test]
fn clients_that_share_a_log_count_as_one() {
    let log: Arc<dyn SendLog> = Arc::new(MemorySendLog::default());
    let clock = FakeClock::new();
    let [first, second] = [(); 2].map(|()| World::at(&clock, Some(60), Some(log.clone()), Err(NoLimit::Unknown)));
    first.run(40);
    let times = second.run(20);
    assert_eq!(seconds(&times[..18]), [0; 18]);
    assert_eq!(seconds(&times[18..]), [60, 61], "until then the slots are the other's");
}

#[test]
fn a_client_that_comes_after_another_knows_what_that_one_sent() {
    let directory = tempfile::tempdir().unwrap();
    let clock = FakeClock::new();
    let client = || {
        let log: Arc<dyn SendLog> = Arc::new(FileSendLog::new(directory.path().join("pace")));
        World::at(&clock, Some(60), Some(log), Err(NoLimit::Unknown))
    };
    assert_eq!(seconds(&client().run(50)), [0; 50]);
    clock.advance(Duration::from_secs(20));
    let times = client().run(9);
    assert_eq!((times[7].as_secs(), times[8].as_secs()), (20, 61), "a second more, for what was under way");
}

#[test]
fn a_log_that_cannot_be_read_is_taken_for_a_whole_minute_once() {
    #[derive(Debug)]
    struct Broken;
    impl SendLog for Broken {
        fn exchange(
            &self,
            _: &SendLogKey,
            _: SystemTime,
            _: SystemTime,
            _: &mut dyn FnMut(&[Sent]) -> Option<Sent>,
        ) -> std::io::Result<()> {
            Err(std::io::Error::other("broken"))
        }
    }
    let times = World::new(Some(60), Some(Arc::new(Broken))).run(3);
    assert_eq!(seconds(&times), [60, 61, 62]);
}
