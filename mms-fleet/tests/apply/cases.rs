//! What becomes of an apply on good and bad days.

use std::cell::RefCell;
use std::sync::Mutex;
use std::time::Duration;

use futures_util::future::join;
use mms_client::{Clock, Counting, MemoryJournal, SimulatedDistributor, WriteJournal};
use mms_fleet::{Event, NotBegun, StepEnd, StopSignal};

use crate::world::{PARENT, World, allocate, create, run};

#[test]
fn decreases_creates_and_increases_are_done_and_read_back() {
    let world = World::new(SimulatedDistributor::new(20_000, 1));
    let (sol, mar) = (world.distributor.add("Sol", 10_000), world.distributor.add("Mar", 10_000));

    let report = world.run(&[allocate(mar, 10_000, 0), create("Luna", 10_000)]).unwrap();
    assert!(report.is_done(), "{report:?}");
    assert_eq!(report.read_back.pool, Some(0));

    let report = world.run(&[allocate(sol, 10_000, 0), allocate(mar, 0, 10_000)]).unwrap();
    assert!(report.is_done(), "{report:?}");
    assert_eq!(world.distributor.short(), 0);
    assert_eq!(world.journal.history().unwrap().writes.len(), 4, "each write is written down");
    assert_eq!(world.journal.history().unwrap().writes[0].run(), Some(&run(0, None).id));
}

#[test]
fn an_increase_waits_for_the_decrease_that_pays_for_it() {
    let world = World::new(SimulatedDistributor::new(70_000, 2));
    let children: Vec<_> = (0..7).map(|index| world.distributor.add(&format!("Child {index}"), 10_000)).collect();
    let lowered = children[..3].iter().map(|child| allocate(*child, 10_000, 0));
    let raised = children[3..].iter().map(|child| allocate(*child, 10_000, 20_000));
    let report = world.run(&lowered.chain(raised).collect::<Vec<_>>()).unwrap();

    assert_eq!(report.count(StepEnd::is_done), 6, "three decreases pay for three increases");
    assert_eq!(report.steps[6].end, StepEnd::NotBegun { why: NotBegun::PoolTooSmall { pool: 0 } });
    assert_eq!(world.distributor.short(), 0, "nothing was sent that the pool could not bear");
}

#[test]
fn the_reserve_stays_in_the_pool_at_every_step() {
    let world = World::new(SimulatedDistributor::new(50_000, 3));
    let child = world.distributor.add("Sol", 0);
    let steps = [allocate(child, 0, 30_000), create("Luna", 10_000)];
    let clock = world.distributor.fake_clock();
    let report = clock.run(world.apply(0).keeping(20_000).run(&steps, &StopSignal::new(), &|_| {})).unwrap().unwrap();

    assert!(report.steps[0].end.is_done());
    assert_eq!(report.steps[1].end, StepEnd::NotBegun { why: NotBegun::PoolTooSmall { pool: 20_000 } });
}

#[test]
fn a_child_that_somebody_else_changed_is_reported_and_the_rest_goes_on() {
    let world = World::new(SimulatedDistributor::new(500_000, 4));
    let children: Vec<_> = (0..5).map(|index| world.distributor.add(&format!("Child {index}"), 10_000)).collect();
    let steps: Vec<_> = children.iter().map(|child| allocate(*child, 10_000, 20_000)).collect();
    world.distributor.set_by_another(children[2], 40_000);

    let report = world.run(&steps).unwrap();
    assert!(matches!(report.steps[2].end, StepEnd::Changed { found: Some(40_000), .. }), "{report:?}");
    assert_eq!((report.count(StepEnd::is_done), world.distributor.credits(children[2])), (4, Some(40_000)));
    assert!(!report.is_done() && !report.is_unknown());
}

#[test]
fn a_change_by_somebody_else_after_the_write_is_a_difference_at_the_end() {
    let world = World::new(SimulatedDistributor::new(500_000, 5));
    let child = world.distributor.add("Sol", 10_000);
    let steps = [allocate(child, 10_000, 20_000)];
    let report = world
        .run_watched(&steps, &StopSignal::new(), &|event| {
            if matches!(event, Event::Ended { .. }) {
                world.distributor.set_by_another(child, 70_000);
            }
        })
        .unwrap();

    assert_eq!(report.read_back.differences.len(), 1, "{report:?}");
    assert_eq!(report.read_back.differences[0].found, Some(70_000));
    assert!(report.is_unknown(), "it is not as it was left");
}

