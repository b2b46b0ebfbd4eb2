//! Report of an import.

use mms_types::{OrganizationId, OrganizationName};

use crate::file::edit::ByHand;

/// What an import did, and what it left.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ImportReport {
    /// Children that were added, in their order.
    pub added: Vec<(OrganizationName, OrganizationId)>,
    /// Entries that got an id.
    pub bound: Vec<(OrganizationName, OrganizationId)>,
    /// Entries whose child Make does not list any more.
    pub gone: Vec<(OrganizationName, OrganizationId)>,
    /// Entries whose child has another name in Make.
    pub renamed: Vec<Renamed>,
    /// Children that were added without credits, since theirs cannot be written.
    pub without_credits: Vec<OrganizationName>,
    /// Children that are in no entry.
    pub skipped: Vec<Skipped>,
    /// What the way in which a file is written kept from being done.
    pub by_hand: Vec<ByHand>,
}

/// An entry whose child has another name in Make.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Renamed {
    /// The child.
    pub id: OrganizationId,
    /// Its name in the file.
    pub name: OrganizationName,
    /// Its name in Make.
    pub found: String,
}

/// A child that an import left out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Skipped {
    /// The child.
    pub id: OrganizationId,
    /// Its name in Make; nothing where the server sent none.
    pub name: Option<String>,
    /// Why.
    pub reason: SkipReason,
}

/// Why an import left a child out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SkipReason {
    /// The server sent no name.
    Unnamed,
    /// The name cannot be the name of an entry: it has characters that no organization name may have, or is too long.
    NoName,
    /// Another child in Make has the name, or one that reads the same. One of them has to be renamed there.
    SeveralOfThatName,
    /// An entry has the name, or one that reads the same, and is another child, or may be several.
    NameTaken,
    /// An entry without an id may be this child, which somebody may have renamed in Make: a plan asks about it.
    MaybeRenamed {
        /// The first of these entries.
        entry: OrganizationName,
    },
    /// An entry without an id that is given up may be this child, which somebody may have renamed in Make: a plan asks about it.
    MaybeRetired {
        /// The first of these entries.
        entry: OrganizationName,
    },
    /// This machine created the child under the name of an entry without an id, and somebody renamed it in Make.
    CreatedAs {
        /// The entry.
        entry: OrganizationName,
    },
    /// Its credits cannot be written, and those of the defaults would be others.
    CreditsUnknown,
}

impl SkipReason {
    /// Says whether a person has to say first which entry the child is.
    #[must_use]
    pub const fn is_doubt(&self) -> bool {
        matches!(self, Self::MaybeRenamed { .. } | Self::MaybeRetired { .. } | Self::CreatedAs { .. })
    }
}

impl ImportReport {
    /// Takes what could not be done out of what was done.
    pub(super) fn leave(&mut self, by_hand: Vec<ByHand>) {
        let is_left = |name: &OrganizationName| {
            by_hand.iter().any(|left| left.name == name.as_str() && left.text.starts_with("id: "))
        };
        if !by_hand.is_empty() {
            self.added.retain(|(name, _)| !is_left(name));
            self.bound.retain(|(name, _)| !is_left(name));
        }
        // A mark that has no line of its own is no more than what the report says.
        self.by_hand = by_hand.into_iter().filter(|left| !left.text.starts_with('#')).collect();
    }
}
