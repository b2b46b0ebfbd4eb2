//! Checkpoint: the pages of the write-ahead log are moved into the file, and marks tell which log continues which file.
//!
//! SQLite itself cannot tell a log that belongs to a file from one that a dead process left beside another copy of it, and would
//! play it over that copy. So `log_mark` has two marks in one row: `pages`, drawn anew before the log is moved into the file, and
//! `log`, set to the same as the first change of the log that follows. The file alone shows its `pages`, and the file with its log
//! what the log was begun with; both are checked before a file is opened (`file/integrity.rs`).
//!
//! A log is begun with the first page too, and so with the schema that says where its marks are: in a copy that was made by
//! VACUUM they are on another page.
//!
//! SQLite's automatic checkpoints are off: they would begin a log without a mark.

use std::path::Path;

use rusqlite::Connection;

use super::schema::VERSION;

/// Size of a log from which it is moved into the file, in bytes: SQLite's own default, 1,000 pages.
const MAX_LOG: u64 = 4 * 1024 * 1024;

/// Name of the mark of a database's pages, and of the mark with which its log was begun.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Marks {
    pub(super) pages: String,
    pub(super) log: String,
}

/// Version of the schema that brought the marks.
const FIRST_VERSION: i32 = 3;

/// Reads the marks of what a connection sees; nothing where it is of an earlier version.
pub(super) fn marks(connection: &Connection) -> rusqlite::Result<Option<Marks>> {
    let version: i32 = connection.pragma_query_value(None, "user_version", |row| row.get(0))?;
    if version < FIRST_VERSION {
        return Ok(None);
    }
    let marks = connection
        .query_row("SELECT pages, log FROM log_mark", (), |row| Ok(Marks { pages: row.get(0)?, log: row.get(1)? }));
    marks.map(Some)
}

/// Moves the log into the file, and begins the next.
///
/// A process that dies on the way leaves a file that has the old mark or the new one, with a log that has both.
pub(super) fn checkpoint(connection: &Connection) -> rusqlite::Result<()> {
    // After one that did not come to its end the new mark is drawn already.
    set_marks(connection, "UPDATE log_mark SET pages = lower(hex(randomblob(8))) WHERE pages = log")?;
    let is_whole = connection.query_row("PRAGMA wal_checkpoint(TRUNCATE)", (), |row| Ok(row.get::<_, i64>(0)? == 0))?;
    if is_whole {
        set_marks(connection, "UPDATE log_mark SET log = pages")?;
    }
    Ok(())
}

/// Changes the marks, and writes the first page with them.
fn set_marks(connection: &Connection, change: &str) -> rusqlite::Result<()> {
    let transaction = connection.unchecked_transaction()?;
    if transaction.execute(change, ())? > 0 {
        // The same version as before, in the header of the first page.
        transaction.pragma_update(None, "user_version", VERSION)?;
    }
    transaction.commit()
}

/// Draws the marks of a file anew, so that no log but its own fits it.
pub(super) fn draw_marks(connection: &Connection) -> rusqlite::Result<()> {
    connection.execute("UPDATE log_mark SET pages = lower(hex(randomblob(8)))", ())?;
    connection.execute("UPDATE log_mark SET log = pages", ()).map(drop)
}

/// Moves the log of a file into it where it has grown long.
pub(super) fn checkpoint_if_long(connection: &Connection, file: &Path) -> rusqlite::Result<()> {
    let is_long = log_of(file).metadata().is_ok_and(|log| log.len() > MAX_LOG);
    if is_long { checkpoint(connection) } else { Ok(()) }
}

/// Returns the path of a file's write-ahead log.
pub(super) fn log_of(file: &Path) -> std::path::PathBuf {
    let mut log = file.as_os_str().to_owned();
    log.push("-wal");
    log.into()
}
