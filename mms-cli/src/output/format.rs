//! Form and colour of what a command writes, as its user chooses them.

#![expect(clippy::doc_markdown, reason = "a terminal shows backticks as they are")]

use clap::ValueEnum;

/// How data is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Format {
    /// Columns for people
    Table,
    /// The API's own field names and types; errors on standard error are JSON, too
    Json,
    /// The same, one record a line
    Ndjson,
    /// The API's own field names in a header line, safe for spreadsheets
    Csv,
    /// The same with tabs, without quotes
    Tsv,
    /// A table for a pull request or an issue
    Markdown,
}

impl Format {
    /// Says whether programs read it as JSON.
    pub(crate) const fn is_json(self) -> bool {
        matches!(self, Self::Json | Self::Ndjson)
    }
}

/// When colour is used.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Color {
    /// On a terminal, or with CLICOLOR_FORCE, unless NO_COLOR is set
    Auto,
    /// In files and pipes too
    Always,
    /// Nowhere
    Never,
}
