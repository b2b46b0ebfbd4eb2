//! What a journal has of an allocation, and what the next run makes of one that was left open.

use std::error::Error as _;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use mms_types::Operations;

use super::{CHILD, Fault, ListFault, Model, PARENT, SetAllocation, SetAllocationError, another, has, model};
use crate::env::clock::Clock;
use crate::write::allocation::Change;
use crate::write::allocation::settle::{SettledAllocation, settle};
use crate::write::distributor::model::ModelError;
use crate::write::journal::simulated::{FOR_EVER, Fuse, SimulatedJournal};
use crate::write::journal::{AllocationOutcome, MemoryJournal, WriteJournal, Written};

async fn set(model: &Model, journal: &dyn WriteJournal, operations: u64) -> Result<SetAllocation, SetAllocationError> {
    let operations = Operations::new(operations).unwrap();
    let change = Change { distributor: model, journal: Some(journal), parent: PARENT, child: CHILD, operations };
    change.make(&None.into()).await
}

fn run(model: &Model, journal: &dyn WriteJournal, operations: u64) -> Result<SetAllocation, SetAllocationError> {
    model.clock.run(set(model, journal, operations)).unwrap()
}

/// Returns what the journal has of its only allocation.
fn outcome(journal: &dyn WriteJournal) -> Option<AllocationOutcome> {
    match &journal.history().unwrap().writes[..] {
        [Written::Allocation { outcome, .. }] => outcome.as_ref().map(|(_, outcome)| outcome.clone()),
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_journal_has_the_intent_and_what_became_of_it() {
    let (model, journal) = (model(&[]), MemoryJournal::new());
    run(&model, &journal, 30_000).unwrap();

    let history = journal.history().unwrap();
    let [Written::Allocation { intent, outcome }] = &history.writes[..] else { panic!("{history:?}") };
    assert_eq!((intent.organization_id, intent.before, intent.operations.get()), (CHILD, 10_000, 30_000));
    assert_eq!((intent.organization_name.as_deref(), &intent.api[..]), (Some("Mar"), "allocation"));
    assert!(matches!(outcome, Some((_, AllocationOutcome::Set { pool: Some(960_000) }))), "{outcome:?}");
    assert!(journal.open_allocations().unwrap().is_empty());
}

#[test]
fn an_allocation_that_is_there_already_is_not_written_down() {
    let (model, journal) = (model(&[]), MemoryJournal::new());
    run(&model, &journal, 10_000).unwrap();
    assert!(journal.history().unwrap().writes.is_empty());
}

#[test]
fn every_end_is_written_down_as_what_it_is() {
    let ends = [
        (vec![Fault::LostAfter], AllocationOutcome::ReadBack),
        (vec![Fault::Limited, Fault::None], AllocationOutcome::Set { pool: Some(960_000) }),
    ];
    for (faults, expected) in ends {
        let (model, journal) = (model(&faults), MemoryJournal::new());
        run(&model, &journal, 30_000).unwrap();
        assert_eq!(outcome(&journal), Some(expected), "{faults:?}");
    }
    let refused = (model(&[Fault::Refused]), MemoryJournal::new());
    run(&refused.0, &refused.1, 30_000).unwrap_err();
    assert!(matches!(outcome(&refused.1), Some(AllocationOutcome::Refused { .. })));
}

#[test]
fn an_allocation_of_which_nobody_knows_stays_open() {
    let (model, journal) = (model(&[Fault::LostBefore]), MemoryJournal::new());
    model.state().lists.extend([ListFault::None, ListFault::Failed]);

    assert!(run(&model, &journal, 30_000).unwrap_err().maybe_set());
    assert!(matches!(outcome(&journal), Some(AllocationOutcome::Unknown { .. })));
    assert_eq!(journal.open_allocations().unwrap().len(), 1);
}

#[test]
fn nothing_is_sent_while_the_journal_cannot_be_written() {
    let model = model(&[]);
    let journal = SimulatedJournal::open(&Arc::default(), &Fuse::new(FOR_EVER)).on_a_disk_that_fills(100);

    let error = run(&model, &journal, 30_000).unwrap_err();
    assert!(error.is_journal() && !error.maybe_set(), "{error}");
    assert_eq!((model.sent(), has(&model)), (0, 10_000));
}

#[test]
fn an_allocation_that_is_set_and_cannot_be_written_down_is_told_as_such() {
    let disk = Arc::new(Mutex::new(Vec::new()));
    // One record takes two steps.
    let journal = SimulatedJournal::open(&disk, &Fuse::new(3));
    let model = model(&[]);

    let error = run(&model, &journal, 30_000).unwrap_err();
    assert!(error.is_journal() && error.maybe_set(), "{error}");
    assert_eq!(has(&model), 30_000);

    let next = SimulatedJournal::open(&disk, &Fuse::new(FOR_EVER));
    let settled = model.clock.run(settle(&model, PARENT, &next)).unwrap().unwrap();
    assert!(settled.len() == 1 && settled[0].is_set(), "{settled:?}");
}

/// Sets an allocation in a process that dies while its request is on the way.
fn die(model: &Model, journal: &dyn WriteJournal, operations: u64) {
    let dies = async {
        let write = std::pin::pin!(set(model, journal, operations));
        let death = std::pin::pin!(async {
            while model.sent() == 0 {
                model.clock.sleep(Duration::from_millis(1)).await;
            }
        });
        futures_util::future::select(write, death).await;
    };
    model.clock.run(dies).unwrap();
    assert_eq!(journal.open_allocations().unwrap().len(), 1);
}

/// Settles the only allocation that is open.
fn settle_one(model: &Model, journal: &dyn WriteJournal) -> SettledAllocation {
    let mut settled = model.clock.run(settle(model, PARENT, journal)).unwrap().unwrap();
    assert_eq!(settled.len(), 1, "{settled:?}");
    settled.remove(0)
}

#[test]
fn what_a_dead_process_left_open_is_settled_by_what_the_child_has_and_not_before_it_may_have_arrived() {
    for (later, is_set) in [(None, true), (Some(50_000), false)] {
        let (model, journal) = (model(&[Fault::LostAfter]), MemoryJournal::new());
        die(&model, &journal, 30_000);
        if let Some(operations) = later {
            model.clock.run(another(&model, 1, operations)).unwrap();
        }

        let settled = settle_one(&model, &journal);
        assert_eq!((settled.is_set(), settled.found), (is_set, Some(has(&model))), "{later:?}");
        assert!(model.clock.now() >= Duration::from_secs(10), "it may have been on the way");
        assert!(journal.open_allocations().unwrap().is_empty());
        let looks = model.looks();
        assert!(model.clock.run(settle(&model, PARENT, &journal)).unwrap().unwrap().is_empty());
        assert_eq!(model.looks(), looks, "nothing open costs nothing");
    }
}

#[test]
fn an_allocation_that_no_list_shows_stays_open_for_as_long_as_lists_may_be_older() {
    for appears in [true, false] {
        let (model, journal) = (model(&[Fault::LostBefore]), MemoryJournal::new());
        die(&model, &journal, 30_000);

        let settled = settle_one(&model, &journal);
        assert_eq!((settled.outcome, settled.found), (None, Some(10_000)));
        model.clock.advance(Duration::from_secs(190));
        assert_eq!(settle_one(&model, &journal).outcome, None, "a create is looked for over 212 s, too");
        assert_eq!((journal.open_allocations().unwrap().len(), outcome(&journal)), (1, None));

        model.clock.advance(Duration::from_secs(20));
        if appears {
            model.state().set(CHILD, 30_000);
        }
        let settled = settle_one(&model, &journal);
        assert_eq!((settled.is_set(), settled.outcome.clone()), (appears, outcome(&journal)));
        assert_eq!(settled.outcome, Some(AllocationOutcome::Found { operations: Some(has(&model)) }));
        assert!(journal.open_allocations().unwrap().is_empty());
    }
}

#[test]
fn a_child_that_is_listed_without_its_allocation_leaves_it_open_and_one_that_is_listed_no_more_does_not() {
    let (model, journal) = (model(&[Fault::LostAfter]), MemoryJournal::new());
    die(&model, &journal, 30_000);
    model.clock.advance(Duration::from_secs(3_600));
    for fault in [ListFault::Odd, ListFault::Cut] {
        model.state().lists.push_back(fault);
        if fault == ListFault::Cut {
            model.state().children.swap(0, 1);
        }
        let settled = settle_one(&model, &journal);
        assert_eq!((settled.outcome, settled.found), (None, None), "{fault:?}");
    }
    model.state().children.retain(|child| child.row.organization_id != CHILD);
    let settled = settle_one(&model, &journal);
    assert_eq!(settled.outcome, Some(AllocationOutcome::Found { operations: None }));
}

#[test]
fn a_later_allocation_of_the_child_ends_one_that_stays_open() {
    for (later, is_set, ended) in [
        (30_000, true, AllocationOutcome::Found { operations: Some(30_000) }),
        (50_000, false, AllocationOutcome::Superseded),
    ] {
        let (model, journal) = (model(&[Fault::LostBefore]), MemoryJournal::new());
        die(&model, &journal, 30_000);
        assert_eq!(settle_one(&model, &journal).outcome, None);

        run(&model, &journal, later).unwrap();
        assert_eq!(journal.open_allocations().unwrap().len(), 1, "the answer of another says nothing of it");
        let settled = settle_one(&model, &journal);
        assert_eq!((settled.is_set(), settled.outcome), (is_set, Some(ended)), "{later}");
        assert!(journal.open_allocations().unwrap().is_empty());
    }
}

#[test]
fn a_wall_clock_that_was_set_makes_no_open_allocation_older_and_none_young_for_ever() {
    const HOUR: i64 = 3_600_000;
    let (model, journal) = (model(&[Fault::LostBefore]), MemoryJournal::new());
    die(&model, &journal, 30_000);
    model.clock.shift_wall(HOUR);
    assert_eq!(settle_one(&model, &journal).outcome, None, "a few seconds old, whatever the wall clock says");
    assert!(model.clock.now() >= Duration::from_secs(10), "it may have been on the way");

    model.clock.shift_wall(-2 * HOUR);
    assert_eq!(settle_one(&model, &journal).outcome, None);
    model.clock.advance(Duration::from_secs(202));
    assert!(settle_one(&model, &journal).outcome.is_some());
}

#[test]
fn an_open_allocation_of_a_journal_without_the_time_since_the_start_goes_by_the_wall_clock() {
    let (model, journal) = (model(&[Fault::LostBefore]), MemoryJournal::new());
    die(&model, &journal, 30_000);
    let written = serde_json::to_value(&journal.open_allocations().unwrap()[0]).unwrap();
    assert!(written["sinceBoot"].is_u64(), "{written}");
    let mut earlier = written;
    earlier.as_object_mut().unwrap().remove("sinceBoot");
    let journal = MemoryJournal::new();
    journal.record_allocation(&serde_json::from_value(earlier).unwrap()).unwrap();
    model.clock.shift_wall(212_000);
    assert!(settle_one(&model, &journal).outcome.is_some());
}

#[test]
fn a_later_allocation_that_was_refused_says_nothing_of_an_open_one() {
    let (model, journal) = (model(&[Fault::LostBefore, Fault::Refused]), MemoryJournal::new());
    die(&model, &journal, 30_000);
    run(&model, &journal, 50_000).unwrap_err();
    assert_eq!(settle_one(&model, &journal).outcome, None);
    model.state().set(CHILD, 50_000);
    assert_eq!(settle_one(&model, &journal).outcome, Some(AllocationOutcome::Found { operations: Some(50_000) }));
}

#[test]
fn an_open_allocation_stays_open_while_no_list_can_be_read() {
    let (model, journal) = (model(&[Fault::LostBefore]), MemoryJournal::new());
    model.state().lists.extend([ListFault::None, ListFault::Failed, ListFault::Failed]);
    run(&model, &journal, 30_000).unwrap_err();

    let error = model.clock.run(settle(&model, PARENT, &journal)).unwrap().unwrap_err();
    let look = error.source().unwrap();
    assert!(error.journal_error().is_none() && look.is::<ModelError>(), "{error:?}");
    assert_eq!(error.to_string(), "the distributor cannot be read: no list");
    assert_eq!(journal.open_allocations().unwrap().len(), 1);
}
