//! Errors of an edit: nothing was written, and a person has to do it.

use std::fmt;
use std::io;

use super::meant::Edit;

/// The most changes that a message shows; [`EditError::entries`] has all.
const SHOWN: usize = 20;

/// A change that a person has to make.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ByHand {
    /// The child by its name.
    pub name: String,
    /// What to write at its entry, such as `id: 123`.
    pub text: String,
}

impl ByHand {
    /// Returns an edit as what a person writes.
    pub(super) fn of(edit: &Edit) -> Self {
        let text = match edit {
            Edit::Bind { id, .. } => format!("id: {id}"),
            Edit::SetCredits { credits, .. } => format!("credits: {credits}"),
            Edit::Remark { text, .. } => format!("# {text}"),
            Edit::Add(child) => {
                let pairs: Vec<String> = child.pairs().iter().map(|(key, value)| format!("{key}: {value}")).collect();
                pairs.join(", ")
            }
        };
        Self { name: edit.name().as_str().to_owned(), text }
    }
}

impl fmt::Display for ByHand {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}: {{{}}}", self.name, self.text)
    }
}

/// Says why a fleet file was not changed. Nothing was written, but for the files that [`written`](Self::written) names.
#[derive(Debug)]
pub struct EditError(Kind);

#[derive(Debug)]
enum Kind {
    ByHand(Vec<ByHand>),
    Refused(Vec<ByHand>),
    Changed(String),
    Exists(String),
    Io { file: String, error: io::Error, written: Vec<String> },
}

impl EditError {
    pub(super) fn by_hand(entries: Vec<ByHand>) -> Self {
        Self(Kind::ByHand(entries))
    }

    /// The text that came out does not mean what was meant.
    pub(super) fn refused(edits: &[Edit]) -> Self {
        Self(Kind::Refused(edits.iter().map(ByHand::of).collect()))
    }

    pub(super) fn changed(file: &str) -> Self {
        Self(Kind::Changed(file.to_owned()))
    }

    pub(super) fn exists(file: &str) -> Self {
        Self(Kind::Exists(file.to_owned()))
    }

    pub(super) fn io(file: &str, error: io::Error) -> Self {
        Self(Kind::Io { file: file.to_owned(), error, written: Vec::new() })
    }

    /// Adds the files that took their place before.
    pub(super) fn after(self, before: Vec<String>) -> Self {
        match self.0 {
            Kind::Io { file, error, .. } => Self(Kind::Io { file, error, written: before }),
            _ => self,
        }
    }

    /// Returns the files that were written before another of the same edit could not be.
    #[must_use]
    pub fn written(&self) -> &[String] {
        match &self.0 {
            Kind::Io { written, .. } => written,
            _ => &[],
        }
    }

    /// Says whether the file on disk is not what was read: somebody has changed it meanwhile.
    #[must_use]
    pub fn is_changed(&self) -> bool {
        matches!(self.0, Kind::Changed(_) | Kind::Exists(_))
    }

    /// Returns what a person has to write; nothing where the file could not be written at all.
    #[must_use]
    pub fn entries(&self) -> &[ByHand] {
        match &self.0 {
            Kind::ByHand(entries) | Kind::Refused(entries) => entries,
            Kind::Changed(_) | Kind::Exists(_) | Kind::Io { .. } => &[],
        }
    }
}

impl fmt::Display for EditError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.0 {
            Kind::ByHand(entries) => {
                formatter.write_str("the file is written in a way that cannot be edited here; write by hand: ")?;
                listed(entries, formatter)
            }
            Kind::Refused(entries) => {
                formatter.write_str("an edit of the file would mean something else than was meant; write by hand: ")?;
                listed(entries, formatter)
            }
            Kind::Changed(file) => write!(formatter, "{file} was changed since it was read"),
            Kind::Exists(file) => write!(formatter, "{file} exists already"),
            Kind::Io { file, error, written } => {
                write!(formatter, "{file} cannot be written: {error}")?;
                if written.is_empty() {
                    Ok(())
                } else {
                    write!(formatter, "; written before it: {}", written.join(", "))
                }
            }
        }
    }
}

fn listed(entries: &[ByHand], formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
    for (index, entry) in entries.iter().take(SHOWN).enumerate() {
        write!(formatter, "{}{entry}", if index == 0 { "" } else { "; " })?;
    }
    match entries.len().saturating_sub(SHOWN) {
        0 => Ok(()),
        more => write!(formatter, "; and {more} more"),
    }
}

impl std::error::Error for EditError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match &self.0 {
            Kind::Io { error, .. } => Some(error),
            _ => None,
        }
    }
}
