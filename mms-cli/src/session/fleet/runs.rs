//! What a command asks for, as the journal has it, and allocations that an earlier command left open.

use std::error::Error as StdError;

use mms_client::{AllocationOutcome, Error, FileJournal, History, JournalError, SettledAllocation, WriteJournal as _};

use crate::lookup::NO_NAME;
use crate::output::data::grouped;
use crate::output::failure::{Failure, Subject, journal_unusable};
use crate::output::time::day_and_time;
use crate::session::Session;

/// What a command asks for, as the journal has it. No word of it is a secret.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Asked {
    /// The command with its words, such as `child allocate 101 20000`.
    pub(crate) command: String,
    /// The files that say what to write.
    pub(crate) files: Vec<String>,
}

impl Asked {
    /// Asks with a command that reads no files.
    pub(crate) const fn command(command: String) -> Self {
        Self { command, files: Vec::new() }
    }
}

impl Session {
    /// Reads all that is written down of writes, without taking the journal from a command that has it.
    pub(crate) fn history(&self) -> Result<History, Failure> {
        FileJournal::read_history(&self.connection.journal).map_err(|error| journal_unusable(&error))
    }

    /// Settles the allocations that an earlier command left open, and says what became of each. Where none is open nothing is sent.
    pub(crate) async fn settle_allocations(&self, journal: &FileJournal) -> Result<(), Failure> {
        let (id, own, api) = (self.organization_id()?, self.own(journal)?, self.client.api_name());
        let mut open = own.open_allocations().map_err(|error| journal_unusable(&error))?;
        open.retain(|open| open.api == api || open.place() == api);
        if open.is_empty() {
            return Ok(());
        }
        let plural = if open.len() == 1 { "allocation" } else { "allocations" };
        self.printer.note(&format!("An earlier command left {} {plural} open: looking what became of it.", open.len()));
        let settled = self.writer()?.settle_open_allocations(id, &own).await;
        for settled in settled.map_err(|error| self.not_begun(error.journal_error(), &error))? {
            self.printer.note(&settled_in_words(&settled));
        }
        Ok(())
    }

    /// Explains why nothing was sent: the journal, or the look before it.
    pub(super) fn not_begun(&self, journal: Option<&JournalError>, error: &dyn StdError) -> Failure {
        if let Some(journal) = journal {
            return journal_unusable(journal);
        }
        match (error.source().and_then(|source| source.downcast_ref::<Error>()), self.organization_id()) {
            (Some(cause), Ok(id)) => self.destination().failure(cause, Subject::Organization(id)),
            _ => Failure::failed(error.to_string()).hint(format!("see {}", self.invocation().command("log"))),
        }
    }
}

/// Says on one line what became of an allocation.
pub(crate) fn settled_in_words(settled: &SettledAllocation) -> String {
    let SettledAllocation { intent, found, outcome, .. } = settled;
    let end = match found {
        _ if settled.is_set() => "was carried out".to_owned(),
        _ if *outcome == Some(AllocationOutcome::Superseded) => {
            "was followed by a later one before anybody saw what became of it".to_owned()
        }
        Some(found) if outcome.is_none() => {
            format!("was not seen to be carried out yet: it has {}; the next command looks again", grouped(*found))
        }
        None if outcome.is_none() => "cannot be seen in the list yet; the next command looks again".to_owned(),
        Some(found) if *found == intent.before => format!("was not carried out: it has {}", grouped(*found)),
        Some(found) => format!("is not what it has: somebody else gave it {}", grouped(*found)),
        None => "is of no child that is listed".to_owned(),
    };
    format!(
        "The allocation of {} credits to {} {} from {} {end}.",
        grouped(intent.operations.get()),
        intent.organization_id,
        intent.organization_name.as_deref().unwrap_or(NO_NAME),
        day_and_time(intent.at.time())
    )
}
