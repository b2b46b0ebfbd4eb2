//! Keyrings of the tests: one in memory, and one that fails in a way of its own.

use std::collections::BTreeMap;
use std::sync::Mutex;
use std::thread;

use super::keyring::{Keyring, Refusal};

/// Keyring in memory.
#[derive(Debug, Default)]
pub(super) struct InMemory(Mutex<BTreeMap<String, String>>);

impl InMemory {
    /// Returns the entries with their tokens.
    pub(super) fn entries(&self) -> BTreeMap<String, String> {
        self.0.lock().unwrap().clone()
    }
}

impl Keyring for InMemory {
    fn set(&self, entry: &str, token: &str) -> Result<(), Refusal> {
        self.0.lock().unwrap().insert(entry.to_owned(), token.to_owned());
        Ok(())
    }

    fn get(&self, entry: &str) -> Result<Option<String>, Refusal> {
        Ok(self.0.lock().unwrap().get(entry).cloned())
    }

    fn remove(&self, entry: &str) -> Result<bool, Refusal> {
        Ok(self.0.lock().unwrap().remove(entry).is_some())
    }
}

/// Keyring whose calls all end in the same way.
pub(super) struct Failing(pub(super) fn() -> Refusal);

impl Failing {
    /// There is none.
    pub(super) const ABSENT: Self = Self(|| Refusal::new("no bus"));

    /// It waits for ever for somebody to unlock it.
    pub(super) const LOCKED: Self = Self(|| {
        loop {
            thread::park();
        }
    });

    /// It breaks off.
    pub(super) const BROKEN: Self = Self(|| panic!("a test breaks it"));
}

impl Keyring for Failing {
    fn set(&self, _: &str, _: &str) -> Result<(), Refusal> {
        Err(self.0())
    }

    fn get(&self, _: &str) -> Result<Option<String>, Refusal> {
        Err(self.0())
    }

    fn remove(&self, _: &str) -> Result<bool, Refusal> {
        Err(self.0())
    }
}
