//! Tests of clients that share a send log.

use super::*;

#[test]
fn a_429_of_others_is_heeded_after_the_wall_clock_was_set_back() {
    let clock = FakeClock::new();
    let log: Arc<dyn SendLog> = Arc::new(MemorySendLog::default());
    let [one, two] = [(); 2].map(|()| World::at(&clock, Some(60), Some(log.clone()), Err(LimitError::Unknown)));
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
fn a_429_is_everybodys_who_shares_the_log() {
    let directory = tempfile::tempdir().unwrap();
    let file: Arc<dyn SendLog> = Arc::new(FileSendLog::new(directory.path().join("pace")));
    for log in [file, Arc::new(MemorySendLog::default())] {
        let clock = FakeClock::new();
        let [first, second] =
            [(); 2].map(|()| World::at(&clock, Some(100), Some(log.clone()), Err(LimitError::Unknown)));
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
                .map(|_| World::at(&clock, Some(10), Some(log.clone()), Err(LimitError::Unknown)))
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
        let client = || World::at(&clock, Some(60), Some(log.clone()), Err(LimitError::Unknown));
        client().run(58);
        clock.shift_wall(-3_600_000);
        assert_eq!(seconds(&client().run(1)), [61]);
    }
}

#[test]
fn clients_that_share_a_log_count_as_one() {
    let log: Arc<dyn SendLog> = Arc::new(MemorySendLog::default());
    let clock = FakeClock::new();
    let [first, second] = [(); 2].map(|()| World::at(&clock, Some(60), Some(log.clone()), Err(LimitError::Unknown)));
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
        World::at(&clock, Some(60), Some(log), Err(LimitError::Unknown))
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
            _: LogTime,
            _: &mut dyn FnMut(&[Sent]) -> Option<Sent>,
        ) -> std::io::Result<()> {
            Err(std::io::Error::other("broken"))
        }
    }
    let times = World::new(Some(60), Some(Arc::new(Broken))).run(3);
    assert_eq!(seconds(&times), [60, 61, 62]);
}

#[test]
fn what_never_left_counts_for_nobody() {
    let directory = tempfile::tempdir().unwrap();
    let logs: [Arc<dyn SendLog>; 2] =
        [Arc::new(MemorySendLog::default()), Arc::new(FileSendLog::new(directory.path().to_owned()))];
    for log in logs {
        let clock = FakeClock::new();
        let new = || World::at(&clock, Some(60), Some(log.clone()), Err(LimitError::Refused(403)));
        let (one, other) = (new(), new());
        for _ in 0..200 {
            clock.run(async { one.turn().await.unsent() }).unwrap();
        }
        assert_eq!(seconds(&other.run(58)), [0; 58], "{log:?}");
        assert_eq!(seconds(&other.run(1)), [60]);
    }
}

/// Takes so many turns of an organization, or of none, and returns when.
fn turns(world: &World, organization_id: Option<u64>, number: usize) -> Vec<u64> {
    let take = async {
        let mut times = Vec::new();
        for _ in 0..number {
            let ticket = world.pacer.join(organization_id.map(OrganizationId::new));
            drop(ticket.turn(FOR_EVER, Group::default(), &world.desk).await.unwrap());
            times.push(world.clock.now().as_secs());
        }
        times
    };
    world.clock.run(take).unwrap()
}

#[test]
fn a_request_that_names_no_organization_counts_against_every_one() {
    let directory = tempfile::tempdir().unwrap();
    let file = || -> Arc<dyn SendLog> { Arc::new(FileSendLog::new(directory.path().to_owned())) };
    for log in [None, Some(Arc::new(MemorySendLog::default()) as Arc<dyn SendLog>), Some(file())] {
        let clock = FakeClock::new();
        let world = || World::at(&clock, Some(60), log.clone(), Err(LimitError::Unknown));
        let one = world();
        assert_eq!(turns(&one, None, 30), [0; 30]);
        assert_eq!(turns(&one, Some(11), 28), [0; 28]);
        assert!(turns(&one, Some(11), 1)[0] >= 60, "{log:?}");

        clock.advance(Duration::from_secs(600));
        let start = clock.now().as_secs();
        turns(&one, Some(12), 58);
        assert!(turns(&one, None, 1)[0] >= start + 60, "it may count against the busiest, {log:?}");
        if log.is_some() {
            clock.advance(Duration::from_secs(600));
            let start = clock.now().as_secs();
            turns(&one, Some(12), 29);
            turns(&world(), None, 29);
            assert!(turns(&world(), Some(13), 29).iter().all(|at| *at == start), "of another process, {log:?}");
            assert!(turns(&world(), Some(12), 1)[0] >= start + 60);
        }
    }
}

#[test]
fn a_wall_clock_that_is_set_forward_gives_no_second_burst() {
    let directory = tempfile::tempdir().unwrap();
    let file: Arc<dyn SendLog> = Arc::new(FileSendLog::new(directory.path().to_owned()));
    for log in [file, Arc::new(MemorySendLog::default())] {
        let clock = FakeClock::new();
        let world = || World::at(&clock, Some(60), Some(log.clone()), Err(LimitError::Unknown));
        world().run(58);
        clock.shift_wall(3_600_000);
        assert_eq!(seconds(&world().run(1)), [61], "{log:?}");
    }
}
