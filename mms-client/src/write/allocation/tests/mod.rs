//! What becomes of an allocation whose answer is lost, or that somebody else changes too.

mod recorded;

use std::time::Duration;

use mms_types::{Operations, OrganizationId};

use super::{Change, ExpectedChild, Overwritten, Proof, SetAllocation, SetAllocationError};
use crate::env::clock::Clock;
use crate::write::distributor::model::{Fault, ListFault, Model};

const PARENT: OrganizationId = OrganizationId::new(11);
const CHILD: OrganizationId = OrganizationId::new(101);

fn model(faults: &[Fault]) -> Model {
    let model = Model::new("allocation", 1);
    model.state().writes.extend(faults);
    model
}

async fn set(model: &Model, operations: u64, expected: Option<i64>) -> Result<SetAllocation, SetAllocationError> {
    let operations = Operations::new(operations).unwrap();
    Change { distributor: model, journal: None, parent: PARENT, child: CHILD, operations }.make(&expected.into()).await
}

fn run(model: &Model, operations: u64, expected: Option<i64>) -> Result<SetAllocation, SetAllocationError> {
    model.clock.run(set(model, operations, expected)).unwrap()
}

/// Lets somebody else give the child an allocation after so many milliseconds.
async fn another(model: &Model, after: u64, operations: i64) {
    model.clock.sleep(Duration::from_millis(after)).await;
    let mut state = model.state();
    let row = &mut state.children[0].row;
    let diff = operations - row.operations_allocated.unwrap();
    row.operations_allocated = Some(operations);
    state.pool -= diff;
}

fn has(model: &Model) -> i64 {
    model.state().children[0].row.operations_allocated.unwrap()
}

#[test]
fn an_answer_is_checked_against_the_arithmetic() {
    let model = model(&[]);
    let set = run(&model, 50_000, Some(10_000)).unwrap();
    assert_eq!((set.before, set.proof, has(&model)), (10_000, Proof::Answered, 50_000));
    assert_eq!((set.pool, set.expected_pool), (Some(940_000), Some(940_000)));
    assert!(!set.shows_another_writer());
}

#[test]
fn a_child_that_has_the_total_already_is_left_alone() {
    let model = model(&[]);
    assert_eq!(run(&model, 10_000, None).unwrap().proof, Proof::Unchanged);
    assert_eq!(model.sent(), 0);
}

#[test]
fn a_child_that_does_not_have_what_was_expected_is_left_alone() {
    let model = model(&[]);
    let error = run(&model, 50_000, Some(20_000)).unwrap_err();
    assert!(error.is_unexpected() && !error.maybe_set(), "{error}");
    assert_eq!(error.found(), Some(10_000));
    assert!(error.to_string().ends_with("it was expected to have 20000, and has 10000"), "{error}");
    assert_eq!(model.sent(), 0);
}

#[test]
fn a_child_that_is_listed_without_its_allocation_is_left_alone() {
    let model = model(&[]);
    model.state().children[0].row.operations_allocated = None;
    for expected in [None, Some(10_000)] {
        let error = run(&model, 50_000, expected).unwrap_err();
        assert!(error.is_incomplete() && !error.maybe_set(), "{error}");
    }
    assert_eq!(model.sent(), 0);
}

#[test]
fn a_child_that_is_listed_without_its_name_is_left_alone_where_it_was_known_by_that() {
    let model = model(&[]);
    model.state().children[0].row.organization_name = None;
    let operations = Operations::new(50_000).unwrap();
    let change = || Change { distributor: &model, journal: None, parent: PARENT, child: CHILD, operations };
    let by_name = ExpectedChild { name: Some("Mar".to_owned()), ..10_000.into() };
    assert!(model.clock.run(change().make(&by_name)).unwrap().unwrap_err().is_incomplete());
    assert_eq!(model.sent(), 0);
    model.clock.run(change().make(&10_000.into())).unwrap().unwrap();
    assert_eq!(has(&model), 50_000);
}

#[test]
fn an_odd_row_after_a_lost_answer_proves_nothing() {
    let model = model(&[Fault::LostAfter]);
    model.state().lists.extend([ListFault::None, ListFault::Odd]);
    assert!(run(&model, 50_000, None).unwrap_err().maybe_set());
    assert_eq!((model.sent(), has(&model)), (1, 50_000));
}

#[test]
fn a_list_that_is_older_than_what_the_caller_set_is_known_for_that() {
    for faults in [&[][..], &[Fault::LostBefore], &[Fault::Limited]] {
        // The model has what a list would show: 10,000, where 20,000 were set a moment ago.
        let model = model(faults);
        let operations = Operations::new(30_000).unwrap();
        let change = Change { distributor: &model, journal: None, parent: PARENT, child: CHILD, operations };
        let expected = ExpectedChild { listed: Some(10_000), ..20_000.into() };
        let set = model.clock.run(change.make(&expected)).unwrap().unwrap();
        assert_eq!((set.before, has(&model)), (20_000, 30_000));
    }
    let model = model(&[]);
    let expected = ExpectedChild { listed: Some(15_000), ..20_000.into() };
    let change =
        Change { distributor: &model, journal: None, parent: PARENT, child: CHILD, operations: Operations::default() };
    assert!(model.clock.run(change.make(&expected)).unwrap().unwrap_err().is_unexpected());
}