#[test]
fn a_step_that_is_there_already_sends_nothing() {
    let world = World::new(SimulatedDistributor::new(500_000, 6));
    let (child, luna) = (world.distributor.add("Sol", 20_000), world.distributor.add("Luna", 30_000));
    let report = world.run(&[allocate(child, 20_000, 20_000), create("Luna", 10_000)]).unwrap();

    assert!(report.is_done(), "{report:?}");
    assert_eq!((world.distributor.writes(), world.distributor.credits(luna)), (0, Some(30_000)));
}

#[test]
fn a_stop_signal_lets_what_is_under_way_end_and_begins_nothing_more() {
    let world = World::new(SimulatedDistributor::new(500_000, 7));
    let children: Vec<_> = (0..40).map(|index| world.distributor.add(&format!("Child {index}"), 10_000)).collect();
    let steps: Vec<_> = children.iter().map(|child| allocate(*child, 10_000, 20_000)).collect();
    let (stop, ended) = (StopSignal::new(), Mutex::new(0));
    let report = world
        .run_watched(&steps, &stop, &|event| {
            if matches!(event, Event::Ended { end: StepEnd::Done { .. }, .. }) {
                *ended.lock().unwrap() += 1;
                if *ended.lock().unwrap() == 5 {
                    stop.give();
                }
            }
        })
        .unwrap();

    let done = report.count(StepEnd::is_done);
    assert!((5..=12).contains(&done), "{done} with 8 under way at most");
    assert_eq!(report.count(|end| *end == StepEnd::NotBegun { why: NotBegun::Interrupted }), 40 - done);
    assert_eq!(world.distributor.writes(), done);
    assert!(world.journal.open_allocations().unwrap().is_empty());
}

#[test]
fn steps_that_wait_for_their_turns_one_after_the_other_show_nobody_else() {
    for (seed, stopped_after) in [(16, usize::MAX), (17, 30)] {
        let world = World::new(SimulatedDistributor::new(5_000_000, seed).with_limit(20, Counting::Bucket));
        let children: Vec<_> = (0..40).map(|index| world.distributor.add(&format!("Child {index}"), 10_000)).collect();
        let steps: Vec<_> = children.iter().map(|child| allocate(*child, 10_000, 20_000)).collect();
        let (stop, ended) = (StopSignal::new(), Mutex::new(0));
        let report = world
            .run_watched(&steps, &stop, &|event| {
                if matches!(event, Event::Ended { .. }) {
                    *ended.lock().unwrap() += 1;
                    if *ended.lock().unwrap() == stopped_after {
                        stop.give();
                    }
                }
            })
            .unwrap();

        assert!(report.count(StepEnd::is_done) >= 30, "{report:?}");
        assert_eq!(report.count(|end| matches!(end, StepEnd::Done { remark: Some(_), .. })), 0, "{report:?}");
    }
}

#[test]
fn a_saved_plan_is_carried_out_once() {
    let world = World::new(SimulatedDistributor::new(500_000, 8));
    let child = world.distributor.add("Sol", 10_000);
    let steps = [allocate(child, 10_000, 20_000)];
    let clock = world.distributor.fake_clock();
    let apply = |seed| mms_fleet::Apply::new(&world.distributor, &world.journal, &world.policy, run(seed, Some("p1")));
    clock.run(apply(1).run(&steps, &StopSignal::new(), &|_| {})).unwrap().unwrap();

    world.distributor.set_by_another(child, 10_000);
    let error = clock.run(apply(2).run(&steps, &StopSignal::new(), &|_| {})).unwrap().unwrap_err();
    assert_eq!(error.used_by().map(|run| run.plan.as_deref()), Some(Some("p1")), "{error}");
    assert_eq!(world.distributor.writes(), 1);
}

#[test]
fn no_steps_cost_no_request_and_leave_no_run() {
    let world = World::new(SimulatedDistributor::new(500_000, 9));
    assert!(world.run(&[]).unwrap().is_done());
    assert_eq!((world.distributor.requests(), world.journal.history().unwrap().runs.len()), (0, 0));
}

#[test]
fn a_batch_costs_one_look_its_writes_and_one_reading_back() {
    let world = World::new(SimulatedDistributor::new(5_000_000, 10));
    let children: Vec<_> = (0..100).map(|index| world.distributor.add(&format!("Child {index}"), 10_000)).collect();
    let steps: Vec<_> = children.iter().map(|child| allocate(*child, 10_000, 20_000)).collect();
    assert!(world.run(&steps).unwrap().is_done());
    assert_eq!(world.distributor.requests(), 2 + 100 + 2);
}

