//! A server that gives no usable answers.

use mms_client::SimulatedDistributor;
use mms_fleet::{NotBegun, StepEnd};

use crate::world::{World, allocate};

#[test]
fn writes_without_a_usable_answer_end_the_run_before_each_has_cost_its_looks() {
    let world = World::new(SimulatedDistributor::new(5_000_000, 1).with_unanswered_writes());
    let children: Vec<_> = (0..40).map(|index| world.distributor.add(&format!("Child {index}"), 10_000)).collect();
    let steps: Vec<_> = children.iter().map(|child| allocate(*child, 10_000, 20_000)).collect();
    let report = world.run(&steps).unwrap();

    let (unknown, left) = (
        report.count(StepEnd::is_unknown),
        report.count(|end| *end == StepEnd::NotBegun { why: NotBegun::Unanswered }),
    );
    // Three, and what was under way beside them.
    assert!((3..=8 + 2).contains(&unknown), "{report:?}");
    assert_eq!(unknown + left, 40, "{report:?}");
    assert!(world.distributor.requests() <= 16 * unknown, "{}", world.distributor.requests());
}
