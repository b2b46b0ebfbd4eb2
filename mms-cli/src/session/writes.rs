//! Journal of a session's writes, what is open in it, and how a signal ends a write.
//!
//! Every write but the raw one is a step of an apply (`fleet/apply`, `fleet/one_by_one`); nothing else in this crate writes.

use std::collections::BTreeMap;
use std::time::Duration;

use mms_client::{
    Claim, Client, CreateOncePolicy, FileJournal, Intent, IntentId, Journal, JournalError, OpenIntent, RawAnswer,
    RawRequest, SettledIntent,
};
use mms_types::OrganizationId;

use super::Session;
use super::cache::Cache;
use super::journal::{self, DistributorJournal};
use crate::args::SettleTime;
use crate::output::failure::{Failure, UnknownCreate, journal_unusable};
use crate::signals::{EndSignals, unless_interrupted};

/// Time for which the answer to a write is waited for after a signal.
const GRACE: Duration = Duration::from_secs(10);

impl Session {
    /// Opens the journal, which other commands wait for until it is dropped. It is waited for as long as a request and the search for a
    /// lost child may take; an apply keeps it longer, and its holder is named then.
    pub(crate) async fn journal(&self, settle_time: SettleTime) -> Result<FileJournal, Failure> {
        let timeout = self.timeout + Duration::from_secs(settle_time.seconds());
        let journal = journal::open(&self.connection.journal, None, timeout, &self.printer).await?;
        if let Some(torn) = journal.torn() {
            let doubt = if torn.is_intent {
                "; if it was a create, look in Make before you create that name again"
            } else {
                ""
            };
            self.printer.warn(&format!("{torn}{doubt}"));
        }
        Ok(journal)
    }

    /// Returns the path of the journal.
    pub(crate) fn journal_place(&self) -> String {
        self.connection.journal.display().to_string()
    }

    /// Returns the open intents of the distributor, oldest first. Which sandbox the server is, if it is one, is known with its first
    /// answer, and so this comes after a read.
    pub(crate) fn open_intents(&self, journal: &FileJournal) -> Result<Vec<OpenIntent>, Failure> {
        let mut open = self.own(journal)?.open_intents().map_err(|error| journal_unusable(&error))?;
        let api = self.client.api_name();
        open.retain(|open| open.intent.api == api);
        Ok(open)
    }

    /// Says whether a create of the distributor is open at this place, whichever sandbox is there. No request is spent on that.
    pub(crate) fn is_any_open_here(&self, journal: &FileJournal) -> Result<bool, Failure> {
        Ok(!self.open_here(journal)?.is_empty())
    }

    fn open_here(&self, journal: &FileJournal) -> Result<Vec<OpenIntent>, Failure> {
        let (open, api) = (self.own(journal)?.open_intents(), self.client.api_name());
        let mut open = open.map_err(|error| journal_unusable(&error))?;
        open.retain(|open| open.intent.api == api || open.intent.place() == api);
        Ok(open)
    }

    /// Says whether one of them is to be looked for still: nobody has ended the search for it.
    pub(crate) fn is_any_looked_for(&self, journal: &FileJournal) -> Result<bool, Failure> {
        Ok(self.open_here(journal)?.iter().any(|open| open.stopped.is_none()))
    }

    /// Names the journal, and says how many creates of the distributor it knows.
    pub(crate) fn known_creates(&self, journal: &FileJournal) -> Result<String, Failure> {
        let (known, open) = (self.claims(journal)?.len(), self.open_intents(journal)?.len());
        let open = if open == 0 { String::new() } else { format!(", {open} open") };
        Ok(format!("{}, {known} creates known{open}", self.journal_place()))
    }

    /// Reads the open intents of every place and distributor, without taking the journal from a command that has it; nothing, and a
    /// warning, where it cannot be read.
    pub(crate) fn peek_open_intents(&self) -> Option<Vec<OpenIntent>> {
        let read = FileJournal::read_open_intents(&self.connection.journal);
        let warn = |error: &JournalError| {
            self.printer.warn(&format!("which creates are open is not known, for the journal cannot be read: {error}"));
        };
        read.inspect_err(warn).ok()
    }

    /// Returns those of the distributor, of an API that has answered already.
    pub(crate) fn peek_own_open_intents(&self) -> Result<Vec<OpenIntent>, Failure> {
        let (id, api) = (self.organization_id()?, self.client.api_name());
        let open = self.peek_open_intents().unwrap_or_default();
        Ok(open.into_iter().filter(|open| open.intent.api == api && open.intent.parent == id).collect())
    }

    /// Counts the open intents of each other place and distributor.
    pub(crate) fn open_elsewhere(
        &self,
        open: Vec<OpenIntent>,
    ) -> Result<BTreeMap<(String, OrganizationId), usize>, Failure> {
        let (id, api) = (self.organization_id()?, self.client.api_name());
        let mut elsewhere = BTreeMap::new();
        for OpenIntent { intent, .. } in open {
            if intent.api != api || intent.parent != id {
                let place = match intent.sandbox() {
                    Some(sandbox) => format!("{} (the sandbox {sandbox})", intent.place()),
                    None => intent.api,
                };
                *elsewhere.entry((place, intent.parent)).or_default() += 1;
            }
        }
        Ok(elsewhere)
    }

