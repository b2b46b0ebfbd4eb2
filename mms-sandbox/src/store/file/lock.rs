//! Lock of a database file: one process at a time, with its name for those who wait.

use std::fs::{self, File, OpenOptions, TryLockError};
use std::io::{self, Seek, Write};
use std::path::{Path, PathBuf};
use std::time::Duration;

use tokio::time::{sleep, timeout};

use crate::store::open_error::OpenError;

/// The interval at which a waiting process tries again.
const POLL: Duration = Duration::from_millis(20);

/// The right to use a database file, until it is dropped or the process dies.
///
/// The lock is on a file of its own beside the database, `<file>.lock`, which stays when the lock goes: whoever removed
/// it could remove another process's lock. Its first line says who holds it.
#[derive(Debug)]
pub(crate) struct Lock(#[expect(dead_code, reason = "the open file is the lock")] File);

impl Lock {
    /// Takes the lock, or waits at most `wait` for whoever has it, and writes `holder` into it. The first line of
    /// `holder` names this process.
    pub(crate) async fn acquire(file: &Path, holder: &str, wait: Duration) -> Result<Self, OpenError> {
        let path = lock_file(file);
        let failed = |source| OpenError::file("cannot lock", &path, source);
        let mut lock = private_options().open(&path).map_err(failed)?;
        match timeout(wait, lock_when_free(&lock)).await {
            Ok(locked) => locked.map_err(failed)?,
            Err(_) => return Err(OpenError::locked(file, read_holder(&path))),
        }
        write_holder(&mut lock, holder).map_err(failed)?;
        Ok(Self(lock))
    }
}

/// Tries at least once, however short the wait.
async fn lock_when_free(lock: &File) -> io::Result<()> {
    loop {
        match lock.try_lock() {
            Ok(()) => return Ok(()),
            Err(TryLockError::Error(error)) => return Err(error),
            Err(TryLockError::WouldBlock) => sleep(POLL).await,
        }
    }
}

/// Returns options to open the file of a lock, which is made for its owner alone.
fn private_options() -> OpenOptions {
    let mut options = OpenOptions::new();
    options.read(true).write(true).create(true).truncate(false);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options
}

fn lock_file(file: &Path) -> PathBuf {
    let mut path = file.as_os_str().to_owned();
    path.push(".lock");
    path.into()
}

/// Writes before it cuts, so that a reader finds a whole first line at any time.
fn write_holder(lock: &mut File, holder: &str) -> io::Result<()> {
    lock.rewind()?;
    lock.write_all(holder.as_bytes())?;
    let end = lock.stream_position()?;
    lock.set_len(end)
}

fn read_holder(lock: &Path) -> String {
    let text = fs::read_to_string(lock).unwrap_or_default();
    match text.lines().next() {
        Some(holder) if !holder.is_empty() => holder.to_owned(),
        _ => "another process".to_owned(),
    }
}
