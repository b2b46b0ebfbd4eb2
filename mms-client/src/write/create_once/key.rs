//! Key of a creation: a name of a distributor, which is created once at a time.

use std::collections::BTreeSet;
use std::fmt;
use std::sync::{Mutex, PoisonError};

use mms_types::OrganizationId;

use crate::write::journal::{Claim, Intent};

/// The name of a child of a distributor, exactly as it is sent: two names that differ in anything are two.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Key {
    pub(super) api: String,
    pub(super) parent: OrganizationId,
    pub(super) name: String,
}

impl Key {
    pub(super) fn is_of(&self, claim: &Claim) -> bool {
        self.api == claim.api && self.parent == claim.parent && self.name == claim.organization_name
    }
}

impl From<&Intent> for Key {
    fn from(intent: &Intent) -> Self {
        Self { api: intent.api.clone(), parent: intent.parent, name: intent.organization_name.clone() }
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
        Key { api: "key.rs".to_owned(), parent: OrganizationId::new(11), name: name.to_owned() }
    }

    #[test]
    fn a_key_is_under_way_once_until_it_is_dropped() {
        let turn = KeyGuard::acquire(&key("Sol")).unwrap();
        assert!(KeyGuard::acquire(&key("Sol")).is_none());
        assert!(KeyGuard::acquire(&key("sol")).is_some(), "another name");
        drop(turn);
        assert!(KeyGuard::acquire(&key("Sol")).is_some());
    }
}
