//! Why a sandbox did not start, or did not stop well.

use std::error::Error;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::{fmt, io};

use rusqlite::ErrorCode;

use crate::store::StoreError;

/// Says in one line why a sandbox could not start or stop, and names the file or address.
#[derive(Debug)]
pub struct SandboxError(Cause);

#[derive(Debug)]
enum Cause {
    Listen { address: SocketAddr, source: io::Error },
    File { action: &'static str, file: PathBuf, source: io::Error },
    Locked { file: PathBuf, holder: String },
    Foreign { file: PathBuf, found: &'static str },
    Newer { file: PathBuf, version: i32, known: i32 },
    Damaged { file: PathBuf, found: String },
    Database { file: Option<PathBuf>, source: rusqlite::Error },
    Thread { source: io::Error },
    Seed { file: PathBuf, message: String },
    FirstState { seed: Option<PathBuf>, message: String },
    State { file: Option<PathBuf>, message: String },
    Random { source: getrandom::Error },
    Stopped,
}

impl SandboxError {
    pub(crate) fn listen(address: SocketAddr, source: io::Error) -> Self {
        Self(Cause::Listen { address, source })
    }

    /// `action` completes the sentence "cannot read FILE".
    pub(crate) fn file(action: &'static str, file: &Path, source: io::Error) -> Self {
        Self(Cause::File { action, file: file.to_owned(), source })
    }

    pub(crate) fn locked(file: &Path, holder: String) -> Self {
        Self(Cause::Locked { file: file.to_owned(), holder })
    }

    /// `found` completes the sentence "FILE is no sandbox's file: it is ...".
    pub(crate) fn foreign(file: &Path, found: &'static str) -> Self {
        Self(Cause::Foreign { file: file.to_owned(), found })
    }

    pub(crate) fn damaged(file: &Path, found: &str) -> Self {
        Self(Cause::Damaged { file: file.to_owned(), found: found.to_owned() })
    }

    pub(crate) fn newer(file: &Path, version: i32, known: i32) -> Self {
        Self(Cause::Newer { file: file.to_owned(), version, known })
    }

    pub(crate) fn database(file: Option<PathBuf>, source: rusqlite::Error) -> Self {
        Self(Cause::Database { file, source })
    }

    pub(crate) fn seed(file: &Path, message: String) -> Self {
        Self(Cause::Seed { file: file.to_owned(), message })
    }

    /// The state in `file` cannot be read, or the first state, which may come from the file `seed`, cannot be loaded.
    pub(crate) fn state(file: Option<PathBuf>, seed: Option<PathBuf>, error: StoreError) -> Self {
        match error {
            // Only what is loaded is checked for this, so it is never about the data file.
            StoreError::Contradiction(message) => Self(Cause::FirstState { seed, message }),
            StoreError::Database(source) => Self::database(file, source),
            StoreError::Stopped => Self::stopped(),
            other => Self(Cause::State { file, message: other.to_string() }),
        }
    }

    pub(crate) fn random(source: getrandom::Error) -> Self {
        Self(Cause::Random { source })
    }

    pub(crate) fn thread(source: io::Error) -> Self {
        Self(Cause::Thread { source })
    }

    pub(crate) fn stopped() -> Self {
        Self(Cause::Stopped)
    }

    /// Says whether another process kept the file for the whole of [`SandboxBuilder::lock_wait`].
    ///
    /// [`SandboxBuilder::lock_wait`]: crate::SandboxBuilder::lock_wait
    #[must_use]
    pub fn is_locked(&self) -> bool {
        matches!(self.0, Cause::Locked { .. })
    }

    /// Says whether the file or the database in it failed: it is damaged, no sandbox's, of a later version, or cannot be
    /// read or written.
    #[must_use]
    pub fn is_database(&self) -> bool {
        matches!(
            self.0,
            Cause::File { .. }
                | Cause::Foreign { .. }
                | Cause::Newer { .. }
                | Cause::Damaged { .. }
                | Cause::Database { .. }
        )
    }

    /// Says whether the first state is at fault: its file cannot be read, or it contradicts itself. Nothing else is wrong then,
    /// the data file least of all.
    #[must_use]
    pub fn is_seed(&self) -> bool {
        matches!(self.0, Cause::Seed { .. } | Cause::FirstState { .. })
    }

    /// Says whether the system keeps the file from being read or written, whatever is in it: there is no room, this user may
    /// not, or its directory is none.
    #[must_use]
    pub fn is_denied(&self) -> bool {
        match &self.0 {
            Cause::File { .. } => true,
            Cause::Database { source, .. } => matches!(
                source.sqlite_error_code(),
                Some(ErrorCode::DiskFull | ErrorCode::ReadOnly | ErrorCode::CannotOpen | ErrorCode::PermissionDenied)
            ),
            _ => false,
        }
    }

    /// Says whether a program that is no sandbox has the database open.
    #[must_use]
    pub fn is_busy(&self) -> bool {
        let code = match &self.0 {
            Cause::Database { source, .. } => source.sqlite_error_code(),
            _ => None,
        };
        matches!(code, Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked))
    }

    /// Says whether another server listens on the address already.
    #[must_use]
    pub fn is_address_in_use(&self) -> bool {
        matches!(&self.0, Cause::Listen { source, .. } if source.kind() == io::ErrorKind::AddrInUse)
    }
}

impl fmt::Display for SandboxError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.0 {
            Cause::Listen { address, source } => write!(formatter, "cannot listen on {address}: {source}"),
            Cause::File { action, file, source } => write!(formatter, "{action} {}: {source}", file.display()),
            Cause::Locked { file, holder } => write!(formatter, "{} is in use by {holder}", file.display()),
            Cause::Foreign { file, found } => {
                write!(formatter, "{} is no sandbox's file: it is {found}", file.display())
            }
            Cause::Newer { file, version, known } => write!(
                formatter,
                "{} has version {version}, written by a later release: this one reads up to version {known}",
                file.display()
            ),
            Cause::Damaged { file, found } => write!(formatter, "{} is damaged: {found}", file.display()),
            Cause::Database { file: Some(file), source } => {
                write!(formatter, "the database {} failed: {}", file.display(), without_sql(source))
            }
            Cause::Database { file: None, source } => {
                write!(formatter, "the database in memory failed: {}", without_sql(source))
            }
            Cause::Seed { file, message } => write!(formatter, "cannot read the seed {}: {message}", file.display()),
            Cause::FirstState { seed: Some(file), message } => {
                write!(formatter, "the seed {} cannot be loaded: {message}", file.display())
            }
            Cause::FirstState { seed: None, message } => {
                write!(formatter, "the first state cannot be loaded: {message}")
            }
            Cause::State { file: Some(file), message } => write!(formatter, "{}: {message}", file.display()),
            Cause::State { file: None, message } => formatter.write_str(message),
            Cause::Random { source } => write!(formatter, "cannot draw a control token: {source}"),
            Cause::Thread { source } => write!(formatter, "cannot start a thread for the database: {source}"),
            Cause::Stopped => formatter.write_str("the database's thread ended before it was told to"),
        }
    }
}

