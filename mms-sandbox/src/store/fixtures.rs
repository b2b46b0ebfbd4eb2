//! Fixtures of the store's tests: a database without a thread, with a state.

use jiff::Timestamp;
use mms_types::sandbox::SandboxState;
use rusqlite::Connection;
use serde_json::Value;

use super::connection::{self, Durability};
use super::state;

/// Monday, 2 November 2026.
pub(crate) const MONDAY: &str = "2026-11-02T00:00:00Z";

/// Returns a time from its text.
pub(crate) fn at(text: &str) -> Timestamp {
    text.parse().unwrap()
}

/// Returns a database with empty tables.
pub(crate) fn in_memory() -> Connection {
    connection::open(None, Durability::Process).unwrap()
}

/// Returns a database with a state that was loaded on [`MONDAY`].
pub(crate) fn loaded(state: Value) -> Connection {
    let connection = in_memory();
    state::load(&connection, &serde_json::from_value(state).unwrap(), at(MONDAY)).unwrap();
    connection
}

/// Returns the last and the next reset of the first distributor.
pub(crate) fn resets(state: &SandboxState) -> [String; 2] {
    let distributor = &state.distributors[0];
    [&distributor.last_reset, &distributor.next_reset].map(|reset| reset.as_ref().unwrap().as_str().to_owned())
}
