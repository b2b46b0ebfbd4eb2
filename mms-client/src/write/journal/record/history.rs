//! History: all that a journal has of writes.

use super::{AllocationIntent, AllocationOutcome, Intent, IntentOutcome, Moment, Run, RunId};

/// All that a journal has of writes, oldest first.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct History {
    /// The runs.
    pub runs: Vec<Run>,
    /// The writes.
    pub writes: Vec<Written>,
}

/// A write, and what is known of its end.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Written {
    /// A create.
    Create {
        /// The intent. `ids_before` is there for open ones alone.
        intent: Intent,
        /// What became of it, and when that was known; nothing where it is open.
        outcome: Option<(Moment, IntentOutcome)>,
    },
    /// An allocation.
    Allocation {
        /// The intent.
        intent: AllocationIntent,
        /// What became of it, and when that was known; nothing where it is open.
        outcome: Option<(Moment, AllocationOutcome)>,
    },
}

impl Written {
    /// Returns the run that it belongs to; nothing where none was written down.
    #[must_use]
    pub const fn run(&self) -> Option<&RunId> {
        match self {
            Self::Create { intent, .. } => intent.run.as_ref(),
            Self::Allocation { intent, .. } => intent.run.as_ref(),
        }
    }

    /// Returns when its intent was written down.
    #[must_use]
    pub const fn at(&self) -> Moment {
        match self {
            Self::Create { intent, .. } => intent.at,
            Self::Allocation { intent, .. } => intent.at,
        }
    }
}
