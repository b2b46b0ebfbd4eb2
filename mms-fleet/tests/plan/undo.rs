//! Plans back to the allocations before a run.

use mms_fleet::{Observed, Past, Plan, StopKind};

use crate::sample::{id, kinds, observed, operations, options, row, steps};

fn past(organization_id: u64, before: i64, after: i64) -> Past {
    Past { id: id(organization_id), name: format!("Child {organization_id}"), before, after, may_pause: false }
}

fn undo(past: &[Past], observed: &Observed) -> Plan {
    Plan::undo(past, observed, &options())
}

#[test]
fn a_run_is_undone_by_the_opposite_of_each_change_decreases_first() {
    let seen = observed(vec![row(101, "Sol", 0), row(102, "Luna", 50_000), row(103, "Mars", 20_000)]);
    let plan = undo(&[past(101, 10_000, 0), past(102, 20_000, 50_000), past(103, 20_000, 30_000)], &seen);
    assert_eq!(steps(&plan), [("Child 102", -30_000), ("Child 101", 10_000)]);
    assert!(plan.stops.is_empty() && plan.unchanged == 1, "one has its old allocation again");
}

#[test]
fn a_child_that_somebody_changed_since_stops_with_both_figures() {
    let plan = undo(&[past(101, 10_000, 20_000)], &observed(vec![row(101, "Sol", 40_000)]));
    assert_eq!(kinds(&plan), [&StopKind::ChangedSince { expected: 20_000, found: 40_000 }]);
    let text = plan.stops[0].to_string();
    assert!(text.contains("20,000") && text.contains("40,000"), "{text}");
    assert!(plan.is_empty());
}

#[test]
fn a_child_that_vanished_and_an_allocation_that_cannot_be_written_stop() {
    let plan = undo(&[past(101, 10_000, 20_000), past(102, 12_345, 20_000)], &observed(vec![row(102, "Sol", 20_000)]));
    assert_eq!(
        kinds(&plan),
        [&StopKind::NoSuchChild { id: id(101), named: None }, &StopKind::NotWritable { credits: 12_345 }]
    );
}

#[test]
fn two_changes_of_a_child_are_undone_to_the_first_ones_beginning() {
    let plan = undo(&[past(101, 0, 10_000), past(101, 10_000, 30_000)], &observed(vec![row(101, "Sol", 30_000)]));
    assert_eq!(plan.steps.len(), 1);
    assert_eq!(plan.steps[0].taken(), -30_000);
    assert_eq!(
        kinds(&plan),
        [&StopKind::Pauses { after: operations(0), consumed: Some(mms_types::Centicredits::new(0)) }]
    );
    let allowed = Past { may_pause: true, ..past(101, 0, 30_000) };
    assert!(undo(&[allowed], &observed(vec![row(101, "Sol", 30_000)])).stops.is_empty());
}
