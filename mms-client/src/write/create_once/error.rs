//! Error of a creation: nothing was created, or the outcome is unknown.

use std::fmt;
use std::sync::Arc;

use mms_types::OrganizationId;

use super::key::Key;
use super::matching::{Absence, List};
use crate::write::journal::{IntentId, JournalError};

/// Source of an error, shared by the errors of several intents.
pub(super) type Source = Arc<dyn std::error::Error + Send + Sync>;

/// Says why no child came of a create, or why nobody can tell.
///
/// Where [`maybe_created`](Self::maybe_created) is true there may be a child: never send the create by another way. The text
/// names the intent and says what to look at:
///
/// ```text
/// "Sol" in organization 11: absent, unproven: the create may have been carried out (5 looks over 212 s); look for the child in
/// Make, then settle or resolve intent 0123456789abcdef0123456789abcdef: ...
/// ```
pub struct CreateOnceError(Box<Inner>);

struct Inner {
    key: Key,
    kind: Kind,
    source: Option<Source>,
    /// The intent that stays open because the journal could not take this end down, and why.
    unrecorded: Option<(IntentId, JournalError)>,
}

#[derive(Debug)]
pub(super) enum Kind {
    /// The same name is under way in this process.
    InFlight,
    /// The list before the create cannot be read, or is not proven complete.
    Unseen,
    /// Several children of this name were there before, in the list or by the journal.
    Namesakes(Vec<OrganizationId>),
    /// Children have no name in the list, and may have this one.
    Nameless(Vec<OrganizationId>),
    /// The journal has a child of this name, and a complete list does not show it.
    Vanished(OrganizationId),
    /// An open or recent intent has the name at another place.
    Elsewhere(String),
    /// The journal failed before anything was sent.
    Journal,
    /// The journal failed after the child was known.
    Unrecorded(IntentId, OrganizationId),
    /// The request was never sent.
    Unsent,
    /// The server refused.
    Refused,
    /// Several new children fit.
    Ambiguous(IntentId, Vec<OrganizationId>),
    /// None does.
    Absent(IntentId, Absence, Looks),
}

/// Number of looks at the list, and the time over which they were made.
#[derive(Debug, Clone, Copy)]
pub(super) struct Looks {
    pub(super) number: usize,
    pub(super) seconds: u64,
}

impl CreateOnceError {
    pub(super) fn new(key: &Key, kind: Kind, source: Option<Source>) -> Self {
        Self(Box::new(Inner { key: key.clone(), kind, source, unrecorded: None }))
    }

    /// Adds that the journal could not take this end of an intent down.
    pub(super) fn unrecorded(mut self, intent: &IntentId, error: JournalError) -> Self {
        self.0.unrecorded = Some((intent.clone(), error));
        self
    }

    /// Says whether the journal could not take this end down.
    pub(super) fn is_unrecorded(&self) -> bool {
        self.0.unrecorded.is_some()
    }

    /// Says whether several children fit: of the new ones after a lost answer, or of those that were there before anything was
    /// sent; or whether the list has a child without its name, which may be the one. [`candidates`](Self::candidates) are they.
    #[must_use]
    pub fn is_ambiguous(&self) -> bool {
        matches!(self.0.kind, Kind::Ambiguous(..) | Kind::Namesakes(_) | Kind::Nameless(_))
    }

    /// Says whether the answer was lost and no list shows the child, which does not prove that there is none: absent, unproven.
    #[must_use]
    pub fn is_unproven(&self) -> bool {
        matches!(&self.0.kind, Kind::Absent(_, absence, _) if absence.missing.is_none())
    }

    /// Says whether what is known does not fit together: the answer was lost, no child fits, and yet the distributor's pool fell
    /// as if there were one; or nothing was sent, because the journal has a child of this name that the list does not show.
    #[must_use]
    pub fn is_contradiction(&self) -> bool {
        match &self.0.kind {
            Kind::Absent(_, absence, _) => absence.missing.is_some(),
            Kind::Vanished(_) => true,
            _ => false,
        }
    }

    /// Says whether the server refused: nothing was created. `source` is its [`Error`](crate::Error).
    #[must_use]
    pub fn is_refused(&self) -> bool {
        matches!(self.0.kind, Kind::Refused)
    }

    /// Says whether the request was never sent, because no connection came about or its turn came too late: nothing was created.
    #[must_use]
    pub fn is_unsent(&self) -> bool {
        matches!(self.0.kind, Kind::Unsent)
    }

    /// Says whether the same name of the same distributor is being created or settled in this process at this moment.
    #[must_use]
    pub fn is_in_flight(&self) -> bool {
        matches!(self.0.kind, Kind::InFlight)
    }

    /// Says whether nothing was sent because the journal has an open or recent create of the name under another place, for a
    /// distributor of the same id: the same server, perhaps, by another name.
    #[must_use]
    pub fn is_elsewhere(&self) -> bool {
        matches!(self.0.kind, Kind::Elsewhere(_))
    }

    /// Says whether nothing was sent because the children that exist are not all known: the list cannot be read, or the server
    /// does not prove that it is complete.
    #[must_use]
    pub fn is_unseen(&self) -> bool {
        matches!(self.0.kind, Kind::Unseen)
    }

    /// Says whether the journal failed. `source` is its [`JournalError`](crate::JournalError).
    #[must_use]
    pub fn is_journal(&self) -> bool {
        matches!(self.0.kind, Kind::Journal | Kind::Unrecorded(..))
    }

