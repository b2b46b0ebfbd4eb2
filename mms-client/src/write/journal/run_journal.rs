//! Journal of one run, whose writes name it.

use super::error::JournalError;
use super::record::{
    AllocationIntent, AllocationOutcome, History, Intent, IntentId, IntentOutcome, Moment, Run, RunId,
};
use super::{Claim, Journal, OpenIntent, WriteJournal};

/// A journal whose intents are written down as those of one run.
///
/// ```
/// use std::time::SystemTime;
/// use mms_client::types::OrganizationId;
/// use mms_client::{MemoryJournal, Run, RunId, RunJournal, SystemRandom, WriteJournal};
///
/// let journal = MemoryJournal::new();
/// let run = Run {
///     id: RunId::draw(&SystemRandom),
///     at: SystemTime::now().into(),
///     api: "https://eu1.make.com/api/v2".to_owned(),
///     parent: OrganizationId::new(11),
///     who: "ada@office".to_owned(),
///     command: "apply".to_owned(),
///     files: vec!["fleet.yaml".to_owned()],
///     plan: None,
/// };
/// journal.record_run(&run)?;
/// let of_the_run = RunJournal::new(&journal, run.id);
/// assert_eq!(of_the_run.history()?.runs.len(), 1);
/// # Ok::<(), mms_client::JournalError>(())
/// ```
#[derive(Debug)]
pub struct RunJournal<'a> {
    journal: &'a dyn WriteJournal,
    run: RunId,
}

impl<'a> RunJournal<'a> {
    /// Returns the journal of a run, which [`record_run`](WriteJournal::record_run) has written down.
    #[must_use]
    pub const fn new(journal: &'a dyn WriteJournal, run: RunId) -> Self {
        Self { journal, run }
    }
}

impl Journal for RunJournal<'_> {
    fn open_intents(&self) -> Result<Vec<OpenIntent>, JournalError> {
        self.journal.open_intents()
    }

    fn claims(&self) -> Result<Vec<Claim>, JournalError> {
        self.journal.claims()
    }

    fn record_intent(&self, intent: &Intent) -> Result<(), JournalError> {
        self.journal.record_intent(&Intent { run: Some(self.run.clone()), ..intent.clone() })
    }

    fn record_outcome(&self, intent: &IntentId, at: Moment, outcome: &IntentOutcome) -> Result<(), JournalError> {
        self.journal.record_outcome(intent, at, outcome)
    }
}

impl WriteJournal for RunJournal<'_> {
    fn open_allocations(&self) -> Result<Vec<AllocationIntent>, JournalError> {
        self.journal.open_allocations()
    }

    fn history(&self) -> Result<History, JournalError> {
        self.journal.history()
    }

    fn record_run(&self, run: &Run) -> Result<(), JournalError> {
        self.journal.record_run(run)
    }

    fn record_allocation(&self, intent: &AllocationIntent) -> Result<(), JournalError> {
        self.journal.record_allocation(&AllocationIntent { run: Some(self.run.clone()), ..intent.clone() })
    }

    fn record_allocation_outcome(
        &self,
        intent: &IntentId,
        at: Moment,
        outcome: &AllocationOutcome,
    ) -> Result<(), JournalError> {
        self.journal.record_allocation_outcome(intent, at, outcome)
    }
}
