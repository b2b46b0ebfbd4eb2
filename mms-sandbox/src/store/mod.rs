//! Store of a sandbox's state: one SQLite connection on a thread of its own.
//!
//! Whoever needs the state sends a job and awaits its answer. Jobs run one after another, so that a job is free to read
//! and then write, and a slow disk never blocks the thread that serves connections. Jobs that wait at the same time share
//! one transaction, and none is answered before it is committed: under load the price of a commit is divided by them all.

pub(crate) mod clock;
pub(crate) mod error;
mod file;
mod integer;
pub(crate) mod periods;
mod schema;
pub(crate) mod state;
pub(crate) mod tables;
mod time;

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::thread;

use rusqlite::{Connection, OpenFlags};
use tokio::sync::oneshot;

use error::OpenError;
pub(crate) use error::StoreError;
pub(crate) use file::LockedFile;
pub(crate) use schema::Durability;

/// How many prepared statements are kept: more than there are in this module.
const STATEMENTS: usize = 64;

/// How many jobs share a transaction at most, so that the first of them does not wait for long.
const BATCH: usize = 256;

/// Hands out the answer of a job once its transaction has ended, with the reason where it was not committed.
type Deliver = Box<dyn FnOnce(Option<&str>)>;

type Job = Box<dyn FnOnce(&mut Session<'_>) -> Deliver + Send>;

enum Message {
    Job(Job),
    Close,
}

/// A way to the state. The state is closed when the last one is gone, or when one says so.
#[derive(Debug, Clone)]
pub(crate) struct Store {
    messages: Sender<Message>,
    version: Arc<AtomicU64>,
}

/// What a job works with.
#[derive(Debug)]
struct Session<'a> {
    connection: &'a Connection,
    /// Counts writes, so that what was read before one can be told from what was read after it.
    version: u64,
}

/// Resolves when the state is closed and its file free for another process.
#[derive(Debug)]
pub(crate) struct Closed(oneshot::Receiver<Result<(), OpenError>>);

impl Store {
    /// Opens the state, in memory without a file. The tables are there afterwards; a new state is empty.
    pub(crate) async fn open(file: Option<LockedFile>, durability: Durability) -> Result<(Self, Closed), OpenError> {
        let (messages, queue) = channel();
        let (opened, is_open) = oneshot::channel();
        let (closed, is_closed) = oneshot::channel();
        let version = Arc::new(AtomicU64::new(1));
        let store = Self { messages, version: Arc::clone(&version) };
        thread::Builder::new()
            .name("mms-sandbox-store".to_owned())
            .spawn(move || match open(file.as_ref(), durability) {
                Ok(connection) => {
                    let _ = opened.send(Ok(()));
                    let result = work(connection, &queue, &version);
                    let result = result.map_err(|source| failed(file.as_ref(), source));
                    drop(file);
                    let _ = closed.send(result);
                }
                Err(source) => {
                    let _ = opened.send(Err(failed(file.as_ref(), source)));
                }
            })
            .map_err(|source| OpenError::Thread { source })?;
        is_open.await.map_err(|_| OpenError::Stopped)??;
        Ok((store, Closed(is_closed)))
    }

    /// Runs a job that changes nothing. Its answer comes with the version of the state that it saw.
    pub(crate) async fn read<T, J>(&self, job: J) -> Result<(T, u64), StoreError>
    where
        T: Send + 'static,
        J: FnOnce(&Connection) -> Result<T, StoreError> + Send + 'static,
    {
        self.send(|session| job(session.connection).map(|answer| (answer, session.version))).await
    }

    /// Runs a job that changes the state, wholly or not at all. It runs to its end even where nobody waits for the answer
    /// any more, and its change is committed before it is answered.
    pub(crate) async fn write<T, J>(&self, job: J) -> Result<T, StoreError>
    where
        T: Send + 'static,
        J: FnOnce(&Connection) -> Result<T, StoreError> + Send + 'static,
    {
        self.send(|session| {
            session.version += 1;
            session.connection.prepare_cached("SAVEPOINT job")?.execute(())?;
            let result = job(session.connection);
            if result.is_err() {
                session.connection.prepare_cached("ROLLBACK TO job")?.execute(())?;
            }
            session.connection.prepare_cached("RELEASE job")?.execute(())?;
            result
        })
        .await
    }

