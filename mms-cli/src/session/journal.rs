//! The journal of creates, as far as it concerns one command.

use std::path::Path;
use std::time::{Duration, SystemTime};

use mms_client::{Claim, FileJournal, Intent, IntentId, IntentOutcome, Journal, JournalError, Moment, OpenIntent};
use mms_types::OrganizationId;

use crate::output::failure::Failure;
use crate::output::printer::Printer;

/// How often to look whether another command is done with the journal; after how long to say that it is waited for, and how
/// often then.
const STEP: Duration = Duration::from_millis(50);
const TELL_AFTER: Duration = Duration::from_secs(1);
const TELL_AGAIN: Duration = Duration::from_secs(10);

/// Opens a journal, which no other process then has. One that has it is waited for this long: commands that create side by
/// side take turns.
pub(crate) async fn open(path: &Path, patience: Duration, printer: &Printer) -> Result<FileJournal, Failure> {
    let (mut waited, mut tell) = (Duration::ZERO, TELL_AFTER);
    loop {
        match FileJournal::open(path) {
            Err(error) if error.is_locked() && waited < patience => {
                if waited >= tell {
                    printer.note(&format!("Waiting for another command: {error}."));
                    tell += TELL_AGAIN;
                }
                tokio::time::sleep(STEP).await;
                waited += STEP;
            }
            outcome => return outcome.map_err(|error| unusable(&error)),
        }
    }
}

/// Says that nothing was sent, for want of a journal.
pub(crate) fn unusable(error: &JournalError) -> Failure {
    let failure = Failure::failed(format!("{error}; nothing was sent"));
    if error.is_locked() {
        return failure.hint("run the command again when that process has ended");
    }
    if !error.is_io() {
        return failure;
    }
    failure.hint(
        "it has to be a file that you can write to, on a disk with room; one elsewhere knows nothing of the creates of earlier \
         commands",
    )
}

/// The open intents of one distributor of one API, in a journal that serves all of them.
#[derive(Debug)]
pub(crate) struct DistributorJournal<'a> {
    journal: &'a FileJournal,
    api: &'a str,
    parent: OrganizationId,
}

impl<'a> DistributorJournal<'a> {
    /// Narrows a journal to a distributor.
    pub(crate) const fn new(journal: &'a FileJournal, api: &'a str, parent: OrganizationId) -> Self {
        Self { journal, api, parent }
    }

    fn is_of(&self, intent: &Intent) -> bool {
        intent.api == self.api && intent.parent == self.parent
    }
}

impl Journal for DistributorJournal<'_> {
    fn open_intents(&self) -> Result<Vec<OpenIntent>, JournalError> {
        let mut open = self.journal.open_intents()?;
        open.retain(|open| self.is_of(&open.intent));
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

/// Returns a point of time as the API writes one.
pub(crate) fn timestamp(moment: Moment) -> mms_types::Timestamp {
    let time = jiff::Timestamp::try_from(moment.time()).unwrap_or(jiff::Timestamp::UNIX_EPOCH);
    mms_types::Timestamp::new(time.strftime("%FT%TZ").to_string())
}

/// Returns how long ago something was, in whole seconds.
pub(crate) fn age(moment: Moment) -> u64 {
    SystemTime::now().duration_since(moment.time()).unwrap_or_default().as_secs()
}
