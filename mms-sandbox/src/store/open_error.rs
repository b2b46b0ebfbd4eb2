//! Errors of opening and closing the store.

use std::error::Error;
use std::path::{Path, PathBuf};
use std::{fmt, io};

use rusqlite::ErrorCode;

use super::error::without_sql;

/// Why the store did not open, or did not close well.
#[derive(Debug)]
pub(crate) enum OpenError {
    File { action: &'static str, file: PathBuf, source: io::Error },
    Locked { file: PathBuf, holder: String },
    Foreign { file: PathBuf, found: &'static str },
    Newer { file: PathBuf, version: i32, known: i32 },
    Damaged { file: PathBuf, found: String },
    ForeignLog { file: PathBuf, log: PathBuf },
    Database { file: Option<PathBuf>, source: rusqlite::Error },
    Thread { source: io::Error },
    Stopped,
}

impl OpenError {
    /// `action` completes the sentence "cannot read FILE".
    pub(crate) fn file(action: &'static str, file: &Path, source: io::Error) -> Self {
        Self::File { action, file: file.to_owned(), source }
    }

    pub(crate) fn locked(file: &Path, holder: String) -> Self {
        Self::Locked { file: file.to_owned(), holder }
    }

    /// `found` completes the sentence "FILE is no sandbox's file: it is ...".
    pub(crate) fn foreign(file: &Path, found: &'static str) -> Self {
        Self::Foreign { file: file.to_owned(), found }
    }

    pub(crate) fn newer(file: &Path, version: i32, known: i32) -> Self {
        Self::Newer { file: file.to_owned(), version, known }
    }

    pub(crate) fn damaged(file: &Path, found: &str) -> Self {
        Self::Damaged { file: file.to_owned(), found: found.to_owned() }
    }

    pub(crate) fn database(file: Option<PathBuf>, source: rusqlite::Error) -> Self {
        Self::Database { file, source }
    }

    /// Says whether another process kept the file.
    pub(crate) fn is_locked(&self) -> bool {
        matches!(self, Self::Locked { .. })
    }

    /// Returns who holds the file.
    pub(crate) fn lock_holder(&self) -> Option<&str> {
        match self {
            Self::Locked { holder, .. } => Some(holder),
            _ => None,
        }
    }

    /// Returns the log that continues another copy of the file.
    pub(crate) fn foreign_log(&self) -> Option<&Path> {
        match self {
            Self::ForeignLog { log, .. } => Some(log),
            _ => None,
        }
    }

    /// Says whether the file or the database in it failed.
    pub(crate) fn is_database(&self) -> bool {
        matches!(
            self,
            Self::File { .. }
                | Self::Foreign { .. }
                | Self::Newer { .. }
                | Self::Damaged { .. }
                | Self::ForeignLog { .. }
                | Self::Database { .. }
        )
    }

    /// Says whether the system keeps the file from being read or written, whatever is in it.
    pub(crate) fn is_denied(&self) -> bool {
        let denials = [ErrorCode::DiskFull, ErrorCode::ReadOnly, ErrorCode::CannotOpen, ErrorCode::PermissionDenied];
        matches!(self, Self::File { .. }) || self.sqlite_code().is_some_and(|code| denials.contains(&code))
    }

    /// Says whether another program has the database open.
    pub(crate) fn is_busy(&self) -> bool {
        matches!(self.sqlite_code(), Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked))
    }

    fn sqlite_code(&self) -> Option<ErrorCode> {
        match self {
            Self::Database { source, .. } => source.sqlite_error_code(),
            _ => None,
        }
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
            Self::ForeignLog { file, log } => write!(
                formatter,
                "{} continues another copy of {}, which it would undo: move it away to open this copy, or put the file back that it \
                 was left beside",
                log.display(),
                file.display()
            ),
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
            Self::Locked { .. }
            | Self::Foreign { .. }
            | Self::Newer { .. }
            | Self::Damaged { .. }
            | Self::ForeignLog { .. }
            | Self::Stopped => None,
        }
    }
}
