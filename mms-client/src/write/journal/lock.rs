//! Lock of a journal: one at a time on a file.

use std::fs::{File, TryLockError};
use std::io::{ErrorKind, Read, Seek, Write};
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use super::error::JournalError;
use super::holder::{Hold, Holder};
use super::private_file;

/// The right to use a journal, until it is dropped or the process dies.
///
/// The lock is the system's own on a file of its own, `<file>.lock`, which stays when the lock goes: whoever removed it could
/// remove another process's lock.
#[derive(Debug)]
pub(super) struct Lock(#[expect(dead_code, reason = "the open file is the lock")] File);

impl Lock {
    /// Says who has the lock of a file, if somebody has. Nothing is made and nothing written.
    pub(super) fn check(file: &Path, now: SystemTime) -> Result<(), JournalError> {
        let path = lock_file(file);
        let mut lock = match File::open(&path) {
            Err(error) if error.kind() == ErrorKind::NotFound => return Ok(()),
            opened => opened.map_err(|error| JournalError::io("open", &path, error))?,
        };
        match lock.try_lock_shared() {
            Ok(()) => Ok(()),
            Err(TryLockError::Error(error)) => Err(JournalError::io("lock", &path, error)),
            Err(TryLockError::WouldBlock) => Err(held(file, &mut lock, now)),
        }
    }

    /// Takes the lock of a file, with what others are told of a hold, or says who has it.
    pub(super) fn acquire(file: &Path, now: SystemTime, hold: Option<Hold<'_>>) -> Result<Self, JournalError> {
        let path = lock_file(file);
        let mut lock = private_file::options()
            .write(true)
            .truncate(false)
            .open(&path)
            .map_err(|error| JournalError::io("open", &path, error))?;
        match lock.try_lock() {
            Ok(()) => {}
            Err(TryLockError::Error(error)) => return Err(JournalError::io("lock", &path, error)),
            Err(TryLockError::WouldBlock) => return Err(held(file, &mut lock, now)),
        }
        describe(&mut lock, &Holder::this(now, hold)).map_err(|error| JournalError::io("write", &path, error))?;
        Ok(Self(lock))
    }
}

/// Makes the error of a lock that another process holds.
fn held(file: &Path, lock: &mut File, now: SystemTime) -> JournalError {
    let holder = described(lock);
    let age = holder.as_ref().and_then(|holder| now.duration_since(holder.since.time()).ok());
    let left = holder.as_ref().and_then(|holder| holder.until?.time().duration_since(now).ok());
    JournalError::locked(file, holder, age.map(|age| age.as_secs()), left.map(|left| left.as_secs()))
}

fn lock_file(file: &Path) -> PathBuf {
    let mut path = file.as_os_str().to_owned();
    path.push(".lock");
    path.into()
}

/// Writes before it cuts, so that a reader finds a whole first line at any time.
fn describe(lock: &mut File, holder: &Holder) -> std::io::Result<()> {
    let mut line = serde_json::to_vec(holder)?;
    line.push(b'\n');
    lock.rewind()?;
    lock.write_all(&line)?;
    let end = lock.stream_position()?;
    lock.set_len(end)
}

fn described(lock: &mut File) -> Option<Holder> {
    let mut text = String::new();
    lock.read_to_string(&mut text).ok()?;
    serde_json::from_str(text.lines().next()?).ok()
}
