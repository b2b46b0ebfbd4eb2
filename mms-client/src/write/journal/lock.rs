//! One journal at a time on a file, and its owner's name for those who come after.

use std::ffi::OsStr;
use std::fmt;
use std::fs::{File, TryLockError};
use std::io::{Read, Seek, Write};
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use mms_types::is_invisible;
use serde::{Deserialize, Serialize};

use super::error::JournalError;
use super::file::private;
use super::record::Moment;

/// Who has a journal.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Holder {
    pid: u32,
    program: String,
    since: Moment,
}

impl Holder {
    pub(super) fn is_this_process(&self) -> bool {
        self.pid == std::process::id()
    }

    /// Names this process.
    fn this(now: SystemTime) -> Self {
        let executable = std::env::current_exe().ok();
        let program = executable.as_deref().and_then(Path::file_name).map(OsStr::to_string_lossy);
        Self { pid: std::process::id(), program: program.unwrap_or_default().into_owned(), since: now.into() }
    }
}

impl fmt::Display for Holder {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        // Whoever can write the file can write anything into it.
        let program: String = self.program.chars().filter(|character| !is_invisible(*character)).take(60).collect();
        write!(formatter, "{program} (process {})", self.pid)
    }
}

/// The right to use a journal, until it is dropped or the process dies.
///
/// The lock is the system's own on a file of its own, `<file>.lock`, which stays when the lock goes: whoever removed it could
/// remove another process's lock.
#[derive(Debug)]
pub(super) struct Lock(#[expect(dead_code, reason = "the open file is the lock")] File);

impl Lock {
    /// Takes the lock of a file, or says who has it.
    pub(super) fn acquire(file: &Path, now: SystemTime) -> Result<Self, JournalError> {
        let path = lock_file(file);
        let mut lock = private()
            .write(true)
            .truncate(false)
            .open(&path)
            .map_err(|error| JournalError::io("open", &path, error))?;
        match lock.try_lock() {
            Ok(()) => {}
            Err(TryLockError::Error(error)) => return Err(JournalError::io("lock", &path, error)),
            Err(TryLockError::WouldBlock) => {
                let holder = described(&mut lock);
                let age = holder.as_ref().and_then(|holder| now.duration_since(holder.since.time()).ok());
                return Err(JournalError::locked(file, holder, age.map(|age| age.as_secs())));
            }
        }
        describe(&mut lock, &Holder::this(now)).map_err(|error| JournalError::io("write", &path, error))?;
        Ok(Self(lock))
    }
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