    /// Says whether there may be a child that no outcome names: of this call, of the one that is under way, or of an earlier one.
    ///
    /// False where nothing was sent or the server refused: making the call again cannot make a second child.
    #[must_use]
    pub fn maybe_created(&self) -> bool {
        match self.0.kind {
            // Of another call nobody knows here.
            Kind::InFlight | Kind::Unrecorded(..) | Kind::Ambiguous(..) | Kind::Absent(..) => true,
            Kind::Unseen
            | Kind::Namesakes(_)
            | Kind::Nameless(_)
            | Kind::Vanished(_)
            | Kind::Elsewhere(_)
            | Kind::Journal
            | Kind::Unsent
            | Kind::Refused => false,
        }
    }

    /// Returns the intent that stays open, for [`Journal::resolve`](crate::Journal::resolve).
    #[must_use]
    pub fn intent(&self) -> Option<&IntentId> {
        match &self.0.kind {
            Kind::Unrecorded(intent, _) | Kind::Ambiguous(intent, _) | Kind::Absent(intent, ..) => Some(intent),
            _ => None,
        }
    }

    /// Returns the children to look at: those that fit, or else the new ones that no intent became.
    #[must_use]
    pub fn candidates(&self) -> &[OrganizationId] {
        match &self.0.kind {
            Kind::Namesakes(ids) | Kind::Nameless(ids) | Kind::Ambiguous(_, ids) => ids,
            Kind::Vanished(id) | Kind::Unrecorded(_, id) => std::slice::from_ref(id),
            Kind::Absent(_, absence, _) => absence.hint.as_ref().map_or(&absence.strangers, std::slice::from_ref),
            _ => &[],
        }
    }
}

/// Ids as a list within a sentence.
struct Ids<'a>(&'a [OrganizationId]);

/// Most ids that a text shows.
const MAX_IDS: usize = 10;

impl fmt::Display for Ids<'_> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, id) in self.0.iter().take(MAX_IDS).enumerate() {
            write!(formatter, "{}{id}", if index == 0 { "" } else { ", " })?;
        }
        match self.0.len().saturating_sub(MAX_IDS) {
            0 => Ok(()),
            more => write!(formatter, " and {more} more"),
        }
    }
}

impl fmt::Display for CreateOnceError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Inner { key, kind, source, unrecorded } = &*self.0;
        write!(formatter, "{key}: ")?;
        match kind {
            Kind::InFlight => formatter.write_str("the same name is being created at this moment: wait for its outcome"),
            Kind::Unseen => formatter.write_str(
                "nothing was sent, because the list of children before it is not known to be complete: without it a lost answer \
                 could not be settled",
            ),
            Kind::Namesakes(ids) => write!(
                formatter,
                "ambiguous: nothing was sent, because several children are known by this name ({}): see which is meant",
                Ids(ids)
            ),
            Kind::Nameless(ids) => write!(
                formatter,
                "nothing was sent, because the server lists children without their names ({}), and one may be it: see which they \
                 are, or allow a second of the name",
                Ids(ids)
            ),
            Kind::Vanished(id) => write!(
                formatter,
                "contradiction: nothing was sent, because the journal has the child {id} for it, which the list does not show: see \
                 whether it was unlinked, and allow a second of the name to create another"
            ),
            Kind::Elsewhere(api) => write!(
                formatter,
                "nothing was sent, because the journal has an open or recent create of this name under {api}, which may be the same \
                 place: settle it there, or allow a second of the name"
            ),
            Kind::Journal => formatter.write_str("nothing was sent, because the journal cannot be used"),
            Kind::Unrecorded(intent, id) => write!(
                formatter,
                "child {id} exists, and the journal could not take it down: settle intent {intent} before anything else"
            ),
            Kind::Unsent => formatter.write_str("nothing was sent"),
            Kind::Refused => formatter.write_str("refused, and nothing was created"),
            Kind::Ambiguous(intent, ids) => write!(
                formatter,
                "ambiguous: the create may have been carried out, and several new children fit ({}): see which is yours, and \
                 resolve intent {intent}",
                Ids(ids)
            ),
            Kind::Absent(intent, absence, looks) => fmt_absence(formatter, intent, absence, *looks),
        }?;
        if let Some(source) = source {
            write!(formatter, ": {source}")?;
        }
        if let Some((intent, error)) = unrecorded {
            write!(formatter, "; intent {intent} stays open, because the journal could not take this down: {error}")?;
        }
        Ok(())
    }
}

fn fmt_absence(formatter: &mut fmt::Formatter<'_>, intent: &IntentId, absence: &Absence, looks: Looks) -> fmt::Result {
    let Looks { number, seconds } = looks;
    match absence.missing {
        Some(missing) => {
            write!(formatter, "contradiction: no new child fits, and yet the distributor's pool fell by {missing}")?;
        }
        None => formatter.write_str("absent, unproven: the create may have been carried out")?,
    }
    let plural = if number == 1 { "" } else { "s" };
    write!(formatter, " ({number} look{plural} over {seconds} s")?;
    formatter.write_str(match absence.list {
        List::None => ", the last in vain",
        List::Cut => ", the last at a list that may be cut",
        List::Complete => "",
    })?;
    if let Some(hint) = absence.hint {
        write!(formatter, "; {hint} fits")?;
    }
    if !absence.strangers.is_empty() {
        write!(formatter, "; new under other names or figures: {}", Ids(&absence.strangers))?;
    }
    write!(formatter, "); look for the child in Make, then settle or resolve intent {intent}")
}

impl fmt::Debug for CreateOnceError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "CreateOnceError({self})")
    }
}

impl std::error::Error for CreateOnceError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        self.0.source.as_deref().map(|source| source as _)
    }
}
