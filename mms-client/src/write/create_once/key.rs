//! Key of a creation: a name of a distributor, which is created once at a time.

use std::cmp::Ordering;
use std::collections::BTreeSet;
use std::fmt;
use std::sync::{Mutex, PoisonError};

use mms_types::{NameKey, OrganizationId};

use crate::config::api_name::{may_be_one, place_of};
use crate::write::journal::{Claim, Intent};

/// A name of a distributor's child. Two keys are equal whose names read the same, however they are spelled.
#[derive(Debug, Clone)]
pub(super) struct Key {
    pub(super) api: String,
    pub(super) parent: OrganizationId,
    /// The name as it is sent.
    pub(super) name: String,
    folded: NameKey,
}

impl Key {
    pub(super) fn new(api: &str, parent: OrganizationId, name: &str) -> Self {
        Self { api: api.to_owned(), parent, name: name.to_owned(), folded: NameKey::new(name) }
    }

    pub(super) fn is_of(&self, claim: &Claim) -> bool {
        self.is_beside(claim) && self.reads_like(&claim.organization_name)
    }

    /// Says whether a claim is of the same distributor, whatever its name.
    pub(super) fn is_beside(&self, claim: &Claim) -> bool {
        self.api == claim.api && self.parent == claim.parent
    }

    /// Says whether a name reads the same.
    pub(super) fn reads_like(&self, name: &str) -> bool {
        self.name == name || self.folded == NameKey::new(name)
    }

    /// Says whether another key is of the same distributor's id and name at another place, which may be this one by another name.
    pub(super) fn is_elsewhere(&self, other: &Self) -> bool {
        let is_another = self.api != other.api && may_be_one(&self.api, &other.api);
        is_another && self.parent == other.parent && self.folded == other.folded
    }

    /// Says whether another key is of the same name at the same place, whichever sandbox is there.
    pub(super) fn is_at_the_place_of(&self, other: &Self) -> bool {
        place_of(&self.api) == place_of(&other.api) && self.parent == other.parent && self.folded == other.folded
    }

    fn parts(&self) -> (&str, OrganizationId, &NameKey) {
        (&self.api, self.parent, &self.folded)
    }
}

impl PartialEq for Key {
    fn eq(&self, other: &Self) -> bool {
        self.parts() == other.parts()
    }
}

impl Eq for Key {}

impl PartialOrd for Key {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Key {
    fn cmp(&self, other: &Self) -> Ordering {
        self.parts().cmp(&other.parts())
    }
}

impl From<&Intent> for Key {
    fn from(intent: &Intent) -> Self {
        Self::new(&intent.api, intent.parent, &intent.organization_name)
    }
}

impl fmt::Display for Key {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{:?} in organization {}", self.name, self.parent)
    }
}

/// Keys in flight in this process, whichever client and journal they go through.
static IN_FLIGHT: Mutex<BTreeSet<Key>> = Mutex::new(BTreeSet::new());

/// Exclusive right to create a key, until it is dropped.
#[derive(Debug)]
pub(super) struct KeyGuard(Key);

impl KeyGuard {
    /// Acquires the right, unless somebody has it.
    pub(super) fn acquire(key: &Key) -> Option<Self> {
        let is_free = IN_FLIGHT.lock().unwrap_or_else(PoisonError::into_inner).insert(key.clone());
        is_free.then(|| Self(key.clone()))
    }
}

impl Drop for KeyGuard {
    fn drop(&mut self) {
        IN_FLIGHT.lock().unwrap_or_else(PoisonError::into_inner).remove(&self.0);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key(name: &str) -> Key {
        Key::new("key.rs", OrganizationId::new(11), name)
    }

    #[test]
    fn a_key_is_under_way_once_until_it_is_dropped() {
        let guard = KeyGuard::acquire(&key("Sol")).unwrap();
        for spelling in ["Sol", "sol", "ＳＯＬ", " Sol\u{a0}"] {
            assert!(KeyGuard::acquire(&key(spelling)).is_none(), "{spelling:?}");
        }
        assert!(KeyGuard::acquire(&key("Sól")).is_some(), "another name");
        drop(guard);
        assert!(KeyGuard::acquire(&key("Sol")).is_some());
    }
}
