//! Numbering of rows: no id is given twice, and a state may name the next one.

use rusqlite::Connection;

use crate::store::StoreError;

/// Makes the next row of a table get the id after `last`.
pub(super) fn set_last_id(connection: &Connection, table: &str, last: u64) -> rusqlite::Result<()> {
    connection.execute("DELETE FROM sqlite_sequence WHERE name = ?1", [table])?;
    connection.execute("INSERT INTO sqlite_sequence (name, seq) VALUES (?1, ?2)", (table, last)).map(drop)
}

/// Makes the next row of a table get the id `next`, or a higher one where that was given already.
pub(super) fn raise_next_id(connection: &Connection, table: &str, next: Option<u64>) -> Result<(), StoreError> {
    let last = next.unwrap_or_default().saturating_sub(1);
    if last > last_id(connection, table)? {
        set_last_id(connection, table, last)?;
    }
    Ok(())
}

/// Returns the highest id that was ever given in a table.
pub(super) fn last_id(connection: &Connection, table: &str) -> rusqlite::Result<u64> {
    connection.query_one("SELECT coalesce(max(seq), 0) FROM sqlite_sequence WHERE name = ?1", [table], |row| row.get(0))
}
