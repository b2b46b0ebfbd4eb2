//! Database file of a sandbox: its checks and its lock, before SQLite opens it.

mod header;
mod integrity;
mod lock;

use std::path::{Path, PathBuf};
use std::time::Duration;
use std::{fs, io};

use super::open_error::OpenError;
use lock::Lock;

/// A database file that this process alone may use.
#[derive(Debug)]
pub(crate) struct LockedFile {
    file: PathBuf,
    _lock: Lock,
}

impl LockedFile {
    pub(crate) fn path(&self) -> &Path {
        &self.file
    }

    /// Checks and locks a file; neither it nor its directory needs to exist. See [`Lock::acquire`].
    pub(crate) async fn acquire(file: PathBuf, holder: &str, wait: Duration) -> Result<Self, OpenError> {
        header::check(&file)?;
        create_directory(&file).map_err(|source| OpenError::file("cannot create the directory of", &file, source))?;
        let file = resolved(&file).map_err(|source| OpenError::file("cannot open", &file, source))?;
        let lock = Lock::acquire(&file, holder, wait).await?;
        // Whoever held the lock until now may have written the file.
        header::check(&file)?;
        integrity::check(&file)?;
        Ok(Self { file, _lock: lock })
    }
}

/// Returns the file behind a symbolic link, so that every name of a file has the same lock. A missing file is created, empty,
/// because a link to nothing leads nowhere.
fn resolved(file: &Path) -> io::Result<PathBuf> {
    let mut options = fs::OpenOptions::new();
    options.append(true).create(true);
    // It holds tokens.
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(file)?;
    fs::canonicalize(file)
}

fn create_directory(file: &Path) -> io::Result<()> {
    let Some(directory) = file.parent().filter(|directory| !directory.as_os_str().is_empty()) else {
        return Ok(());
    };
    let mut builder = fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(directory)
}
