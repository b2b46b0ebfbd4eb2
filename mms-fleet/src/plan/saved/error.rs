//! Reasons why a document is no plan that can be used.

use std::fmt;

/// Says why a document cannot be read as a plan, or a plan not be written as one.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum SavedPlanError {
    /// It is no saved plan.
    Unreadable {
        /// What is wrong, and where.
        reason: String,
    },
    /// It is a saved plan of another format.
    OtherFormat {
        /// Its format.
        format: u32,
        /// The version of the program that wrote it.
        version: String,
    },
    /// It was changed since it was saved.
    Changed,
    /// A request of the plan cannot be written.
    Unwritable {
        /// What is wrong.
        reason: String,
    },
}

impl SavedPlanError {
    #[expect(clippy::needless_pass_by_value, reason = "it is what map_err passes")]
    pub(super) fn unreadable(error: serde_json::Error) -> Self {
        Self::Unreadable { reason: error.to_string() }
    }

    #[expect(clippy::needless_pass_by_value, reason = "it is what map_err passes")]
    pub(super) fn unwritable(error: serde_json::Error) -> Self {
        Self::Unwritable { reason: error.to_string() }
    }
}

impl fmt::Display for SavedPlanError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Unreadable { reason } => write!(formatter, "this is no saved plan: {reason}"),
            Self::OtherFormat { format, version } => write!(
                formatter,
                "the plan has format {format}, which mms {version} wrote, and this is mms {}: plan again, or use that version",
                env!("CARGO_PKG_VERSION")
            ),
            Self::Changed => formatter.write_str("the plan was changed since it was saved: plan again"),
            Self::Unwritable { reason } => write!(formatter, "the plan cannot be saved: {reason}"),
        }
    }
}

impl std::error::Error for SavedPlanError {}
