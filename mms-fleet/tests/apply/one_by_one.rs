//! Steps one by one: what commands that name their children ask for.

use std::sync::Mutex;

use mms_client::{SimulatedDistributor, WriteJournal};
use mms_fleet::{Event, NotBegun, Report, Step, StepEnd, StepResult, StopSignal};

use crate::world::{World, allocate, create};

fn run(world: &World, steps: &[Step], observer: &(dyn Fn(Event<'_>) + Sync)) -> Report {
    let seed = world.journal.history().unwrap().runs.len() as u64;
    let (apply, stop) = (world.apply(seed).one_by_one().without_reading_back(), StopSignal::new());
    world.distributor.fake_clock().run(apply.run(steps, &stop, observer)).expect("nothing waits for ever").unwrap()
}

#[test]
fn none_begins_after_one_that_is_not_done_and_the_report_has_its_error() {
    let world = World::new(SimulatedDistributor::new(500_000, 1));
    let children: Vec<_> = (0..4).map(|index| world.distributor.add(&format!("Child {index}"), 10_000)).collect();
    let steps: Vec<_> = children.iter().map(|child| allocate(*child, 10_000, 20_000)).collect();
    world.distributor.set_by_another(children[1], 70_000);
    let (under_way, most) = (Mutex::new(0_usize), Mutex::new(0));
    let report = run(&world, &steps, &|event| {
        let (mut under_way, mut most) = (under_way.lock().unwrap(), most.lock().unwrap());
        match event {
            Event::Begun { .. } => *under_way += 1,
            Event::Ended { result: Some(_), .. } => *under_way -= 1,
            _ => {}
        }
        *most = (*under_way).max(*most);
    });

    assert!(report.steps[0].end.is_done(), "{report:?}");
    let Some(StepResult::Allocation { set: Err(error), .. }) = &report.steps[1].result else { panic!("{report:?}") };
    assert_eq!((error.is_unexpected(), error.found()), (true, Some(70_000)), "{error}");
    for left in &report.steps[2..] {
        assert_eq!(left.end, StepEnd::NotBegun { why: NotBegun::EarlierNotDone });
    }
    assert_eq!(most.into_inner().unwrap(), 1);
}

#[test]
fn a_write_alone_costs_its_look_and_itself() {
    let world = World::new(SimulatedDistributor::new(500_000, 2));
    let child = world.distributor.add("Sol", 10_000);
    assert!(run(&world, &[allocate(child, 10_000, 20_000)], &|_| {}).is_done());
    assert_eq!(world.distributor.requests(), 2 + 1);

    let report = run(&world, &[create("Luna", 10_000)], &|_| {});
    assert!(matches!(report.steps[0].result, Some(StepResult::Create(Ok(_)))), "{report:?}");
}

#[test]
fn several_share_one_look_and_take_no_more_than_the_pool_has() {
    let world = World::new(SimulatedDistributor::new(50_000, 3));
    let children: Vec<_> = (0..3).map(|index| world.distributor.add(&format!("Child {index}"), 10_000)).collect();
    let steps = [
        allocate(children[0], 10_000, 0),
        allocate(children[1], 10_000, 40_000),
        allocate(children[2], 10_000, 20_000),
    ];
    let report = run(&world, &steps, &|_| {});

    assert_eq!(report.count(StepEnd::is_done), 2, "{report:?}");
    assert_eq!(report.steps[2].end, StepEnd::NotBegun { why: NotBegun::PoolTooSmall { pool: 0 } });
    assert_eq!((world.distributor.writes(), world.distributor.short()), (2, 0));
}
