//! Tests of creations with a journal that fails, is cut in its last record, or has a name twice.

use std::fs;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use mms_types::OrganizationId;

use super::tests::{World, is_adopted, is_created, is_existed};
use super::{CreateOnce, CreateOnceError};
use crate::env::random::seeds::is_soak;
use crate::write::distributor::model::Fault;
use crate::write::journal::samples::intent;
use crate::write::journal::simulated::{FOR_EVER, Fuse, SimulatedJournal};
use crate::write::journal::{
    Claim, FileJournal, Intent, IntentId, IntentOutcome, Journal, JournalError, MemoryJournal, Moment, OpenIntent,
    Resolution,
};

/// A journal that fails from its nth record on.
#[derive(Debug)]
struct Failing(MemoryJournal, std::sync::atomic::AtomicUsize);

impl Failing {
    fn after(records: usize) -> Self {
        Self(MemoryJournal::new(), records.into())
    }

    fn record(&self) -> Result<(), JournalError> {
        use std::sync::atomic::Ordering::Relaxed;
        let left = self.1.fetch_update(Relaxed, Relaxed, |left| left.checked_sub(1));
        left.map(drop).map_err(|_| JournalError::other("the disk is full"))
    }
}

impl Journal for Failing {
    fn open_intents(&self) -> Result<Vec<OpenIntent>, JournalError> {
        self.0.open_intents()
    }

    fn claims(&self) -> Result<Vec<Claim>, JournalError> {
        self.0.claims()
    }

    fn record_intent(&self, intent: &Intent) -> Result<(), JournalError> {
        self.record().and_then(|()| self.0.record_intent(intent))
    }

    fn record_outcome(&self, intent: &IntentId, at: Moment, outcome: &IntentOutcome) -> Result<(), JournalError> {
        self.record().and_then(|()| self.0.record_outcome(intent, at, outcome))
    }
}

#[test]
fn nothing_is_sent_without_an_intent_on_disk_and_no_id_is_lost_where_the_outcome_is_not() {
    let world = World::new("journal fails");
    let error = world.create_by(&Failing::after(0)).unwrap_err();
    assert!(error.is_journal() && !error.maybe_created(), "{error}");
    assert_eq!(world.model.sent(), 0);

    let journal = Failing::after(1);
    let error = world.create_by(&journal).unwrap_err();
    assert!(error.is_journal() && error.maybe_created(), "{error}");
    assert_eq!(error.candidates(), world.children());
    assert_eq!(journal.open_intents().unwrap().len(), 1, "to be settled by the next run");
}

#[test]
fn a_refusal_that_the_journal_cannot_take_down_says_that_its_intent_stays_open() {
    let world = World::failing("refusal unrecorded", &[Fault::Refused]);
    let journal = Failing::after(1);
    let error = world.create_by(&journal).unwrap_err();
    assert!(error.is_refused() && !error.maybe_created(), "{error}");
    let open = journal.open_intents().unwrap();
    let end = format!(
        "; intent {} stays open, because the journal could not take this down: the disk is full",
        open[0].intent.id
    );
    assert!(error.to_string().ends_with(&end), "{error}");
}

#[test]
fn two_open_intents_of_one_name_never_become_one_child() {
    for children in 0..=2 {
        let first = intent("Sol");
        let second = Intent { id: intent("another id").id, ..first.clone() };
        let mut world = World::new(&first.api);
        world.policy.allow_same_name = true;
        let journal = MemoryJournal::new();
        journal.record_intent(&first).unwrap();
        journal.record_intent(&second).unwrap();
        for _ in 0..children {
            world.model.state().add("Sol", 20_000, Duration::ZERO);
        }
        let create = || world.create_by(&journal);
        let outcomes = [create(), create()];
        let is_right = match children {
            0 => outcomes.iter().all(|outcome| matches!(outcome, Err(error) if error.is_unproven())),
            1 => matches!(&outcomes, [Ok(outcome), Err(error)] if is_adopted(outcome) && error.is_unproven()),
            _ => outcomes.iter().all(|outcome| matches!(outcome, Err(error) if error.is_ambiguous())),
        };
        assert!(is_right, "{children}: {outcomes:?}");
        assert_eq!(world.model.sent(), 0, "what is open is settled first, though a second of the name is allowed");
    }
}

/// What a process leaves behind whose journal is then cut in its last record.
#[derive(Debug, Clone, Copy)]
enum Last {
    /// The intent, and death before anything is sent.
    Intent,
    /// The intent, and death after the child is made. No disk that keeps what it was told to keep loses this record.
    IntentOfAChild,
    Created,
    Adopted,
    Unproven,
    /// The same, and the child comes after all.
    UnprovenAndLate,
    Refused,
    GivenUp,
}

impl Last {
    const ALL: [Self; 8] = [
        Self::Intent,
        Self::IntentOfAChild,
        Self::Created,
        Self::Adopted,
        Self::Unproven,
        Self::UnprovenAndLate,
        Self::Refused,
        Self::GivenUp,
    ];

