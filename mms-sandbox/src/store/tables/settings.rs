//! Settings, a table of one row: the clock, the usage seed, and the first state.

use jiff::{SignedDuration, Timestamp};
use mms_types::sandbox::SandboxState;
use rusqlite::Connection;

use super::timestamps::{from_column, to_text};
use crate::clock::ClockMode;
use crate::store::StoreError;

/// Returns the mode of the clock.
pub(crate) fn clock_mode(connection: &Connection) -> Result<ClockMode, StoreError> {
    let mode = connection.prepare_cached("SELECT clock_ahead, clock_frozen FROM setting")?.query_one((), |row| {
        let ahead = SignedDuration::from_millis(row.get("clock_ahead")?);
        let frozen: Option<Timestamp> = from_column(row, "clock_frozen")?;
        Ok(frozen.map_or(ClockMode::Running { ahead }, |at| ClockMode::Frozen { at }))
    })?;
    Ok(mode)
}

/// Records the mode of the clock.
pub(crate) fn set_clock_mode(connection: &Connection, mode: ClockMode) -> rusqlite::Result<()> {
    let (ahead, frozen) = match mode {
        ClockMode::Running { ahead } => (i64::try_from(ahead.as_millis()).unwrap_or(i64::MAX), None),
        ClockMode::Frozen { at } => (0, Some(to_text(at))),
    };
    connection
        .prepare_cached("UPDATE setting SET clock_ahead = ?1, clock_frozen = ?2")?
        .execute((ahead, frozen))
        .map(drop)
}

/// Returns the seed of the usage profiles.
pub(crate) fn usage_seed(connection: &Connection) -> rusqlite::Result<u64> {
    connection.prepare_cached("SELECT usage_seed FROM setting")?.query_one((), |row| row.get(0))
}

/// Records the seed of the usage profiles.
pub(crate) fn set_usage_seed(connection: &Connection, seed: u64) -> rusqlite::Result<()> {
    connection.prepare_cached("UPDATE setting SET usage_seed = ?1")?.execute([seed]).map(drop)
}

/// Returns the identity of the state.
pub(crate) fn identity(connection: &Connection) -> Result<String, StoreError> {
    Ok(connection.query_one("SELECT identity FROM setting", (), |row| row.get(0))?)
}

/// Draws an identity for a state that was just loaded.
pub(crate) fn draw_identity(connection: &Connection) -> rusqlite::Result<()> {
    connection.execute("UPDATE setting SET identity = lower(hex(randomblob(8)))", ()).map(drop)
}

/// Says whether a state was ever loaded.
pub(crate) fn has_state(connection: &Connection) -> Result<bool, StoreError> {
    Ok(connection.query_one("SELECT planted FROM setting", (), |row| row.get(0))?)
}

/// Records the state that a reset goes back to.
pub(crate) fn set_first_state(connection: &Connection, state: &SandboxState) -> Result<(), StoreError> {
    let text = serde_json::to_string(state).map_err(|error| StoreError::Encoding(error.to_string()))?;
    connection.execute("UPDATE setting SET first_state = ?1", [text])?;
    Ok(())
}

/// Returns the state that a reset goes back to, or nothing where none was recorded, as by an earlier version.
pub(crate) fn first_state(connection: &Connection) -> Result<Option<SandboxState>, StoreError> {
    let text: Option<String> = connection.query_one("SELECT first_state FROM setting", (), |row| row.get(0))?;
    let state = text.map(|text| serde_json::from_str(&text)).transpose();
    state.map_err(|error| StoreError::Contradiction(format!("the state that the file was planted with: {error}")))
}
