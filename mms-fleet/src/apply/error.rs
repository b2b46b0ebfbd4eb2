//! Error of an apply before its first write.

use std::error::Error as StdError;
use std::fmt;

use mms_client::{JournalError, Run, SettleError};

/// Says why an apply did not begin: nothing was sent.
#[derive(Debug)]
pub struct ApplyError(Box<Kind>);

#[derive(Debug)]
enum Kind {
    Journal(JournalError),
    Look(Box<dyn StdError + Send + Sync>),
    Settle(SettleError),
    Used(Run),
}

impl ApplyError {
    pub(super) fn journal(error: JournalError) -> Self {
        Self(Box::new(Kind::Journal(error)))
    }

    pub(super) fn look(error: impl StdError + Send + Sync + 'static) -> Self {
        Self(Box::new(Kind::Look(error.into())))
    }

    pub(super) fn settle(error: SettleError) -> Self {
        Self(Box::new(Kind::Settle(error)))
    }

    pub(super) fn used(run: Run) -> Self {
        Self(Box::new(Kind::Used(run)))
    }

    /// Returns the error of the journal, if that is why.
    #[must_use]
    pub const fn journal_error(&self) -> Option<&JournalError> {
        match &*self.0 {
            Kind::Journal(error) => Some(error),
            Kind::Settle(error) => error.journal_error(),
            _ => None,
        }
    }

    /// Returns the run that has carried the plan out already, if that is why.
    #[must_use]
    pub const fn used_by(&self) -> Option<&Run> {
        match &*self.0 {
            Kind::Used(run) => Some(run),
            _ => None,
        }
    }
}

impl fmt::Display for ApplyError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &*self.0 {
            Kind::Journal(error) => write!(formatter, "nothing was sent: {error}"),
            Kind::Settle(error) => write!(formatter, "nothing was sent: {error}"),
            Kind::Look(error) => write!(formatter, "nothing was sent: the distributor cannot be read: {error}"),
            Kind::Used(run) => write!(
                formatter,
                "nothing was sent: the plan was carried out already, in run {} by {}; a plan is good once: make a new one",
                run.id, run.who
            ),
        }
    }
}

impl StdError for ApplyError {
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        match &*self.0 {
            Kind::Journal(error) => Some(error),
            Kind::Look(error) => Some(&**error),
            Kind::Settle(error) => error.source(),
            Kind::Used(_) => None,
        }
    }
}