impl Error for SandboxError {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        match &self.0 {
            Cause::Listen { source, .. } | Cause::File { source, .. } | Cause::Thread { source } => Some(source),
            Cause::Database { source, .. } => Some(source),
            Cause::Random { source } => Some(source),
            Cause::Locked { .. }
            | Cause::Foreign { .. }
            | Cause::Newer { .. }
            | Cause::Damaged { .. }
            | Cause::Seed { .. }
            | Cause::FirstState { .. }
            | Cause::State { .. }
            | Cause::Stopped => None,
        }
    }
}

/// Tells what the database says, and leaves out the statement that it said it about.
pub(crate) fn without_sql(error: &rusqlite::Error) -> String {
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
        let database = |code| SandboxError::database(None, rusqlite::Error::SqliteFailure(ffi::Error::new(code), None));
        for denied in [
            SandboxError::file("cannot open", file, io::ErrorKind::StorageFull.into()),
            SandboxError::file("cannot open", file, io::ErrorKind::PermissionDenied.into()),
            database(ffi::SQLITE_FULL),
            database(ffi::SQLITE_PERM),
            database(ffi::SQLITE_READONLY),
            database(ffi::SQLITE_CANTOPEN),
        ] {
            assert!(denied.is_denied() && denied.is_database(), "{denied}");
        }
        for damaged in [SandboxError::damaged(file, "a page"), database(ffi::SQLITE_CORRUPT)] {
            assert!(!damaged.is_denied() && damaged.is_database(), "{damaged}");
        }
    }
}
