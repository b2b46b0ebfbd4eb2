//! Error of starting or stopping a sandbox.

use std::error::Error;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::{fmt, io};

use crate::store::{OpenError, StoreError};

/// Says in one line why a sandbox could not start or stop, and names the file or address.
#[derive(Debug)]
pub struct SandboxError(Cause);

#[derive(Debug)]
enum Cause {
    Listen { address: SocketAddr, source: io::Error },
    Store(OpenError),
    Seed { file: PathBuf, message: String },
    FirstState { seed: Option<PathBuf>, message: String },
    State { file: Option<PathBuf>, message: String },
    Random { source: getrandom::Error },
}

impl SandboxError {
    pub(crate) fn listen(address: SocketAddr, source: io::Error) -> Self {
        Self(Cause::Listen { address, source })
    }

    pub(crate) fn seed(file: &Path, message: String) -> Self {
        Self(Cause::Seed { file: file.to_owned(), message })
    }

    /// The state in `file` cannot be read, or the first state, which may come from the file `seed`, cannot be loaded.
    pub(crate) fn state(file: Option<PathBuf>, seed: Option<PathBuf>, error: StoreError) -> Self {
        match error {
            // Only what is loaded is checked for this, so it is never about the data file.
            StoreError::Contradiction(message) => Self(Cause::FirstState { seed, message }),
            StoreError::Database(source) => OpenError::database(file, source).into(),
            StoreError::Stopped => OpenError::Stopped.into(),
            other => Self(Cause::State { file, message: other.to_string() }),
        }
    }

    pub(crate) fn random(source: getrandom::Error) -> Self {
        Self(Cause::Random { source })
    }

    /// Says whether another process kept the file for the whole of [`SandboxBuilder::lock_wait`].
    ///
    /// [`SandboxBuilder::lock_wait`]: crate::SandboxBuilder::lock_wait
    #[must_use]
    pub fn is_locked(&self) -> bool {
        self.store().is_some_and(OpenError::is_locked)
    }

    /// Returns who holds the file of an error that [`is_locked`](Self::is_locked), as [`SandboxBuilder::holder`] named it:
    /// `process 17 (mms sandbox serve, http://127.0.0.1:8787/api/v2)`.
    ///
    /// [`SandboxBuilder::holder`]: crate::SandboxBuilder::holder
    #[must_use]
    pub fn lock_holder(&self) -> Option<&str> {
        self.store().and_then(OpenError::lock_holder)
    }

    /// Says whether the file or the database in it failed: it is damaged, no sandbox's, of a later version, or cannot be
    /// read or written.
    #[must_use]
    pub fn is_database(&self) -> bool {
        self.store().is_some_and(OpenError::is_database)
    }

    /// Returns the log beside the file that continues another copy of it, where that is why the file was not opened: a killed sandbox
    /// left it, and another file was put in the place of its own. Moved away, it undoes nothing.
    #[must_use]
    pub fn foreign_log(&self) -> Option<&Path> {
        self.store().and_then(OpenError::foreign_log)
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
        self.store().is_some_and(OpenError::is_denied)
    }

    /// Says whether a program that is no sandbox has the database open.
    #[must_use]
    pub fn is_busy(&self) -> bool {
        self.store().is_some_and(OpenError::is_busy)
    }

    /// Says whether another server listens on the address already.
    #[must_use]
    pub fn is_address_in_use(&self) -> bool {
        matches!(&self.0, Cause::Listen { source, .. } if source.kind() == io::ErrorKind::AddrInUse)
    }

    fn store(&self) -> Option<&OpenError> {
        match &self.0 {
            Cause::Store(error) => Some(error),
            _ => None,
        }
    }
}

impl From<OpenError> for SandboxError {
    fn from(error: OpenError) -> Self {
        Self(Cause::Store(error))
    }
}

impl fmt::Display for SandboxError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.0 {
            Cause::Listen { address, source } => write!(formatter, "cannot listen on {address}: {source}"),
            Cause::Store(error) => error.fmt(formatter),
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
        }
    }
}

impl Error for SandboxError {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        match &self.0 {
            Cause::Listen { source, .. } => Some(source),
            Cause::Store(error) => error.source(),
            Cause::Random { source } => Some(source),
            Cause::Seed { .. } | Cause::FirstState { .. } | Cause::State { .. } => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use rusqlite::ffi;

    use super::*;

    #[test]
    fn a_file_that_the_system_denies_is_told_from_a_damaged_one() {
        let file = Path::new("sandbox.db");
        let database = |code| {
            SandboxError::from(OpenError::database(None, rusqlite::Error::SqliteFailure(ffi::Error::new(code), None)))
        };
        for denied in [
            SandboxError::from(OpenError::file("cannot open", file, io::ErrorKind::StorageFull.into())),
            SandboxError::from(OpenError::file("cannot open", file, io::ErrorKind::PermissionDenied.into())),
            database(ffi::SQLITE_FULL),
            database(ffi::SQLITE_PERM),
            database(ffi::SQLITE_READONLY),
            database(ffi::SQLITE_CANTOPEN),
        ] {
            assert!(denied.is_denied() && denied.is_database(), "{denied}");
        }
        for damaged in [SandboxError::from(OpenError::damaged(file, "a page")), database(ffi::SQLITE_CORRUPT)] {
            assert!(!damaged.is_denied() && damaged.is_database(), "{damaged}");
        }
    }
}
