//! Violation of a document's rules.

use std::fmt;

/// A rule that a document breaks, and where.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Violation {
    location: String,
    message: String,
}

impl Violation {
    pub(crate) fn new(location: impl Into<String>, message: impl Into<String>) -> Self {
        Self { location: location.into(), message: message.into() }
    }

    /// Returns where the rule is broken: method and path, or the location in the document; empty for the whole of it.
    #[must_use]
    pub fn location(&self) -> &str {
        &self.location
    }

    /// Returns what is wrong and what is expected.
    #[must_use]
    pub fn message(&self) -> &str {
        &self.message
    }
}

impl fmt::Display for Violation {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.location.as_str() {
            "" => formatter.write_str(&self.message),
            location => write!(formatter, "{location}: {}", self.message),
        }
    }
}
