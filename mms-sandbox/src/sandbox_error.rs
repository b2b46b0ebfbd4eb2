//! Why a sandbox did not start, or did not stop well.

use std::error::Error;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::{fmt, io};

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
    Database { file: Option<PathBuf>, source: rusqlite::Error },
    Thread { source: io::Error },
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

    pub(crate) fn newer(file: &Path, version: i32, known: i32) -> Self {
        Self(Cause::Newer { file: file.to_owned(), version, known })
    }

    pub(crate) fn database(file: Option<PathBuf>, source: rusqlite::Error) -> Self {
        Self(Cause::Database { file, source })
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
            Cause::Database { file: Some(file), source } => {
                write!(formatter, "the database {} failed: {source}", file.display())
            }
            Cause::Database { file: None, source } => write!(formatter, "the database in memory failed: {source}"),
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
            Cause::Locked { .. } | Cause::Foreign { .. } | Cause::Newer { .. } | Cause::Stopped => None,
        }
    }
}