#[test]
fn creates_go_alone_and_allocations_side_by_side() {
    let world = World::new(SimulatedDistributor::new(5_000_000, 11));
    let children: Vec<_> = (0..30).map(|index| world.distributor.add(&format!("Child {index}"), 20_000)).collect();
    let mut steps: Vec<_> = children.iter().map(|child| allocate(*child, 20_000, 10_000)).collect();
    steps.insert(10, create("Luna", 10_000));
    steps.push(create("Sol", 10_000));
    let (under_way, most) = (RefCell::new(Vec::<usize>::new()), RefCell::new(0));
    let (under_way, most) = (Mutex::new(under_way), Mutex::new(most));
    let report = world
        .run_watched(&steps, &StopSignal::new(), &|event| {
            let (under_way, most) = (under_way.lock().unwrap(), most.lock().unwrap());
            let mut under_way = under_way.borrow_mut();
            match event {
                Event::Begun { index, .. } => under_way.push(index),
                Event::Ended { index, .. } => under_way.retain(|other| *other != index),
                _ => {}
            }
            assert!(under_way.len() == 1 || !under_way.iter().any(|index| steps[*index].is_create()), "{under_way:?}");
            let mut most = most.borrow_mut();
            *most = under_way.len().max(*most);
        })
        .unwrap();
    assert!(report.is_done(), "{report:?}");
    assert_eq!(most.into_inner().unwrap().into_inner(), 8);
}

#[test]
fn where_the_pool_cannot_be_read_what_takes_from_it_goes_alone() {
    let world = World::new(SimulatedDistributor::new(40_000, 12).with_hidden_pool());
    let children: Vec<_> = (0..3).map(|index| world.distributor.add(&format!("Child {index}"), 10_000)).collect();
    let steps: Vec<_> = children.iter().map(|child| allocate(*child, 10_000, 20_000)).collect();
    let report = world.run(&steps).unwrap();

    assert_eq!(report.count(StepEnd::is_done), 1, "the pool has 10,000 left");
    assert_eq!(report.count(|end| matches!(end, StepEnd::Failed { .. })), 2, "{report:?}");
}

#[test]
fn what_a_killed_apply_left_open_is_settled_by_the_next() {
    let world = World::new(SimulatedDistributor::new(500_000, 13));
    let children: Vec<_> = (0..20).map(|index| world.distributor.add(&format!("Child {index}"), 10_000)).collect();
    let mut steps: Vec<_> = children.iter().map(|child| allocate(*child, 10_000, 20_000)).collect();
    steps.push(create("Luna", 10_000));
    let clock = world.distributor.fake_clock();
    let (apply, stop) = (world.apply(1), StopSignal::new());
    let killed = async {
        let death = clock.sleep(Duration::from_millis(300));
        let run = std::pin::pin!(apply.run(&steps, &stop, &|_| {}));
        futures_util::future::select(run, death).await;
    };
    clock.run(killed).unwrap();
    let open = world.journal.open_allocations().unwrap().len();
    assert!(open > 0, "it died in the midst of it");

    let settled = clock.run(world.apply(2).settle()).unwrap().unwrap();
    assert_eq!(settled.allocations.len(), open);
    for settled in settled.allocations {
        assert_eq!(settled.found, world.distributor.credits(settled.intent.organization_id));
    }
}

#[test]
fn two_applies_on_one_client_do_not_disturb_each_other() {
    let world = World::new(SimulatedDistributor::new(500_000, 14));
    let children: Vec<_> = (0..20).map(|index| world.distributor.add(&format!("Child {index}"), 10_000)).collect();
    let steps = |half: &[_]| half.iter().map(|child| allocate(*child, 10_000, 20_000)).collect::<Vec<_>>();
    let (first, second) = (steps(&children[..10]), steps(&children[10..]));
    let (one, other, stop) = (world.apply(1), world.apply(2), StopSignal::new());
    let both = join(one.run(&first, &stop, &|_| {}), other.run(&second, &stop, &|_| {}));
    let (first, second) = world.distributor.fake_clock().run(both).unwrap();
    assert!(first.unwrap().is_done() && second.unwrap().is_done());
    assert_eq!(world.distributor.writes(), 20);
}

#[test]
fn a_journal_of_one_run_knows_who_did_what() {
    let world = World::new(SimulatedDistributor::new(500_000, 15));
    let child = world.distributor.add("Sol", 10_000);
    world.run(&[allocate(child, 10_000, 30_000)]).unwrap();

    let history = world.journal.history().unwrap();
    assert_eq!(
        (history.runs[0].who.as_str(), &history.runs[0].files[..]),
        ("ada@office", &["fleet.yaml".to_owned()][..])
    );
    assert_eq!((history.runs[0].parent, history.writes.len()), (PARENT, 1));
    let _: &MemoryJournal = &world.journal;
}
