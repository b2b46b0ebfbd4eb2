//! Choices of an import.

use jiff::civil::Date;

/// Choices of one import.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ImportOptions {
    /// The day that marks say.
    pub today: Date,
}
