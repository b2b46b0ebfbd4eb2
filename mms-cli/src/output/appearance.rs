//! Appearance of output: what flags say of it.

use super::data::Choice;
use super::format::{Color, Format};

/// What a user wants to see.
#[derive(Debug, Clone)]
pub(crate) struct Appearance {
    pub(crate) format: Format,
    pub(crate) columns: Choice,
    /// Filter of the JSON.
    pub(crate) jq: Option<String>,
    /// Whether titles and field names are left out.
    pub(crate) is_headless: bool,
    pub(crate) quiet: bool,
    /// Whether an error names the operation whose call failed.
    pub(crate) names_operations: bool,
    pub(crate) color: Color,
}

impl Appearance {
    /// Returns the appearance of output that nothing else is asked of.
    pub(crate) fn plain(format: Format, color: Color) -> Self {
        Self {
            format,
            columns: Choice::default(),
            jq: None,
            is_headless: false,
            quiet: false,
            names_operations: false,
            color,
        }
    }
}
