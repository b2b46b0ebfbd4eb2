//! Error of a changed allocation: nothing was changed, or the outcome is unknown.

use std::fmt;

use mms_types::{Operations, OrganizationId};

use crate::write::journal::AllocationOutcome;

/// Says why a child's allocation was not set, or is not known to be. The text names the numbers.
pub struct SetAllocationError(Box<Inner>);

/// Source of an error.
pub(super) type Source = Box<dyn std::error::Error + Send + Sync>;

struct Inner {
    child: OrganizationId,
    operations: Operations,
    kind: Kind,
    source: Option<Source>,
}

pub(super) enum Kind {
    /// A complete list does not have the child.
    NoChild,
    /// The child cannot be read before anything is sent.
    Unread,
    /// A list that may be cut does not have the child.
    Unlisted,
    /// The child does not have what the caller expected.
    Unexpected { expected: i64, found: i64 },
    /// The list shows the child without what it has.
    Incomplete,
    /// Another child has the name by which the caller knew this one.
    Moved { name: String, child: OrganizationId },
    /// The intent cannot be written down.
    Journal,
    /// It is set, and that cannot be written down.
    Unrecorded,
    /// The request was never sent.
    Unsent,
    /// The server refused.
    Refused,
    /// The child has a value that is neither the old one nor the one that was sent.
    OtherWriter { found: i64 },
    /// No usable answer came, and what the child has cannot be read or is the old value still.
    Unknown,
}

impl SetAllocationError {
    pub(super) fn new(child: OrganizationId, operations: Operations, kind: Kind, source: Option<Source>) -> Self {
        Self(Box::new(Inner { child, operations, kind, source }))
    }

    /// Says whether the distributor has no such child: nothing was sent.
    #[must_use]
    pub fn is_not_found(&self) -> bool {
        matches!(self.0.kind, Kind::NoChild)
    }

    /// Says whether the child was not what the caller expected: nothing was sent. [`found`](Self::found) is what it has; nothing
    /// where another child has the name that was expected.
    #[must_use]
    pub fn is_unexpected(&self) -> bool {
        matches!(self.0.kind, Kind::Unexpected { .. } | Kind::Moved { .. })
    }

    /// Says whether the server lists the child without its allocation, or without the name that was expected: nothing was sent.
    #[must_use]
    pub fn is_incomplete(&self) -> bool {
        matches!(self.0.kind, Kind::Incomplete)
    }

    /// Says whether the child could not be read, or the request never left: nothing was changed.
    #[must_use]
    pub fn is_unsent(&self) -> bool {
        matches!(self.0.kind, Kind::Unread | Kind::Unsent)
    }

    /// Says whether a list that may lack rows, or a row that lacks something, is why: another look may show the child.
    pub(super) fn is_for_want_of_a_row(&self) -> bool {
        matches!(self.0.kind, Kind::Unlisted | Kind::Incomplete)
    }

    /// Says whether the server refused: nothing was changed. `source` is its [`Error`](crate::Error).
    #[must_use]
    pub fn is_refused(&self) -> bool {
        matches!(self.0.kind, Kind::Refused)
    }

    /// Says whether the child has a third value, neither the old one nor the one that was sent: somebody else wrote too, or the
    /// server decided otherwise. [`found`](Self::found) is the value.
    #[must_use]
    pub fn is_other_writer(&self) -> bool {
        matches!(self.0.kind, Kind::OtherWriter { .. })
    }

    /// Says whether the allocation may have been set. False where nothing was sent or the server refused.
    #[must_use]
    pub fn maybe_set(&self) -> bool {
        matches!(self.0.kind, Kind::OtherWriter { .. } | Kind::Unknown | Kind::Unrecorded)
    }

    /// Says whether the journal is why it ended: nothing was sent, unless [`maybe_set`](Self::maybe_set).
    #[must_use]
    pub fn is_journal(&self) -> bool {
        matches!(self.0.kind, Kind::Journal | Kind::Unrecorded)
    }

    /// Returns what is written down of it.
    pub(super) fn outcome(&self) -> AllocationOutcome {
        let reason = self.to_string();
        match self.0.kind {
            Kind::OtherWriter { found } => AllocationOutcome::OtherWriter { found },
            Kind::Unknown | Kind::Unrecorded => AllocationOutcome::Unknown { reason },
            Kind::Refused => AllocationOutcome::Refused { reason },
            _ => AllocationOutcome::Unsent { reason },
        }
    }

    /// Returns what the child has, where that is why it ended.
    #[must_use]
    pub fn found(&self) -> Option<i64> {
        match self.0.kind {
            Kind::Unexpected { found, .. } | Kind::OtherWriter { found } => Some(found),
            _ => None,
        }
    }
}

impl fmt::Display for SetAllocationError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Inner { child, operations, kind, source } = &*self.0;
        write!(formatter, "allocation of {operations} to child {child}: ")?;
        match kind {
            Kind::NoChild => formatter.write_str("nothing was sent: the distributor has no such child"),
            Kind::Unread => formatter.write_str("nothing was sent: what the child has cannot be read"),
            Kind::Unlisted => formatter.write_str(
                "nothing was sent: the list does not show the child, and the server does not prove that the list is complete",
            ),
            Kind::Incomplete => formatter.write_str(
                "nothing was sent: the server lists the child without its name or its allocation; set it in Make itself",
            ),
            Kind::Unexpected { expected, found } => {
                write!(formatter, "nothing was sent: it was expected to have {expected}, and has {found}")
            }
            Kind::Moved { name, child } => {
                write!(formatter, "nothing was sent: the name {name:?} belongs to child {child} by now")
            }
            Kind::Journal => formatter.write_str("nothing was sent: the journal cannot be written"),
            Kind::Unrecorded => formatter.write_str("it is set, and the journal cannot be written"),
            Kind::Unsent => formatter.write_str("nothing was sent"),
            Kind::Refused => formatter.write_str("refused, and nothing was changed"),
            Kind::OtherWriter { found } => write!(
                formatter,
                "it has {found}: another writer, or the server decided otherwise; see who did before setting it again"
            ),
            Kind::Unknown => formatter.write_str(
                "no usable answer came, and the child is not seen to have it: read the child before anything else",
            ),
        }?;
        source.as_ref().map_or(Ok(()), |source| write!(formatter, ": {source}"))
    }
}

impl fmt::Debug for SetAllocationError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "SetAllocationError({self})")
    }
}

impl std::error::Error for SetAllocationError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        self.0.source.as_deref().map(|source| source as _)
    }
}
