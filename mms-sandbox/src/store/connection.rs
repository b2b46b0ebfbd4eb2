//! Connection to the database: its settings, and how durable its commits are.

use rusqlite::{Connection, OpenFlags};

use super::file::LockedFile;
use super::{checkpoint, schema};

/// The size of the cache of prepared statements: more than the store has.
const STATEMENTS: usize = 64;

/// What a committed write survives.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) enum Durability {
    /// The death of the process: write-ahead log, `synchronous` NORMAL.
    #[default]
    Process,
    /// A power cut too: write-ahead log, `synchronous` FULL, which waits for the disk at every commit.
    Power,
}

impl Durability {
    fn synchronous(self) -> &'static str {
        match self {
            Self::Process => "NORMAL",
            Self::Power => "FULL",
        }
    }
}

/// Opens the database, in memory without a file, and creates the tables that it lacks.
pub(super) fn open(file: Option<&LockedFile>, durability: Durability) -> rusqlite::Result<Connection> {
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_CREATE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let mut connection = match file {
        // An absolute path, because SQLite gives names such as `:memory:` a meaning of their own.
        Some(locked) => {
            let path = std::path::absolute(locked.path()).unwrap_or_else(|_| locked.path().to_owned());
            Connection::open_with_flags(path, flags)?
        }
        None => Connection::open_in_memory_with_flags(flags)?,
    };
    connection.set_prepared_statement_cache_capacity(STATEMENTS);
    // Whoever else has the file open, under whatever name, keeps this one out, and this one keeps them out.
    connection.pragma_update(None, "locking_mode", "EXCLUSIVE")?;
    connection.pragma_update(None, "foreign_keys", true)?;
    // The marks are written before the file turns to write-ahead logging, so that they stand in the file itself from its
    // first commit on.
    schema::migrate(&mut connection)?;
    connection.pragma_update(None, "journal_mode", "WAL")?;
    connection.pragma_update(None, "synchronous", durability.synchronous())?;
    if file.is_some() {
        connection.pragma_update(None, "wal_autocheckpoint", 0)?;
        checkpoint::checkpoint(&connection)?;
    }
    Ok(connection)
}