#[test]
fn a_lost_answer_is_read_back_and_not_sent_again_where_the_total_is_there() {
    let model = model(&[Fault::LostAfter]);
    let set = run(&model, 50_000, None).unwrap();
    assert_eq!((set.proof, set.pool, model.sent()), (Proof::ReadBack, None, 1));
}

#[test]
fn a_lost_request_is_sent_again_and_not_for_ever() {
    let model = model(&[Fault::LostBefore, Fault::LostBefore]);
    assert_eq!(run(&model, 50_000, None).unwrap().proof, Proof::Answered);
    assert_eq!((model.sent(), has(&model)), (3, 50_000));
    assert!(model.clock.now() >= Duration::from_secs(10));

    let model = self::model(&[Fault::LostBefore; 9]);
    let error = run(&model, 50_000, None).unwrap_err();
    assert!(error.maybe_set() && !error.is_other_writer(), "{error}");
    assert_eq!(model.sent(), 3);
}

#[test]
fn a_refusal_after_a_lost_request_does_not_prove_that_nothing_was_changed() {
    for fault in [Fault::Refused, Fault::Unsent] {
        let model = model(&[Fault::LostBefore, fault]);
        let error = run(&model, 50_000, None).unwrap_err();
        assert!(error.maybe_set() && !error.is_refused(), "{error}");
    }
}

#[test]
fn a_third_value_after_a_lost_answer_is_another_writers_and_ends_it() {
    let model = model(&[Fault::LostAfter]);
    // After the total was set, and before it is read back.
    let write = async {
        while has(&model) != 50_000 {
            model.clock.sleep(Duration::from_millis(1)).await;
        }
        another(&model, 0, 70_000).await;
    };
    let both = futures_util::future::join(set(&model, 50_000, None), write);
    let error = model.clock.run(both).unwrap().0.unwrap_err();
    assert!(error.is_other_writer() && error.maybe_set(), "{error}");
    assert!(error.to_string().starts_with("allocation of 50000 to child 101: it has 70000: another writer"), "{error}");
    assert_eq!((model.sent(), has(&model)), (1, 70_000));
}

#[test]
fn what_another_writes_while_the_total_waits_to_be_sent_again_is_left_alone() {
    let model = model(&[Fault::LostBefore]);
    // The read-back has shown the old value, and the wait of 2 s has begun.
    let write = another(&model, 1_000, 70_000);
    let both = futures_util::future::join(set(&model, 50_000, None), write);
    let error = model.clock.run(both).unwrap().0.unwrap_err();
    assert!(error.is_other_writer() && error.found() == Some(70_000), "{error}");
    assert_eq!((model.sent(), has(&model)), (1, 70_000));

    let model = self::model(&[Fault::LostBefore]);
    let both = futures_util::future::join(set(&model, 50_000, None), another(&model, 1_000, 50_000));
    let set = model.clock.run(both).unwrap().0.unwrap();
    assert_eq!((set.proof, model.sent()), (Proof::ReadBack, 1), "the lost request came while it waited");
}

#[test]
fn a_pool_that_does_not_add_up_is_a_note_on_a_success() {
    let model = model(&[]);
    let write = async {
        while model.state().pools == 0 {
            model.clock.sleep(Duration::from_millis(1)).await;
        }
        model.state().add("Sol", 30_000, Duration::ZERO);
    };
    let both = futures_util::future::join(set(&model, 50_000, None), write);
    let set = model.clock.run(both).unwrap().0.unwrap();
    assert_eq!((set.pool, set.expected_pool), (Some(910_000), Some(940_000)));
    assert!(set.shows_another_writer());
    assert_eq!(has(&model), 50_000);
}

#[test]
fn refusals_and_what_never_left_change_nothing() {
    for (faults, is_refused) in
        [([Fault::Refused].as_slice(), true), (&[Fault::Unsent; 4], false), (&[Fault::Limited; 4], true)]
    {
        let model = model(faults);
        let error = run(&model, 50_000, None).unwrap_err();
        assert_eq!((error.is_refused(), error.maybe_set(), has(&model)), (is_refused, false, 10_000), "{error}");
    }
}

#[test]
fn an_unknown_child_and_an_unreadable_list_send_nothing_and_an_unreadable_end_is_unknown() {
    let model = model(&[]);
    model.state().children.remove(0);
    assert!(run(&model, 50_000, None).unwrap_err().is_not_found());

    let model = self::model(&[]);
    model.state().lists.push_back(ListFault::Failed);
    let error = run(&model, 50_000, None).unwrap_err();
    assert!(!error.maybe_set() && !error.is_not_found(), "{error}");

    let model = self::model(&[Fault::LostAfter]);
    model.state().lists.extend([ListFault::None, ListFault::Failed]);
    let error = run(&model, 50_000, None).unwrap_err();
    assert!(error.maybe_set(), "{error}");
}

