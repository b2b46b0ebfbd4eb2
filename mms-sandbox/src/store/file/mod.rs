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
    let opened = options.open(file)?;
    #[cfg(unix)]
    narrow(file, &opened)?;
    #[cfg(not(unix))]
    drop(opened);
    fs::canonicalize(file)
}

/// Takes a file that is there already from everyone but its owner.
#[cfg(unix)]
fn narrow(file: &Path, opened: &fs::File) -> io::Result<()> {
    use std::os::unix::fs::PermissionsExt;

    let mode = opened.metadata()?.permissions().mode() & 0o777;
    if mode == mode & 0o700 {
        return Ok(());
    }
    let (name, mode) = (file.display(), format!("{mode:04o}"));
    match opened.set_permissions(PermissionsExt::from_mode(0o600)) {
        Ok(()) => tracing::warn!(file = %name, mode, "the data file has tokens and was open to others: it is 0600 now"),
        Err(error) => tracing::warn!(file = %name, mode, %error, "the data file has tokens and stays open to others"),
    }
    Ok(())
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
