//! The tables, and the marks in a file's header that say it is a sandbox's.

use jiff::Timestamp;
use rusqlite::{Connection, Transaction};

use crate::seed;

/// Marks a file as a sandbox's, in the header field that SQLite keeps for this.
pub(super) const APPLICATION_ID: i32 = i32::from_be_bytes(*b"mmsb");

/// The version of the tables below, in the header too. A file without tables has version 0.
pub(super) const VERSION: i32 = 1;

/// `distributor.pool` plus the allocations of its children never changes; seeding keeps the sum within 64 bits. Ids of
/// children and users are never given twice, hence AUTOINCREMENT. `user.email` is in lower case: it tells users apart.
const TABLES: &str = "
    CREATE TABLE distributor (
        id INTEGER PRIMARY KEY,
        name TEXT NOT NULL,
        zone_id INTEGER NOT NULL,
        country_id INTEGER NOT NULL,
        timezone_id INTEGER NOT NULL,
        pool INTEGER NOT NULL CHECK (pool >= 0),
        api_limit INTEGER NOT NULL,
        last_reset TEXT NOT NULL,
        next_reset TEXT NOT NULL
    ) STRICT;
    CREATE TABLE token (
        token TEXT PRIMARY KEY,
        distributor_id INTEGER NOT NULL REFERENCES distributor,
        scopes TEXT NOT NULL
    ) STRICT, WITHOUT ROWID;
    CREATE TABLE user (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        email TEXT NOT NULL UNIQUE,
        name TEXT NOT NULL
    ) STRICT;
    CREATE TABLE child (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        distributor_id INTEGER NOT NULL REFERENCES distributor,
        name TEXT NOT NULL,
        owner_id INTEGER NOT NULL REFERENCES user,
        zone_id INTEGER NOT NULL,
        country_id INTEGER NOT NULL,
        timezone_id INTEGER NOT NULL,
        operations INTEGER NOT NULL CHECK (operations >= 0)
    ) STRICT;
    CREATE INDEX child_by_name ON child (distributor_id, name);
    CREATE TABLE consumption (
        child_id INTEGER PRIMARY KEY REFERENCES child,
        centicredits_consumed INTEGER NOT NULL,
        centicredits_extra INTEGER NOT NULL DEFAULT 0,
        operations_consumed INTEGER NOT NULL,
        operations_extra INTEGER NOT NULL DEFAULT 0,
        transfer_consumed INTEGER NOT NULL,
        transfer_extra INTEGER NOT NULL DEFAULT 0,
        last_reset TEXT NOT NULL
    ) STRICT;
";

/// Makes an opened database ready: creates and seeds the tables of a new one, and sets how writes are made durable.
///
/// The marks are written before the file turns to write-ahead logging, so that they stand in the file itself from its
/// first commit on. WAL with NORMAL: an answered write survives the death of the process, not a power cut.
pub(super) fn prepare(connection: &mut Connection, now: Timestamp) -> rusqlite::Result<()> {
    connection.pragma_update(None, "foreign_keys", true)?;
    let version: i32 = connection.pragma_query_value(None, "user_version", |row| row.get(0))?;
    if version == 0 {
        let transaction = connection.transaction()?;
        create(&transaction)?;
        seed::plant(&transaction, now)?;
        transaction.commit()?;
    }
    connection.pragma_update(None, "journal_mode", "WAL")?;
    connection.pragma_update(None, "synchronous", "NORMAL")
}

fn create(transaction: &Transaction<'_>) -> rusqlite::Result<()> {
    transaction.execute_batch(TABLES)?;
    transaction.pragma_update(None, "application_id", APPLICATION_ID)?;
    transaction.pragma_update(None, "user_version", VERSION)
}