#[test]
fn what_is_said_of_a_later_request_is_not_the_end_of_one_that_was_lost_and_came_after_all() {
    for fault in [Fault::Unsent, Fault::Refused] {
        let model = model(&[Fault::LostBefore, fault]);
        let late = async {
            while !model.state().writes.is_empty() {
                model.clock.sleep(Duration::from_millis(1)).await;
            }
            another(&model, 0, 50_000).await;
        };
        let both = futures_util::future::join(set(&model, 50_000, None), late);
        let set = model.clock.run(both).unwrap().0.unwrap();
        assert_eq!(set.proof, Proof::ReadBack);
    }
}

#[test]
fn what_somebody_else_sets_in_the_wait_after_a_429_is_not_overwritten() {
    for fault in [Fault::Limited, Fault::Held, Fault::Unsent] {
        let model = model(&[fault]);
        let after = if fault == Fault::Unsent { 600 } else { 30_000 };
        let both = futures_util::future::join(set(&model, 40_000, None), another(&model, after, 90_000));
        let error = model.clock.run(both).unwrap().0.unwrap_err();
        assert!(error.is_other_writer() && error.found() == Some(90_000), "{fault:?}: {error}");
        assert_eq!((has(&model), model.sent()), (90_000, usize::from(fault == Fault::Limited)), "{fault:?}");
    }
}

#[test]
fn a_429_that_did_nothing_is_waited_for_and_the_total_sent_again_after_another_look() {
    let model = model(&[Fault::Limited, Fault::Held]);
    let set = run(&model, 40_000, None).unwrap();
    assert_eq!((set.proof, set.is_resent, has(&model), model.sent()), (Proof::Answered, true, 40_000, 2));
}

#[test]
fn a_refusal_after_the_work_is_read_back() {
    for fault in [Fault::RefusedAfter, Fault::LimitedAfter] {
        let model = model(&[fault]);
        let set = run(&model, 40_000, None).unwrap();
        assert_eq!((set.proof, has(&model), model.sent()), (Proof::ReadBack, 40_000, 1), "{fault:?}");
    }
}

#[test]
fn a_total_that_somebody_else_set_after_the_look_is_named_when_it_is_overwritten() {
    let model = model(&[]);
    let other = async {
        while model.state().pools == 0 {
            model.clock.sleep(Duration::from_millis(1)).await;
        }
        another(&model, 0, 90_000).await;
    };
    let both = futures_util::future::join(set(&model, 40_000, Some(10_000)), other);
    let set = model.clock.run(both).unwrap().0.unwrap();
    assert_eq!((set.overwritten, set.before), (Some(Overwritten::Had(90_000)), 10_000));
    assert!(set.shows_another_writer());
    assert_eq!(set.pool, set.expected_pool, "the pool alone would not show it");
}

#[test]
fn a_name_that_moved_to_another_child_is_refused_and_one_that_is_gone_is_not() {
    let model = model(&[]);
    let expected =
        |name: &str| ExpectedChild { operations: Some(10_000), name: Some(name.to_owned()), ..10_000.into() };
    let set = |expected: ExpectedChild| {
        let change = Change {
            distributor: &model,
            journal: None,
            parent: PARENT,
            child: CHILD,
            operations: "40000".parse().unwrap(),
        };
        model.clock.run(async move { change.make(&expected).await }).unwrap()
    };
    let error = set(expected("Luna")).unwrap_err();
    assert!(error.is_unexpected() && !error.maybe_set(), "{error}");
    assert!(error.to_string().ends_with(r#"the name "Luna" belongs to child 102 by now"#), "{error}");
    assert_eq!(model.sent(), 0);
    assert!(set(expected("Renamed since")).is_ok());
}

#[test]
fn a_child_that_was_created_a_moment_ago_gets_its_total_though_no_list_shows_it() {
    let model = model(&[]);
    let hidden = model.state().add("Sol", 20_000, Duration::from_secs(3_600));
    let set = |is_unlisted| {
        let expected = ExpectedChild { is_unlisted, ..20_000.into() };
        let change = Change {
            distributor: &model,
            journal: None,
            parent: PARENT,
            child: hidden,
            operations: "40000".parse().unwrap(),
        };
        model.clock.run(async move { change.make(&expected).await }).unwrap()
    };
    assert!(set(false).unwrap_err().is_not_found());
    assert_eq!(set(true).unwrap().proof, Proof::Answered);

    model.state().writes.push_back(Fault::LostAfter);
    let expected = ExpectedChild { is_unlisted: true, ..40_000.into() };
    let change = Change {
        distributor: &model,
        journal: None,
        parent: PARENT,
        child: hidden,
        operations: "50000".parse().unwrap(),
    };
    let error = model.clock.run(async move { change.make(&expected).await }).unwrap().unwrap_err();
    assert!(error.maybe_set(), "nobody can read it back: {error}");
}

#[test]
fn a_total_whose_first_try_never_left_is_not_said_to_be_sent_again() {
    for fault in [Fault::Unsent, Fault::Held] {
        let model = model(&[fault]);
        let set = run(&model, 40_000, None).unwrap();
        assert_eq!((set.is_resent, model.sent()), (false, 1), "{fault:?}");
    }
}
