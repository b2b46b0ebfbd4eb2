//! Names that somebody else gives while steps are carried out.

use mms_client::{CarefulWrites, Purpose, SimulatedDistributor};
use mms_fleet::{Observed, Report, Step, StepEnd, StopSignal};
use mms_types::OrganizationId;

use crate::world::{PARENT, World, allocate};

/// Plans by what is there, lets somebody else act, and applies.
fn apply(world: &World, steps: &[Step], meanwhile: impl Fn()) -> Report {
    let clock = world.distributor.fake_clock();
    let look = clock.run(world.distributor.look(PARENT, Purpose::Allocate)).unwrap().unwrap();
    let expected = Observed::from(&look).expected(steps);
    meanwhile();
    // The look of the plan is too old for a write by now.
    clock.advance(std::time::Duration::from_secs(61));
    let apply = world.apply(1).expecting(expected);
    clock.run(apply.run(steps, &StopSignal::new(), &|_| {})).unwrap().unwrap()
}

fn named(child: OrganizationId, name: &str, before: i64, after: u64) -> Step {
    Step { name: name.to_owned(), ..allocate(child, before, after) }
}

#[test]
fn a_child_whose_name_another_child_has_by_now_is_reported_and_gets_nothing() {
    let world = World::new(SimulatedDistributor::new(500_000, 1));
    let (sol, mar) = (world.distributor.add("Sol", 10_000), world.distributor.add("Mar", 10_000));
    let report = apply(&world, &[named(sol, "Sol", 10_000, 50_000)], || {
        world.distributor.rename_by_another(sol, "Sol (old)");
        world.distributor.rename_by_another(mar, "Sol");
    });

    assert!(matches!(&report.steps[0].end, StepEnd::Changed { found: None, reason } if reason.contains("\"Sol\"")));
    assert_eq!((world.distributor.credits(sol), world.distributor.writes()), (Some(10_000), 0));
}

#[test]
fn a_child_that_is_only_renamed_gets_what_it_is_to_have() {
    let world = World::new(SimulatedDistributor::new(500_000, 2));
    let sol = world.distributor.add("Sol", 10_000);
    let report = apply(&world, &[named(sol, "Sol", 10_000, 50_000)], || {
        world.distributor.rename_by_another(sol, "Sol GmbH");
    });
    assert!(report.is_done(), "{report:?}");
}

#[test]
fn children_whose_names_were_swapped_before_the_plan_are_served_by_their_ids() {
    let world = World::new(SimulatedDistributor::new(500_000, 3));
    let (sol, mar) = (world.distributor.add("Mar", 10_000), world.distributor.add("Sol", 10_000));
    let report = apply(&world, &[named(sol, "Sol", 10_000, 20_000), named(mar, "Mar", 10_000, 30_000)], || {});

    assert!(report.is_done(), "{report:?}");
    assert_eq!((world.distributor.credits(sol), world.distributor.credits(mar)), (Some(20_000), Some(30_000)));
}
