//! Journal of one command: opened in turn with other commands, and narrowed to one distributor.

use std::path::Path;
use std::time::Duration;

use mms_client::{
    AllocationIntent, AllocationOutcome, Claim, FileJournal, History, Intent, IntentId, IntentOutcome, Journal,
    JournalError, Moment, OpenIntent, Run, WriteJournal,
};
use mms_types::OrganizationId;

use crate::output::failure::{Failure, journal_unusable};
use crate::output::printer::Printer;

/// Time between two tries to open a journal that another command has.
const RETRY_INTERVAL: Duration = Duration::from_millis(50);

/// Time after which a note says that another command is waited for, and time between two such notes.
const FIRST_NOTE: Duration = Duration::from_secs(1);
const NOTE_INTERVAL: Duration = Duration::from_secs(10);

/// Opens a journal, which no other process then has. One that has it is waited for up to `timeout`: commands that create side
/// by side take turns. Others are told of a `hold` why it is, and for how long at most.
pub(crate) async fn open(
    path: &Path,
    hold: Option<(&str, Duration)>,
    timeout: Duration,
    printer: &Printer,
) -> Result<FileJournal, Failure> {
    let (mut waited, mut next_note) = (Duration::ZERO, FIRST_NOTE);
    loop {
        let opened = match hold {
            Some((reason, length)) => FileJournal::open_for(path, reason, length),
            None => FileJournal::open(path),
        };
        match opened {
            Err(error) if error.is_locked() && waited < timeout => {
                if waited >= next_note {
                    printer.note(&format!("Waiting for another command: {error}."));
                    next_note += NOTE_INTERVAL;
                }
                tokio::time::sleep(RETRY_INTERVAL).await;
                waited += RETRY_INTERVAL;
            }
            outcome => return outcome.map_err(|error| journal_unusable(&error)),
        }
    }
}

/// Journal of every API and distributor, narrowed to the open intents of one distributor's id: under other places, too, since one
/// of them may be this place by another name.
#[derive(Debug)]
pub(super) struct DistributorJournal<'a> {
    journal: &'a FileJournal,
    parent: OrganizationId,
}

impl<'a> DistributorJournal<'a> {
    /// Narrows a journal to a distributor.
    pub(super) const fn new(journal: &'a FileJournal, parent: OrganizationId) -> Self {
        Self { journal, parent }
    }
}

impl Journal for DistributorJournal<'_> {
    fn open_intents(&self) -> Result<Vec<OpenIntent>, JournalError> {
        let mut open = self.journal.open_intents()?;
        open.retain(|open| open.intent.parent == self.parent);
        Ok(open)
    }

    fn claims(&self) -> Result<Vec<Claim>, JournalError> {
        self.journal.claims()
    }

    fn record_intent(&self, intent: &Intent) -> Result<(), JournalError> {
        self.journal.record_intent(intent)
    }

    fn record_outcome(&self, intent: &IntentId, at: Moment, outcome: &IntentOutcome) -> Result<(), JournalError> {
        self.journal.record_outcome(intent, at, outcome)
    }
}

impl WriteJournal for DistributorJournal<'_> {
    fn open_allocations(&self) -> Result<Vec<AllocationIntent>, JournalError> {
        let mut open = self.journal.open_allocations()?;
        open.retain(|open| open.parent == self.parent);
        Ok(open)
    }

    fn history(&self) -> Result<History, JournalError> {
        self.journal.history()
    }

    fn record_run(&self, run: &Run) -> Result<(), JournalError> {
        self.journal.record_run(run)
    }

    fn record_allocation(&self, intent: &AllocationIntent) -> Result<(), JournalError> {
        self.journal.record_allocation(intent)
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
