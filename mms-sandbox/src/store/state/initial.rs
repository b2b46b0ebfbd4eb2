//! Initial state of a file, which a reset goes back to.

use mms_types::sandbox::SandboxState;
use rusqlite::Connection;

use super::StoreError;

/// Records the first state.
pub(crate) fn remember(connection: &Connection, state: &SandboxState) -> Result<(), StoreError> {
    let text = serde_json::to_string(state).map_err(|error| StoreError::Encoding(error.to_string()))?;
    connection.execute("UPDATE setting SET first_state = ?1", [text])?;
    Ok(())
}

/// Returns the first state, or nothing where none was recorded, as by an earlier version.
pub(crate) fn recall(connection: &Connection) -> Result<Option<SandboxState>, StoreError> {
    let text: Option<String> = connection.query_one("SELECT first_state FROM setting", (), |row| row.get(0))?;
    let state = text.map(|text| serde_json::from_str(&text)).transpose();
    state.map_err(|error| StoreError::Contradiction(format!("the state that the file was planted with: {error}")))
}
