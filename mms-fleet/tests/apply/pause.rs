//! Children that work while a run lowers them.

use mms_client::{CarefulWrites, Counting, SimulatedDistributor};
use mms_fleet::{Action, Consumption, Event, Report, Step, StepEnd, StepReport, StepResult, StopSignal};
use mms_types::{Centicredits, OrganizationId};

use crate::world::{PARENT, World, allocate};

/// Returns a decrease that may not pause its child.
fn lower(child: OrganizationId, before: i64, after: u64) -> Step {
    let mut step = allocate(child, before, after);
    if let Action::Allocate { may_pause, .. } = &mut step.action {
        *may_pause = false;
    }
    step
}

fn run(world: &World, steps: &[Step], observer: &(dyn Fn(Event<'_>) + Sync)) -> Report {
    world.run_watched(steps, &StopSignal::new(), observer).unwrap()
}

#[test]
fn a_child_that_consumed_on_since_the_plan_is_not_lowered_below_it_and_the_rest_goes_on() {
    let world = World::new(SimulatedDistributor::new(500_000, 1));
    let children: Vec<_> = (0..4).map(|index| world.distributor.add(&format!("Child {index}"), 50_000)).collect();
    let steps: Vec<_> = children.iter().map(|child| lower(*child, 50_000, 20_000)).collect();
    for child in &children {
        world.distributor.consume(*child, 0);
    }
    world.distributor.consume(children[2], 20_000);
    world.distributor.consume(children[3], 19_999);
    let report = run(&world, &steps, &|_| {});

    let StepEnd::WouldPause { consumed, reason } = &report.steps[2].end else { panic!("{report:?}") };
    assert_eq!(consumed.map(Centicredits::get), Some(2_000_000));
    assert!(reason.contains("nothing was sent: by now it has consumed 20000"), "{reason}");
    assert_eq!(report.count(StepEnd::is_done), 3);
    assert_eq!((world.distributor.credits(children[2]), world.distributor.writes()), (Some(50_000), 3));
}

#[test]
fn a_child_that_may_be_paused_costs_no_reading_of_its_consumption() {
    let world = World::new(SimulatedDistributor::new(500_000, 2));
    let child = world.distributor.add("Sol", 50_000);
    world.distributor.consume(child, 40_000);
    assert!(run(&world, &[allocate(child, 50_000, 20_000)], &|_| {}).is_done());
    assert_eq!(world.distributor.requests(), 2 + 1 + 2, "a look, the write, and a reading back");
}

#[test]
fn a_reading_serves_a_minute_of_decreases_and_is_made_again_after_it() {
    let world = World::new(SimulatedDistributor::new(5_000_000, 3).with_limit(20, Counting::Bucket));
    let children: Vec<_> = (0..40).map(|index| world.distributor.add(&format!("Child {index}"), 50_000)).collect();
    let steps: Vec<_> = children.iter().map(|child| lower(*child, 50_000, 20_000)).collect();
    for child in &children {
        world.distributor.consume(*child, 0);
    }
    // Consumed in the midst of the run, minutes after the plan.
    let report = run(&world, &steps, &|event| {
        if let Event::Ended { index: 20, .. } = event {
            world.distributor.consume(children[39], 30_000);
        }
    });

    assert!(matches!(report.steps[39].end, StepEnd::WouldPause { .. }), "{report:?}");
    assert_eq!(report.count(StepEnd::is_done), 39, "{report:?}");
    assert_eq!(world.distributor.limited(), 0);
    let minutes = CarefulWrites::clock(&world.distributor).now().as_secs() / 60 + 1;
    let looks = 2 * (minutes + 1);
    let requests = world.distributor.requests() as u64;
    assert!(requests <= 39 + looks + minutes, "{requests} requests in {minutes} minutes");
}

#[test]
fn what_was_read_a_moment_ago_is_not_read_again() {
    let world = World::new(SimulatedDistributor::new(500_000, 4));
    let child = world.distributor.add("Sol", 50_000);
    world.distributor.consume(child, 0);
    let (steps, clock) = ([lower(child, 50_000, 20_000)], world.distributor.fake_clock());
    let rows = clock.run(CarefulWrites::consumption(&world.distributor, PARENT)).unwrap().unwrap();
    let read_at = CarefulWrites::clock(&world.distributor).now();
    let before = world.distributor.requests();
    let (apply, stop) = (world.apply(1).knowing(Consumption::new(read_at, &rows)), StopSignal::new());
    assert!(clock.run(apply.run(&steps, &stop, &|_| {})).unwrap().unwrap().is_done());
    assert_eq!(world.distributor.requests() - before, 2 + 1 + 2);
}

#[test]
fn a_child_whose_consumption_nobody_reports_is_not_lowered_unless_that_is_allowed() {
    let world = World::new(SimulatedDistributor::new(500_000, 5));
    let child = world.distributor.add("Sol", 50_000);
    let report = run(&world, &[lower(child, 50_000, 20_000)], &|_| {});

    let StepEnd::WouldPause { consumed: None, reason } = &report.steps[0].end else { panic!("{report:?}") };
    assert!(reason.contains("what it has consumed is not known"), "{reason}");
    assert!(run(&world, &[allocate(child, 50_000, 20_000)], &|_| {}).is_done());
}

#[test]
fn a_decrease_whose_consumption_cannot_be_read_is_not_sent_and_the_report_has_the_error() {
    let world = World::new(SimulatedDistributor::new(500_000, 6).with_hidden_consumption());
    let child = world.distributor.add("Sol", 50_000);
    let report = run(&world, &[lower(child, 50_000, 20_000)], &|_| {});

    match &report.steps[0] {
        StepReport { result: Some(StepResult::Unread { error, .. }), end: StepEnd::Failed { reason }, .. } => {
            assert!(
                reason.contains("cannot be read: no consumption") && error.to_string() == "no consumption",
                "{reason}"
            );
        }
        other => panic!("{other:?}"),
    }
    assert_eq!(world.distributor.writes(), 0);
}
