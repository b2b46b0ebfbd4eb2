//! The state of a sandbox: one SQLite connection on a thread of its own.
//!
//! Whoever needs the state sends a job and awaits its answer. Jobs run one after another, so that a job is free to read
//! and then write, and a slow disk never blocks the thread that serves connections.

pub(crate) mod children;
pub(crate) mod consumption;
mod header;
mod lock;
pub(crate) mod organizations;
mod pool;
mod schema;
pub(crate) mod tokens;
pub(crate) mod users;

use std::path::{Path, PathBuf};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::time::Duration;
use std::{fs, io, thread};

use jiff::Timestamp;
use mms_types::OrganizationId;
use rusqlite::{Connection, OpenFlags};
use tokio::sync::oneshot;

use crate::sandbox_error::SandboxError;
use lock::Lock;

/// Why a job gave no answer.
#[derive(Debug)]
pub(crate) enum StoreError {
    /// The distributor has no such child.
    NoSuchChild(OrganizationId),
    /// The distributor's pool holds fewer operations than are needed.
    PoolTooSmall { pool: i64, needed: i64 },
    /// The database failed.
    Database(rusqlite::Error),
    /// The thread of the database has ended.
    Stopped,
}

impl From<rusqlite::Error> for StoreError {
    fn from(error: rusqlite::Error) -> Self {
        Self::Database(error)
    }
}

type Job = Box<dyn FnOnce(&mut Connection) + Send>;

/// A way to the state. The state is closed when the last one is gone.
#[derive(Debug, Clone)]
pub(crate) struct Store {
    jobs: Sender<Job>,
}

/// Resolves when the state is closed and its file free for another process.
#[derive(Debug)]
pub(crate) struct Closed(oneshot::Receiver<Result<(), SandboxError>>);

impl Store {
    /// Opens the state, in memory without a file, and seeds it where it is new.
    pub(crate) async fn open(file: Option<LockedFile>, now: Timestamp) -> Result<(Self, Closed), SandboxError> {
        let (jobs, queue) = channel();
        let (opened, is_open) = oneshot::channel();
        let (closed, is_closed) = oneshot::channel();
        thread::Builder::new()
            .name("mms-sandbox-store".to_owned())
            .spawn(move || match open(file.as_ref(), now) {
                Ok(connection) => {
                    let _ = opened.send(Ok(()));
                    let result = work(connection, queue);
                    let result = result.map_err(|source| failed(file.as_ref(), source));
                    drop(file);
                    let _ = closed.send(result);
                }
                Err(source) => {
                    let _ = opened.send(Err(failed(file.as_ref(), source)));
                }
            })
            .map_err(SandboxError::thread)?;
        is_open.await.map_err(|_| SandboxError::stopped())??;
        Ok((Self { jobs }, Closed(is_closed)))
    }

    /// Runs a job and returns its answer. A job runs to its end even where nobody waits for the answer any more.
    pub(crate) async fn run<T, J>(&self, job: J) -> Result<T, StoreError>
    where
        T: Send + 'static,
        J: FnOnce(&mut Connection) -> Result<T, StoreError> + Send + 'static,
    {
        let (answer, answered) = oneshot::channel();
        let job: Job = Box::new(move |connection| {
            let _ = answer.send(job(connection));
        });
        self.jobs.send(job).map_err(|_| StoreError::Stopped)?;
        answered.await.map_err(|_| StoreError::Stopped)?
    }
}

impl Closed {
    /// Waits until the state is closed. Whoever waits must have dropped every [`Store`] first.
    pub(crate) async fn wait(self) -> Result<(), SandboxError> {
        self.0.await.map_err(|_| SandboxError::stopped())?
    }
}

/// A database file that this process alone may use.
#[derive(Debug)]
pub(crate) struct LockedFile {
    file: PathBuf,
    _lock: Lock,
}

impl LockedFile {
    /// Checks and locks a file; neither it nor its directory needs to exist. See [`Lock::acquire`].
    pub(crate) async fn acquire(file: PathBuf, holder: &str, wait: Duration) -> Result<Self, SandboxError> {
        header::check(&file)?;
        create_directory(&file)
            .map_err(|source| SandboxError::file("cannot create the directory of", &file, source))?;
        let file = resolved(file);
        let lock = Lock::acquire(&file, holder, wait).await?;
        // Whoever held the lock until now may have written the file.
        header::check(&file)?;
        Ok(Self { file, _lock: lock })
    }
}

/// Returns the file behind a symbolic link, so that every name of a file has the same lock. A file that does not exist yet has
/// one name.
fn resolved(file: PathBuf) -> PathBuf {
    fs::canonicalize(&file).unwrap_or(file)
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

fn open(file: Option<&LockedFile>, now: Timestamp) -> rusqlite::Result<Connection> {
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_CREATE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let mut connection = match file {
        // An absolute path, because SQLite gives names such as `:memory:` a meaning of their own.
        Some(locked) => {
            let path = std::path::absolute(&locked.file).unwrap_or_else(|_| locked.file.clone());
            Connection::open_with_flags(path, flags)?
        }
        None => Connection::open_in_memory_with_flags(flags)?,
    };
    schema::prepare(&mut connection, now)?;
    Ok(connection)
}

fn work(mut connection: Connection, queue: Receiver<Job>) -> rusqlite::Result<()> {
    for job in queue {
        job(&mut connection);
    }
    connection.close().map_err(|(_, error)| error)
}

fn failed(file: Option<&LockedFile>, source: rusqlite::Error) -> SandboxError {
    SandboxError::database(file.map(|locked| locked.file.clone()), source)
}

/// Returns a seeded database without a thread around it, for a test that needs no server.
#[cfg(test)]
pub(crate) fn in_memory(now: Timestamp) -> Connection {
    open(None, now).unwrap()
}