    /// Says which creates are open under other places and distributors.
    pub(crate) fn note_elsewhere(&self, elsewhere: &BTreeMap<(String, OrganizationId), usize>) {
        for ((place, id), number) in elsewhere {
            let plural = if *number == 1 { "create is" } else { "creates are" };
            self.printer.note(&format!("{number} {plural} open under {place}, organization {id}: settle them there."));
        }
    }

    /// Returns the children of the distributor that the journal knows, oldest create first.
    pub(crate) fn claims(&self, journal: &FileJournal) -> Result<Vec<Claim>, Failure> {
        let (id, api) = (self.organization_id()?, self.client.api_name());
        let mut claims = journal.claims().map_err(|error| journal_unusable(&error))?;
        claims.retain(|claim| claim.api == api && claim.parent == id);
        Ok(claims)
    }

    /// Sends a write of any path, once. What was kept for the next command is forgotten first, for nobody knows what this changes.
    pub(crate) async fn raw_write(&self, request: &RawRequest) -> Result<RawAnswer, Failure> {
        let writer = self.writer()?;
        self.recent_allocations.iter().for_each(|recent| recent.forget(&self.client.api_name()));
        self.cache.iter().for_each(Cache::forget);
        let what = format!("the {} of {}", request.method(), request.path());
        let note = |cause: &str| format!("No usable answer to {what} ({cause}).");
        let answer = self.write(&what, note, Box::pin(writer.send_raw(request))).await?;
        answer.map_err(|error| self.raw_failure(&error, request))
    }

    /// Reads the pool after a write; nothing where that fails or is interrupted, for what became of it is to be told all the same.
    pub(crate) async fn pool_afterwards(&self) -> Option<i64> {
        let read = unless_interrupted("the write", self.organization()).await;
        read.ok()?.ok()??.license?.operations
    }

    /// Looks for the children of the distributor's open intents, or of one of them. It sends nothing but reads.
    pub(crate) async fn settle(
        &self,
        journal: &FileJournal,
        only: Option<&IntentId>,
        settle_time: SettleTime,
    ) -> Result<Vec<SettledIntent>, Failure> {
        let own = self.own(journal)?;
        let policy = CreateOncePolicy { waits: settle_time.waits(), ..CreateOncePolicy::default() };
        let settled = unless_interrupted("an earlier create", self.client.settle(only, &own, &policy));
        let settled = settled.await.map_err(|failure| {
            failure.hint(format!("{} goes on looking", self.invocation().command("child settle")))
        })?;
        settled.map_err(|error| journal_unusable(&error))
    }

    /// Returns the failure of an intent that is still open.
    pub(crate) fn unsettled(&self, settled: &SettledIntent) -> Option<Failure> {
        let Intent { parent, organization_name, at, .. } = &settled.intent;
        let create = UnknownCreate { name: organization_name, sent: at.time() };
        settled.outcome.as_ref().err().map(|error| self.destination().create_failure(error, *parent, create))
    }

    pub(super) fn own<'a>(&'a self, journal: &'a FileJournal) -> Result<DistributorJournal<'a>, Failure> {
        Ok(DistributorJournal::new(journal, self.organization_id()?))
    }

    /// Returns the client that can write. A dry run has none.
    pub(super) fn writer(&self) -> Result<&Client, Failure> {
        self.writer.as_ref().ok_or_else(|| Failure::failed("a dry run writes nothing; nothing was sent"))
    }

    /// Sends a write, and prints `note` of the cause when no usable answer comes. From here on a failure may come after it was done.
    /// After a signal it goes on until the answer is there, for a short time and not through a search for a lost one.
    pub(super) async fn write<T>(
        &self,
        what: &str,
        note: impl Fn(&str) -> String,
        call: impl Future<Output = T>,
    ) -> Result<T, Failure> {
        let mut signals = EndSignals::or_hang_up()?;
        self.wrote.set(true);
        self.is_writing.set(true);
        let end = async {
            signals.wait().await;
            self.stop.give();
            if self.lost_answer.borrow().is_some() {
                return;
            }
            self.printer.note(&format!("Interrupted: waiting for the answer to {what}. Once more ends it at once."));
            let mut lost_answer = self.lost_answer.subscribe();
            tokio::select! {
                () = signals.wait() => {}
                _ = lost_answer.changed() => {}
                () = tokio::time::sleep(GRACE) => {}
            }
        };
        let told = async {
            let mut lost_answer = self.lost_answer.subscribe();
            while lost_answer.changed().await.is_ok() {
                if let Some(cause) = lost_answer.borrow_and_update().as_deref() {
                    self.printer.note(&note(cause));
                }
            }
            std::future::pending().await
        };
        let outcome = tokio::select! {
            biased;
            outcome = call => Ok(outcome),
            outcome = told => Ok(outcome),
            () = end => Err(Failure::unknown(format!("interrupted: {what} may have been carried out"))),
        };
        self.is_writing.set(false);
        outcome
    }
}
