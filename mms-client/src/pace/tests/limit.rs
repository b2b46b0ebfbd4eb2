//! Tests of asking the server for its limit.

use super::*;

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
fn what_is_left_of_a_limit_says_whether_it_is_only_assumed() {
    for (limit, is_assumed) in
        [(Limit::Known(60), false), (Limit::Unasked(Duration::ZERO), true), (Limit::Assumed, true)]
    {
        let left = Schedule::new(Pace::Even, limit).left(Duration::ZERO);
        assert_eq!((left.per_minute, left.is_assumed), (60, is_assumed), "{limit:?}");
    }
}

#[test]
fn a_limit_that_the_server_does_not_give_stays_60_and_is_asked_for_once() {
    for reason in [LimitError::Refused(403), LimitError::Refused(404), LimitError::Unknown] {
        let world = World::at(&FakeClock::new(), None, None, Err(reason));
        let times = world.run(130);
        assert_eq!(*world.desk.asked.lock().unwrap(), 1, "{reason}");
        assert_eq!((times[56].as_secs(), times[57].as_secs()), (0, 60), "the question took a slot");
    }
}

#[test]
fn a_question_that_was_not_answered_is_asked_again_a_minute_later() {
    for reason in [LimitError::Unanswered, LimitError::Refused(503)] {
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
    let world = World::at(&FakeClock::new(), None, None, Err(LimitError::Limited(Duration::from_secs(90))));
    let times = world.run(58);
    assert_eq!((times[56].as_secs(), times[57].as_secs()), (0, 90));
}

#[test]
fn questions_that_meet_nothing_but_429s_hold_no_request_for_ever() {
    for wait in [0, 10, 60] {
        let world = World::at(&FakeClock::new(), None, None, Err(LimitError::Limited(Duration::from_secs(wait))));
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
    let first = World::at(&clock, Some(1000), Some(log.clone()), Err(LimitError::Unknown));
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

impl LimitSource for Silent {
    fn api_limit(&self, _: OrganizationId, timeout: Duration) -> BoxFuture<'_, Result<u32, LimitError>> {
        *self.1.lock().unwrap() += 1;
        async move {
            self.0.sleep(timeout).await;
            Err(LimitError::Unanswered)
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
            let turn = pin!(caller.turn(FOR_EVER, Group::default(), &silent));
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
        let permit = world.clock.run(caller.turn(deadline, Group::default(), &silent)).unwrap();
        let seen = (permit.is_some(), world.clock.now().as_secs(), *silent.1.lock().unwrap());
        assert_eq!(seen, (true, sent_at, asked), "{patience} s");
    }
}

#[test]
fn after_a_429_of_others_nobody_asks_ahead_of_the_pace() {
    let clock = FakeClock::new();
    let log: Arc<dyn SendLog> = Arc::new(MemorySendLog::default());
    let first = World::at(&clock, Some(60), Some(log.clone()), Err(LimitError::Unknown));
    first.run(57);
    clock.run(async { first.turn().await.limited(Duration::from_secs(5)) }).unwrap();
    clock.advance(Duration::from_secs(6));
    let limited = Err(LimitError::Limited(Duration::from_secs(5)));
    let others: Vec<World> = (0..20).map(|_| World::at(&clock, None, Some(log.clone()), limited)).collect();
    let deadline = clock.now() + Duration::from_secs(10);
    let turns = others.iter().map(async |other| {
        let caller = other.pacer.join(Some(ORGANIZATION));
        caller.turn(deadline, Group::default(), &other.desk).await.is_some()
    });
    let sent = clock.run(join_all(turns)).unwrap();
    assert!(sent.iter().all(|sent| !sent), "the minute is used up");
    assert!(others.iter().all(|other| *other.desk.asked.lock().unwrap() == 0));
}

#[test]
fn others_who_send_more_than_the_assumed_limit_are_a_reason_to_ask_at_once() {
    let clock = FakeClock::new();
    let log: Arc<dyn SendLog> = Arc::new(MemorySendLog::default());
    World::at(&clock, Some(1000), Some(log.clone()), Err(LimitError::Unknown)).run(300);
    let next = World::at(&clock, None, Some(log), Ok(1000));
    assert_eq!(seconds(&next.run(1)), [0]);
    assert_eq!(*next.desk.asked.lock().unwrap(), 1);
}

#[test]
fn a_limit_set_by_hand_or_of_no_organization_is_never_asked_for() {
    let world = World::at(&FakeClock::new(), Some(60), None, Ok(1000));
    world.run(130);
    assert_eq!(*world.desk.asked.lock().unwrap(), 0);
    let world = World::at(&FakeClock::new(), None, None, Ok(1000));
    let turns = async {
        for _ in 0..130 {
            drop(world.pacer.join(None).turn(FOR_EVER, Group::default(), &world.desk).await);
        }
    };
    world.clock.run(turns).unwrap();
    assert_eq!(*world.desk.asked.lock().unwrap(), 0);
    assert!(world.clock.now() > Duration::from_secs(120));
}
