//! Errors of the store: a state that cannot be opened, and a job without an answer.

use std::error::Error;
use std::path::{Path, PathBuf};
use std::{fmt, io};

use mms_types::{Centicredits, OrganizationId};
use rusqlite::ErrorCode;

/// Reason why a state cannot be opened, or did not close well.
#[derive(Debug)]
pub(crate) enum OpenError {
    /// The system refused an action, which completes the sentence "cannot read FILE".
    File { action: &'static str, file: PathBuf, source: io::Error },
    /// Another process has the file.
    Locked { file: PathBuf, holder: String },
    /// The file is no sandbox's; `found` completes the sentence "it is ...".
    Foreign { file: PathBuf, found: &'static str },
    /// A later release wrote the file.
    Newer { file: PathBuf, version: i32, known: i32 },
    /// The file does not hold together.
    Damaged { file: PathBuf, found: String },
    /// The database failed.
    Database { file: Option<PathBuf>, source: rusqlite::Error },
    /// The thread of the database does not start.
    Thread { source: io::Error },
    /// The thread of the database ended before it was told to.
    Stopped,
}

impl OpenError {
    pub(super) fn file(action: &'static str, file: &Path, source: io::Error) -> Self {
        Self::File { action, file: file.to_owned(), source }
    }

    pub(super) fn locked(file: &Path, holder: String) -> Self {
        Self::Locked { file: file.to_owned(), holder }
    }

    pub(super) fn foreign(file: &Path, found: &'static str) -> Self {
        Self::Foreign { file: file.to_owned(), found }
    }

    pub(super) fn newer(file: &Path, version: i32, known: i32) -> Self {
        Self::Newer { file: file.to_owned(), version, known }
    }

    pub(super) fn damaged(file: &Path, found: &str) -> Self {
        Self::Damaged { file: file.to_owned(), found: found.to_owned() }
    }

    /// Says whether the file or the database in it failed.
    pub(crate) fn is_database(&self) -> bool {
        !matches!(self, Self::Locked { .. } | Self::Thread { .. } | Self::Stopped)
    }

    /// Says whether the system keeps the file from being read or written, whatever is in it.
    pub(crate) fn is_denied(&self) -> bool {
        match self {
            Self::File { .. } => true,
            Self::Database { source, .. } => matches!(
                source.sqlite_error_code(),
                Some(ErrorCode::DiskFull | ErrorCode::ReadOnly | ErrorCode::CannotOpen | ErrorCode::PermissionDenied)
            ),
            _ => false,
        }
    }

    /// Says whether a program that is no sandbox has the database open.
    pub(crate) fn is_busy(&self) -> bool {
        let code = match self {
            Self::Database { source, .. } => source.sqlite_error_code(),
            _ => None,
        };
        matches!(code, Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked))
    }
}

impl fmt::Display for OpenError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::File { action, file, source } => write!(formatter, "{action} {}: {source}", file.display()),
            Self::Locked { file, holder } => write!(formatter, "{} is in use by {holder}", file.display()),
            Self::Foreign { file, found } => {
                write!(formatter, "{} is no sandbox's file: it is {found}", file.display())
            }
            Self::Newer { file, version, known } => write!(
                formatter,
                "{} has version {version}, written by a later release: this one reads up to version {known}",
                file.display()
            ),
            Self::Damaged { file, found } => write!(formatter, "{} is damaged: {found}", file.display()),
            Self::Database { file: Some(file), source } => {
                write!(formatter, "the database {} failed: {}", file.display(), without_sql(source))
            }
            Self::Database { file: None, source } => {
                write!(formatter, "the database in memory failed: {}", without_sql(source))
            }
            Self::Thread { source } => write!(formatter, "cannot start a thread for the database: {source}"),
            Self::Stopped => formatter.write_str("the database's thread ended before it was told to"),
        }
    }
}

impl Error for OpenError {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        match self {
            Self::File { source, .. } | Self::Thread { source } => Some(source),
            Self::Database { source, .. } => Some(source),
            Self::Locked { .. } | Self::Foreign { .. } | Self::Newer { .. } | Self::Damaged { .. } | Self::Stopped => {
                None
            }
        }
    }
}

/// Reason why a job gave no answer.
#[derive(Debug)]
pub(crate) enum StoreError {
    /// The distributor is not there, or not any more.
    NoSuchOrganization(OrganizationId),
    /// The distributor has no such child.
    NoSuchChild(OrganizationId),
    /// The distributor's pool holds fewer operations than are needed.
    PoolTooSmall { pool: i64, needed: i64 },
    /// The distributor has a child of this name.
    NameTaken { name: String },
    /// The child has consumed more than the allocation that is asked for.
    BelowConsumption { child: OrganizationId, centicredits: u64 },
    /// A state that is to be loaded contradicts itself.
    Contradiction(String),
    /// The database failed.
    Database(rusqlite::Error),
    /// The answer cannot be written as JSON.
    Encoding(String),
    /// The transaction that the job was part of was not committed.
    NotCommitted(String),
    /// The thread of the database has ended.
    Stopped,
}

impl fmt::Display for StoreError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NoSuchOrganization(id) => write!(formatter, "there is no organization {id}"),
            Self::NoSuchChild(child) => write!(formatter, "there is no child organization {child}"),
            Self::PoolTooSmall { pool, needed } => {
                write!(formatter, "the distributor's pool holds {pool} operations: {needed} cannot be taken from it")
            }
            Self::NameTaken { name } => {
                write!(formatter, "the distributor has a child organization named {name:?} already")
            }
            Self::BelowConsumption { child, centicredits } => write!(
                formatter,
                "child organization {child} has consumed {} credits: a lower allocation pauses it",
                Centicredits::new(*centicredits)
            ),
            Self::Contradiction(message) => formatter.write_str(message),
            Self::Database(error) => write!(formatter, "the sandbox's database failed: {}", without_sql(error)),
            Self::Encoding(reason) => write!(formatter, "the answer cannot be written: {reason}"),
            Self::NotCommitted(reason) => write!(formatter, "the sandbox's database failed at the commit: {reason}"),
            Self::Stopped => formatter.write_str("the sandbox is stopping"),
        }
    }
}

impl From<rusqlite::Error> for StoreError {
    fn from(error: rusqlite::Error) -> Self {
        Self::Database(error)
    }
}

/// Returns what the database says, without the statement that it said it about.
fn without_sql(error: &rusqlite::Error) -> String {
    match error {
        rusqlite::Error::SqlInputError { msg, .. } => msg.clone(),
        other => other.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use rusqlite::ffi;

    use super::*;

    #[test]
    fn a_file_that_the_system_denies_is_told_from_a_damaged_one() {
        let file = Path::new("sandbox.db");
        let database = |code| OpenError::Database {
            file: None,
            source: rusqlite::Error::SqliteFailure(ffi::Error::new(code), None),
        };
        for denied in [
            OpenError::file("cannot open", file, io::ErrorKind::StorageFull.into()),
            OpenError::file("cannot open", file, io::ErrorKind::PermissionDenied.into()),
            database(ffi::SQLITE_FULL),
            database(ffi::SQLITE_PERM),
            database(ffi::SQLITE_READONLY),
            database(ffi::SQLITE_CANTOPEN),
        ] {
            assert!(denied.is_denied() && denied.is_database(), "{denied}");
        }
        for damaged in [OpenError::damaged(file, "a page"), database(ffi::SQLITE_CORRUPT)] {
            assert!(!damaged.is_denied() && damaged.is_database(), "{damaged}");
        }
    }
}
