//! Journal of writes: intents and outcomes, which no death of a process loses.

mod error;
mod file;
mod holder;
mod ledger;
mod line;
mod lock;
mod memory;
mod private_file;
mod record;
mod run_journal;
#[cfg(test)]
pub(crate) mod samples;
#[cfg(test)]
pub(crate) mod simulated;
mod torn;

use std::fmt;

use mms_types::{CountryId, Operations, OrganizationId, RegionId};

pub use error::JournalError;
pub use file::FileJournal;
pub use memory::MemoryJournal;
pub(crate) use record::milliseconds_since_boot;
pub use record::{
    AllocationIntent, AllocationOutcome, History, Intent, IntentId, IntentIdError, IntentOutcome, Moment, Run, RunId,
    Written,
};
pub use run_journal::RunJournal;
pub use torn::Torn;

/// Keeps the intents of a client and what became of them.
///
/// [`create_child_once`](crate::Client::create_child_once) writes an intent down before it sends anything, and the outcome when
/// it knows it. An intent without a final outcome is open: what it asked for may exist.
/// [`set_allocation_recorded`](crate::Client::set_allocation_recorded) does the same with allocations, in a [`WriteJournal`].
///
/// A journal of another make has one duty: what it has taken is there after a loss of power. A call may block for as long as a
/// disk takes, some milliseconds. No token is ever handed to it.
pub trait Journal: Send + Sync + fmt::Debug {
    /// Returns the intents that have no final outcome, oldest first, of every API and distributor.
    fn open_intents(&self) -> Result<Vec<OpenIntent>, JournalError>;

    /// Returns every child that an intent became, oldest intent first.
    fn claims(&self) -> Result<Vec<Claim>, JournalError>;

    /// Writes an intent down, durably. Nothing is sent before this returns.
    fn record_intent(&self, intent: &Intent) -> Result<(), JournalError>;

    /// Writes down what became of an open intent, durably.
    fn record_outcome(&self, intent: &IntentId, at: Moment, outcome: &IntentOutcome) -> Result<(), JournalError>;

    /// Ends an open intent by a person's decision, after they have looked. `at` is now, by the wall clock.
    ///
    /// ```
    /// use std::time::SystemTime;
    /// use mms_client::{IntentId, Journal, MemoryJournal, Resolution};
    ///
    /// let journal = MemoryJournal::new();
    /// let intent: IntentId = "0123456789abcdef0123456789abcdef".parse()?;
    /// let reason = "looked in the web application an hour later: it never came".to_owned();
    /// let unknown = journal.resolve(&intent, Resolution::GivenUp { reason }, SystemTime::now()).unwrap_err();
    /// assert_eq!(unknown.to_string(), "there is no intent 0123456789abcdef0123456789abcdef");
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    fn resolve(
        &self,
        intent: &IntentId,
        resolution: Resolution,
        at: std::time::SystemTime,
    ) -> Result<(), JournalError> {
        self.record_outcome(intent, at.into(), &resolution.into())
    }
}

/// Journal that keeps allocations and runs beside the intents to create: every write of a program, and what it was made for.
///
/// The same duty, but for allocations, whose state any list shows: those outlive the process, and a loss of power may take the last of
/// them. A [`FileJournal`] says which.
pub trait WriteJournal: Journal {
    /// Returns the allocations that have no final outcome, oldest first, of every API and distributor.
    fn open_allocations(&self) -> Result<Vec<AllocationIntent>, JournalError>;

    /// Returns all that is written down of writes, oldest first.
    fn history(&self) -> Result<History, JournalError>;

    /// Writes a run down, durably, before the first of its writes.
    fn record_run(&self, run: &Run) -> Result<(), JournalError>;

    /// Writes the intent of an allocation down. Nothing is sent before this returns. A loss of power may lose it, and what was
    /// sent then shows in the list alone.
    fn record_allocation(&self, intent: &AllocationIntent) -> Result<(), JournalError>;

    /// Writes down what became of an open allocation. A loss of power may lose it: then the allocation is open, and what its child has
    /// says what became of it.
    fn record_allocation_outcome(
        &self,
        intent: &IntentId,
        at: Moment,
        outcome: &AllocationOutcome,
    ) -> Result<(), JournalError>;
}

/// An intent without a final outcome.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct OpenIntent {
    /// The intent.
    pub intent: Intent,
    /// Why settling it stopped; nothing where nobody has tried, or the attempt was interrupted.
    pub stopped: Option<IntentOutcome>,
}

/// A child that an intent became.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Claim {
    /// The intent.
    pub intent: IntentId,
    /// The name of the API, by default its root.
    pub api: String,
    /// The distributor.
    pub parent: OrganizationId,
    /// The name that was sent.
    pub organization_name: String,
    /// The allocation that was sent.
    pub operations: Operations,
    /// The country that was sent.
    pub country_id: CountryId,
    /// The region that was sent.
    pub region_id: RegionId,
    /// The owner's e-mail address that was sent.
    pub user_email: String,
    /// The child.
    pub organization_id: OrganizationId,
    /// When it was known.
    pub at: Moment,
}

impl Claim {
    pub(crate) fn new(intent: &Intent, organization_id: OrganizationId, at: Moment) -> Self {
        Self {
            intent: intent.id.clone(),
            api: intent.api.clone(),
            parent: intent.parent,
            organization_name: intent.organization_name.clone(),
            operations: intent.operations,
            country_id: intent.country_id,
            region_id: intent.region_id,
            user_email: intent.user_email.clone(),
            organization_id,
            at,
        }
    }
}

/// What a person decides about an open intent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Resolution {
    /// It is this child.
    Assigned {
        /// The child.
        organization_id: OrganizationId,
        /// Why, for those who read the journal later.
        reason: String,
    },
    /// It came to nothing, so that the name may be created again. If its request arrives after all, there are two.
    GivenUp {
        /// Why, for those who read the journal later.
        reason: String,
    },
}

impl From<Resolution> for IntentOutcome {
    fn from(resolution: Resolution) -> Self {
        match resolution {
            Resolution::Assigned { organization_id, reason } => Self::Assigned { organization_id, reason },
            Resolution::GivenUp { reason } => Self::GivenUp { reason },
        }
    }
}