    /// Lets a process work until it has written the record, and returns what it leaves: the distributor and the file.
    fn live(self) -> (World, Vec<u8>) {
        let world = World::new("cut journal");
        let fault = match self {
            Self::Adopted | Self::IntentOfAChild => Fault::LostAfter,
            Self::Unproven | Self::GivenUp => Fault::LostBefore,
            Self::UnprovenAndLate => Fault::Late(Duration::from_secs(300)),
            Self::Refused => Fault::Refused,
            Self::Intent | Self::Created => Fault::None,
        };
        world.model.state().writes.push_back(fault);
        // A record takes two steps of a process. The third is within the outcome's.
        let disk = Arc::new(Mutex::new(Vec::new()));
        let steps = match self {
            Self::Intent => 2,
            Self::IntentOfAChild => 3,
            _ => FOR_EVER,
        };
        let outcome = world.create_by(&SimulatedJournal::open(&disk, &Fuse::new(steps)));
        if let (Self::GivenUp, Err(error)) = (self, outcome) {
            let reason = "an hour later it was in no list".to_owned();
            let journal = SimulatedJournal::open(&disk, &Fuse::new(FOR_EVER));
            journal.resolve(error.intent().unwrap(), Resolution::GivenUp { reason }, std::time::UNIX_EPOCH).unwrap();
        }
        world.model.clock.advance(Duration::from_secs(600));
        let bytes = std::mem::take(&mut *disk.lock().unwrap());
        // What the death tore in the third step is none of this test's business.
        let whole = bytes.iter().rposition(|byte| *byte == b'\n').unwrap() + 1;
        (world, bytes[..whole].to_vec())
    }
}

/// Creates the same child again, by a journal in a file that was cut at a byte.
fn create_after_a_cut(last: Last, end: usize, file: &std::path::Path) -> (World, Result<CreateOnce, CreateOnceError>) {
    let (world, bytes) = last.live();
    fs::write(file, &bytes[..end]).unwrap();
    let journal = FileJournal::open(file).unwrap();
    let outcome = world.create_by(&journal);
    let claims: Vec<OrganizationId> = journal.claims().unwrap().iter().map(|claim| claim.organization_id).collect();
    let is_open = !journal.open_intents().unwrap().is_empty();
    let case = format!("{last:?} cut at {end}: {outcome:?}, {claims:?}");
    match &outcome {
        Ok(CreateOnce::Existed { .. }) => assert!(claims.len() < 2 && !is_open, "{case}"),
        Ok(known) => assert!(claims.contains(&known.organization_id()) && !is_open, "{case}"),
        Err(_) => assert!(claims.is_empty() && is_open, "{case}"),
    }
    drop(journal);
    FileJournal::open(file).unwrap();
    (world, outcome)
}

#[test]
fn a_journal_cut_at_any_byte_of_its_last_record_loses_no_child_and_makes_no_second_one() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("intents");
    let mut cuts = 0;
    for last in Last::ALL {
        let (world, bytes) = last.live();
        let (before, sent) = (world.children(), world.model.sent());
        let start = bytes[..bytes.len() - 1].iter().rposition(|byte| *byte == b'\n').map_or(0, |end| end + 1);
        // The short form takes every fifth byte, and each of the last ones. Every cut is some waits for the disk.
        let is_tried = |end: &usize| is_soak() || end.is_multiple_of(5) || end + 15 > bytes.len();
        for end in (start..=bytes.len()).filter(is_tried) {
            cuts += 1;
            // A record that lacks nothing but the end of its line is whole.
            let is_whole = end + 1 >= bytes.len();
            let (world, outcome) = create_after_a_cut(last, end, &file);
            let children = world.children();
            let case = format!("{last:?} cut at {end} of {}: {outcome:?}, {children:?}", bytes.len());
            assert!(children.starts_with(&before) && children.len() <= 1, "{case}");
            let is_right = match (last, is_whole) {
                (Last::Intent, false) | (Last::Refused | Last::GivenUp, true) => {
                    matches!(&outcome, Ok(outcome) if is_created(outcome)) && world.model.sent() == sent + 1
                }
                (Last::IntentOfAChild, false) | (Last::Created | Last::Adopted, true) => {
                    matches!(&outcome, Ok(outcome) if is_existed(outcome)) && world.model.sent() == sent
                }
                (Last::IntentOfAChild, true) | (Last::Created | Last::Adopted, false) | (Last::UnprovenAndLate, _) => {
                    matches!(&outcome, Ok(outcome) if is_adopted(outcome)) && world.model.sent() == sent
                }
                (Last::Intent, true) | (Last::Refused | Last::GivenUp, false) | (Last::Unproven, _) => {
                    matches!(&outcome, Err(error) if error.is_unproven()) && world.model.sent() == sent
                }
            };
            assert!(is_right, "{case}");
            let ids: Vec<OrganizationId> = outcome.iter().map(CreateOnce::organization_id).collect();
            assert_eq!(ids, children, "{case}");
        }
    }
    println!("{cuts} cuts, no child lost, none made twice");
}
