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
    // A process that died while it moved its log into the pages leaves pages that cannot be read alone.
    let Ok(pages) = open_immutable(path).and_then(|connection| checkpoint::marks(&connection)) else { return Ok(()) };
    let with_log = open_with_log(file).and_then(|connection| checkpoint::marks(&connection));
    if continues(pages.as_ref(), &with_log) {
        Ok(())
    } else {
        Err(OpenError::ForeignLog { file: file.to_owned(), log })
    }
}

/// Says whether a log continues pages, by the marks that the pages have alone and with it.
fn continues(pages: Option<&Marks>, with_log: &rusqlite::Result<Option<Marks>>) -> bool {
    match (pages, with_log) {
        // The log in which a file of an earlier version got its marks, and may have moved them into the pages in part.
        (_, Ok(Some(marks))) if marks.log.is_empty() => true,
        (Some(pages), Ok(Some(with_log))) => [&with_log.pages, &with_log.log].contains(&&pages.pages),
        (None, Ok(marks)) => marks.is_none(),
        // Every log since then has the marks.
        (Some(_), Ok(None)) => false,
        // A mixture of two files. Whatever else keeps the file from being read is reported when it is opened.
        (_, Err(error)) => match error.sqlite_error_code() {
            Some(code) => !matches!(code, ErrorCode::DatabaseCorrupt | ErrorCode::NotADatabase | ErrorCode::Unknown),
            None => false,
        },
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

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;
    use std::fs;
    use std::path::PathBuf;

    use super::*;
    use crate::store::schema;

    /// SQLite's default.
    const PAGE: usize = 4096;

    /// Opens a file as a sandbox does, and leaves its log beside it when it is closed, as the death of a process would.
    fn open(file: &Path) -> Connection {
        let connection = Connection::open(file).unwrap();
        connection.set_db_config(DbConfig::SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, true).unwrap();
        connection.pragma_update(None, "locking_mode", "EXCLUSIVE").unwrap();
        connection.pragma_update(None, "journal_mode", "WAL").unwrap();
        connection.pragma_update(None, "wal_autocheckpoint", 0).unwrap();
        connection
    }

    /// Makes a file of version 2, without a log.
    fn earlier_version(file: &Path) {
        let mut connection = open(file);
        schema::migrate(&mut connection).unwrap();
        connection
            .execute_batch(
                "ALTER TABLE setting DROP COLUMN identity; DROP TABLE log_mark; PRAGMA user_version = 2;
                 PRAGMA wal_checkpoint(TRUNCATE)",
            )
            .unwrap();
    }

    /// Copies a file to `to`, with the pages of its log that a checkpoint had moved into it when it was cut off.
    fn cut_off(file: &Path, to: &Path, moved: usize) -> usize {
        let log = fs::read(checkpoint::log_of(file)).unwrap();
        let frames = log[32..].chunks_exact(24 + PAGE);
        let last: BTreeMap<usize, &[u8]> = frames
            .map(|frame| (u32::from_be_bytes(*frame.first_chunk().unwrap()).try_into().unwrap(), &frame[24..]))
            .collect();
        let mut bytes = fs::read(file).unwrap();
        for (number, page) in last.iter().take(moved) {
            bytes.resize(bytes.len().max(number * PAGE), 0);
            bytes[(number - 1) * PAGE..number * PAGE].copy_from_slice(page);
        }
        fs::write(to, bytes).unwrap();
        fs::write(checkpoint::log_of(to), &log).unwrap();
        last.len()
    }

    /// Checks every state in which a death during a checkpoint may leave a file with its log.
    fn is_continued_whenever_it_is_cut_off(file: &Path) {
        let copy = file.with_extension("copy");
        let pages = cut_off(file, &copy, 0);
        assert!(pages > 1);
        for moved in 0..=pages {
            cut_off(file, &copy, moved);
            check(&copy).unwrap_or_else(|error| panic!("{moved} of {pages} pages moved: {error}"));
        }
    }

    fn folder_and_file() -> (tempfile::TempDir, PathBuf) {
        let directory = tempfile::tempdir().unwrap();
        let file = directory.path().join("sandbox.db");
        (directory, file)
    }

    #[test]
    fn a_file_of_an_earlier_version_goes_on_wherever_its_upgrade_was_cut_off() {
        let (_directory, file) = folder_and_file();
        earlier_version(&file);
        check(&file).unwrap();
        let mut connection = open(&file);
        schema::migrate(&mut connection).unwrap();
        drop(connection);
        is_continued_whenever_it_is_cut_off(&file);

        let connection = open(&file);
        checkpoint::checkpoint(&connection).unwrap();
        drop(connection);
        is_continued_whenever_it_is_cut_off(&file);
    }

    #[test]
    fn a_file_goes_on_wherever_its_checkpoint_was_cut_off() {
        let (_directory, file) = folder_and_file();
        let mut connection = open(&file);
        schema::migrate(&mut connection).unwrap();
        for life in 0..3 {
            checkpoint::checkpoint(&connection).unwrap();
            connection.execute("INSERT INTO user (email, name) VALUES (?1, ?1)", [life]).unwrap();
            is_continued_whenever_it_is_cut_off(&file);
            // As far as a checkpoint comes that dies before it empties the log.
            connection.execute("UPDATE log_mark SET pages = lower(hex(randomblob(8)))", ()).unwrap();
            is_continued_whenever_it_is_cut_off(&file);
        }
    }

    #[test]
    fn a_file_of_an_earlier_version_is_not_continued_by_a_log_that_was_begun_after_its_upgrade() {
        let (directory, file) = folder_and_file();
        earlier_version(&file);
        let backup = directory.path().join("backup.db");
        fs::copy(&file, &backup).unwrap();
        let mut connection = open(&file);
        schema::migrate(&mut connection).unwrap();
        checkpoint::checkpoint(&connection).unwrap();
        fs::copy(checkpoint::log_of(&file), checkpoint::log_of(&backup)).unwrap();

        let error = check(&backup).unwrap_err();
        assert!(matches!(error, OpenError::ForeignLog { .. }), "{error}");
    }

    #[test]
    fn a_log_of_another_program_that_leaves_the_marks_alone_continues_the_file() {
        let (_directory, file) = folder_and_file();
        let mut connection = open(&file);
        schema::migrate(&mut connection).unwrap();
        connection.execute_batch("PRAGMA wal_checkpoint(TRUNCATE)").unwrap();
        connection.execute("INSERT INTO user (email, name) VALUES ('a', 'a'), ('b', 'b')", ()).unwrap();
        is_continued_whenever_it_is_cut_off(&file);
    }
}