    async fn send<T, J>(&self, job: J) -> Result<T, StoreError>
    where
        T: Send + 'static,
        J: FnOnce(&mut Session<'_>) -> Result<T, StoreError> + Send + 'static,
    {
        let (answer, answered) = oneshot::channel();
        let job: Job = Box::new(move |session| {
            let result = job(session);
            Box::new(move |failure| {
                let _ = answer.send(match failure {
                    Some(reason) => Err(StoreError::NotCommitted(reason.to_owned())),
                    None => result,
                });
            })
        });
        self.messages.send(Message::Job(job)).map_err(|_| StoreError::Stopped)?;
        answered.await.map_err(|_| StoreError::Stopped)?
    }

    /// Returns the version of the state that is committed: a number that rises with every write.
    pub(crate) fn version(&self) -> u64 {
        self.version.load(Ordering::Acquire)
    }

    /// Closes the state after the jobs that were sent before, whoever else has a way to it.
    pub(crate) fn close(&self) {
        // Nobody receives this where the thread has ended already.
        let _ = self.messages.send(Message::Close);
    }
}

impl Closed {
    /// Waits until the state is closed.
    pub(crate) async fn wait(self) -> Result<(), OpenError> {
        self.0.await.map_err(|_| OpenError::Stopped)?
    }
}

fn open(file: Option<&LockedFile>, durability: Durability) -> rusqlite::Result<Connection> {
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_CREATE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let mut connection = match file {
        // An absolute path, because SQLite gives names such as `:memory:` a meaning of their own.
        Some(locked) => {
            let path = std::path::absolute(locked.path()).unwrap_or_else(|_| locked.path().to_owned());
            Connection::open_with_flags(path, flags)?
        }
        None => Connection::open_in_memory_with_flags(flags)?,
    };
    connection.set_prepared_statement_cache_capacity(STATEMENTS);
    schema::prepare(&mut connection, durability)?;
    Ok(connection)
}

fn work(connection: Connection, queue: &Receiver<Message>, version: &AtomicU64) -> rusqlite::Result<()> {
    while let Ok(Message::Job(first)) = queue.recv() {
        let mut is_open = true;
        let mut deliveries = Vec::new();
        let mut session_version = version.load(Ordering::Relaxed);
        let outcome = begin(&connection).and_then(|()| {
            let mut session = Session { connection: &connection, version: session_version };
            deliveries.push(first(&mut session));
            while is_open && deliveries.len() < BATCH {
                match queue.try_recv() {
                    Ok(Message::Job(job)) => deliveries.push(job(&mut session)),
                    Ok(Message::Close) => is_open = false,
                    Err(_) => break,
                }
            }
            session_version = session.version;
            commit(&connection)
        });
        // A version is used up even where its write was not committed.
        version.store(session_version, Ordering::Release);
        let failure = outcome.err().map(|error| error.to_string());
        if let Some(reason) = &failure {
            tracing::error!(reason, "the database did not commit");
        }
        for deliver in deliveries {
            deliver(failure.as_deref());
        }
        if !is_open {
            break;
        }
    }
    connection.close().map_err(|(_, error)| error)
}

fn begin(connection: &Connection) -> rusqlite::Result<()> {
    connection.prepare_cached("BEGIN")?.execute(()).map(drop)
}

/// Commits what the jobs of a batch did, or takes all of it back.
fn commit(connection: &Connection) -> rusqlite::Result<()> {
    let committed = connection.prepare_cached("COMMIT")?.execute(());
    if committed.is_err() && !connection.is_autocommit() {
        connection.execute_batch("ROLLBACK")?;
    }
    committed.map(drop)
}

fn failed(file: Option<&LockedFile>, source: rusqlite::Error) -> OpenError {
    OpenError::Database { file: file.map(|locked| locked.path().to_owned()), source }
}

/// Returns an empty database without a thread around it, for a test that needs no server.
#[cfg(test)]
pub(crate) fn in_memory() -> Connection {
    open(None, Durability::Process).unwrap()
}
