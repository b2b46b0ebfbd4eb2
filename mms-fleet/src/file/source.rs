//! Source of a fleet: a file's name and text.

use std::path::PathBuf;
use std::sync::Arc;

use super::yaml::At;
use crate::place::{Place, Problem};

/// The mark that some editors put in front of a UTF-8 text.
pub(super) const BYTE_ORDER_MARK: char = '\u{feff}';

/// A file of a fleet, as it was read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Source {
    /// The name, as whoever reads it gave it.
    pub(crate) name: Arc<str>,
    /// Where it is on disk, without symbolic links; nothing for a text that was given.
    pub(crate) path: Option<PathBuf>,
    /// Whether it is to be made: nothing may be there.
    pub(crate) is_new: bool,
    /// The text, with its byte order mark and line ends.
    pub(crate) text: String,
}

impl Source {
    /// Takes a text under a name.
    pub(crate) fn of_text(name: &str, text: &str) -> Self {
        Self { name: name.into(), path: None, is_new: false, text: text.to_owned() }
    }

    /// Returns the place of a position.
    pub(super) fn place(&self, at: At) -> Place {
        Place { file: Arc::clone(&self.name), line: at.line, column: at.column }
    }

    /// Returns a problem at a position.
    pub(super) fn problem(&self, at: At, message: impl Into<String>, help: impl Into<String>) -> Problem {
        Problem { place: Some(self.place(at)), message: message.into(), help: help.into() }
    }

    /// Returns the line end that the file uses: that of its first line.
    pub(super) fn line_end(&self) -> &'static str {
        match self.text.find('\n') {
            Some(index) if self.text[..index].ends_with('\r') => "\r\n",
            _ => "\n",
        }
    }
}
