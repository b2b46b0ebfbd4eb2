//! Journal in memory, which ends with its process.

use std::sync::{Mutex, MutexGuard, PoisonError};

use super::error::JournalError;
use super::ledger::Ledger;
use super::record::{AllocationIntent, AllocationOutcome, Intent, IntentId, IntentOutcome, Moment, Record, Run};
use super::{Claim, History, Journal, OpenIntent, WriteJournal};

/// A journal in memory: for tests, and for callers that keep what they did elsewhere.
///
/// It does not outlive its process. After a death between the request and its answer nobody knows that there was a request: use
/// a [`FileJournal`](super::FileJournal).
#[derive(Debug, Default)]
pub struct MemoryJournal(Mutex<Ledger>);

impl MemoryJournal {
    /// Returns an empty journal.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    fn ledger(&self) -> MutexGuard<'_, Ledger> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn record(&self, record: impl FnOnce(&Ledger) -> Record) -> Result<(), JournalError> {
        let mut ledger = self.ledger();
        let record = record(&ledger);
        ledger.check_new(&record).map_err(JournalError::misfit)?;
        ledger.apply(record);
        Ok(())
    }
}

impl Journal for MemoryJournal {
    fn open_intents(&self) -> Result<Vec<OpenIntent>, JournalError> {
        Ok(self.ledger().open_intents())
    }

    fn claims(&self) -> Result<Vec<Claim>, JournalError> {
        Ok(self.ledger().claims())
    }

    fn record_intent(&self, intent: &Intent) -> Result<(), JournalError> {
        self.record(|ledger| ledger.record(intent))
    }

    fn record_outcome(&self, intent: &IntentId, at: Moment, outcome: &IntentOutcome) -> Result<(), JournalError> {
        self.record(|_| Record::Outcome { intent: intent.clone(), at, outcome: outcome.clone() })
    }
}

impl WriteJournal for MemoryJournal {
    fn open_allocations(&self) -> Result<Vec<AllocationIntent>, JournalError> {
        Ok(self.ledger().open_allocations())
    }

    fn history(&self) -> Result<History, JournalError> {
        Ok(self.ledger().history())
    }

    fn record_run(&self, run: &Run) -> Result<(), JournalError> {
        self.record(|_| Record::Run(run.clone()))
    }

    fn record_allocation(&self, intent: &AllocationIntent) -> Result<(), JournalError> {
        self.record(|_| Record::Allocation(intent.clone()))
    }

    fn record_allocation_outcome(
        &self,
        intent: &IntentId,
        at: Moment,
        outcome: &AllocationOutcome,
    ) -> Result<(), JournalError> {
        self.record(|_| Record::Allocated { intent: intent.clone(), at, outcome: outcome.clone() })
    }
}
