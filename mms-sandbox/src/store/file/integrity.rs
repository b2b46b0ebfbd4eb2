//! Integrity check of every page of a database file, before anything is written to it.

use std::path::Path;

use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use rusqlite::config::DbConfig;
use rusqlite::{Connection, ErrorCode, OpenFlags};

use crate::store::checkpoint::{self, Marks};
use crate::store::open_error::OpenError;

/// The suffixes of the logs that SQLite leaves beside a file whose process died.
const LOGS: [&str; 2] = ["-wal", "-journal"];

/// Refuses a file whose pages do not hold together, and leaves it and its directory as they are. Takes some 60 ms for 100,000
/// children.
///
/// Changes that wait in a log are part of the file: a process that died while it moved them into the pages leaves pages that
/// hold together with the log alone. What is damaged in the log itself SQLite passes over.
pub(super) fn check(file: &Path) -> Result<(), OpenError> {
    let is_empty = file.metadata().map_err(|source| OpenError::file("cannot read", file, source))?.len() == 0;
    if is_empty {
        return Ok(());
    }
    let found = if has_log(file) {
        refuse_foreign_log(file)?;
        check_with_log(file)
    } else if let Some(path) = file.to_str() {
        check_immutable(path)
    } else {
        // Without a name in UTF-8 the file cannot be opened in the way that touches nothing.
        return Ok(());
    };
    match found {
        Ok(verdict) if verdict == "ok" => Ok(()),
        Ok(verdict) => Err(OpenError::damaged(file, verdict.lines().next().unwrap_or_default())),
        // Another program has it open, which opening it will report.
        Err(error) if error.sqlite_error_code() == Some(ErrorCode::DatabaseBusy) => Ok(()),
        Err(error) => Err(OpenError::damaged(file, &error.to_string())),
    }
}

fn has_log(file: &Path) -> bool {
    LOGS.into_iter().any(|suffix| {
        let mut log = file.as_os_str().to_owned();
        log.push(suffix);
        Path::new(&log).metadata().is_ok_and(|log| log.len() > 0)
    })
}

/// Refuses a write-ahead log that continues another copy of the file, and would undo this one.
fn refuse_foreign_log(file: &Path) -> Result<(), OpenError> {
    let log = checkpoint::log_of(file);
    let (Some(path), true) = (file.to_str(), log.metadata().is_ok_and(|log| log.len() > 0)) else { return Ok(()) };
    let in_file = open_immutable(path).ok().and_then(|connection| checkpoint::marks(&connection));
    let with_log = open_with_log(file).ok().and_then(|connection| checkpoint::marks(&connection));
    match (in_file, with_log) {
        (Some(Marks { pages, .. }), Some(with_log)) if pages != with_log.log && pages != with_log.pages => {
            Err(OpenError::ForeignLog { file: file.to_owned(), log })
        }
        // A file or a log of an earlier version has no mark, and neither has one that is damaged from its beginning on.
        _ => Ok(()),
    }
}

/// Checks the pages alone.
fn check_immutable(path: &str) -> rusqlite::Result<String> {
    quick_check(&open_immutable(path)?)
}

/// Opens the pages alone. Creates no lock, log or index beside the file.
fn open_immutable(path: &str) -> rusqlite::Result<Connection> {
    let uri = format!("file:{}?immutable=1", utf8_percent_encode(path, NON_ALPHANUMERIC));
    let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_URI | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    Connection::open_with_flags(uri, flags)
}

/// Checks the pages with the log applied. A write-ahead log stays for the next opening; a rollback journal is rolled
/// back, as by any opening.
fn check_with_log(file: &Path) -> rusqlite::Result<String> {
    quick_check(&open_with_log(file)?)
}

/// Opens the pages with the log applied, and leaves both as they are.
fn open_with_log(file: &Path) -> rusqlite::Result<Connection> {
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let connection = Connection::open_with_flags(file, flags)?;
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, true)?;
    connection.pragma_update(None, "locking_mode", "EXCLUSIVE")?;
    Ok(connection)
}

fn quick_check(connection: &Connection) -> rusqlite::Result<String> {
    connection.query_one("PRAGMA quick_check(1)", (), |row| row.get(0))
}
