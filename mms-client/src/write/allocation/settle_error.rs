//! Error of the settlement of open allocations.

use std::error::Error as StdError;
use std::fmt;

use crate::write::journal::JournalError;

/// Says why open allocations cannot be settled: the journal cannot be used, or the distributor cannot be read. They stay open.
#[derive(Debug)]
pub struct SettleError(Box<Kind>);

#[derive(Debug)]
enum Kind {
    Journal(JournalError),
    Look(Box<dyn StdError + Send + Sync>),
}

impl SettleError {
    /// Wraps the error of the look at their children.
    pub(super) fn look(error: impl StdError + Send + Sync + 'static) -> Self {
        Self(Box::new(Kind::Look(error.into())))
    }

    /// Returns the error of the journal, if that is why; else the source is that of the look.
    #[must_use]
    pub const fn journal_error(&self) -> Option<&JournalError> {
        match &*self.0 {
            Kind::Journal(error) => Some(error),
            Kind::Look(_) => None,
        }
    }
}

impl From<JournalError> for SettleError {
    fn from(error: JournalError) -> Self {
        Self(Box::new(Kind::Journal(error)))
    }
}

impl fmt::Display for SettleError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &*self.0 {
            Kind::Journal(error) => error.fmt(formatter),
            Kind::Look(error) => write!(formatter, "the distributor cannot be read: {error}"),
        }
    }
}

impl StdError for SettleError {
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        match &*self.0 {
            Kind::Journal(error) => Some(error),
            Kind::Look(error) => Some(&**error),
        }
    }
}
