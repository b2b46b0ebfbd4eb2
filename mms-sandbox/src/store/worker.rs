//! The thread that owns the database connection, and the handle that sends jobs to it.
//!
//! Jobs run one after another, so that a job is free to read and then write, and a slow disk never blocks the thread that
//! serves connections. Jobs that wait at the same time share one transaction (group commit), and none is answered before it
//! is committed.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::thread;

use rusqlite::Connection;
use tokio::sync::oneshot;

use super::checkpoint;
use super::connection::{self, Durability};
use super::copy::{self, Copied, CopyError};
use super::error::StoreError;
use super::file::LockedFile;
use super::open_error::OpenError;

/// The most jobs that share a transaction, so that the first of them does not wait for long.
const MAX_BATCH: usize = 256;

/// Sends the result of a job once its transaction has ended, with the reason where it was not committed.
type Deliver = Box<dyn FnOnce(Option<&str>)>;

type Job = Box<dyn FnOnce(&mut JobContext<'_>) -> Deliver + Send>;

enum Message {
    Job(Job),
    /// A copy of the database, which no transaction may hold.
    Copy {
        to: PathBuf,
        answer: oneshot::Sender<Result<Copied, CopyError>>,
    },
    Close,
}

/// A handle to the store. The store closes when the last one is dropped, or with [`Store::close`].
#[derive(Debug, Clone)]
pub(crate) struct Store {
    messages: Sender<Message>,
    version: Arc<AtomicU64>,
}

/// The context of a job.
#[derive(Debug)]
struct JobContext<'a> {
    connection: &'a Connection,
    /// Counts writes, so that what was read before one can be told from what was read after it.
    version: u64,
}

/// A handle to wait until the store is closed and its file free for another process.
#[derive(Debug)]
pub(crate) struct WorkerHandle(oneshot::Receiver<Result<(), OpenError>>);

impl Store {
    /// Opens the store, in memory without a file. A new store has tables without rows.
    pub(crate) async fn open(
        file: Option<LockedFile>,
        durability: Durability,
    ) -> Result<(Self, WorkerHandle), OpenError> {
        let (messages, queue) = channel();
        let (opened, is_open) = oneshot::channel();
        let (closed, is_closed) = oneshot::channel();
        let version = Arc::new(AtomicU64::new(1));
        let store = Self { messages, version: Arc::clone(&version) };
        thread::Builder::new()
            .name("mms-sandbox-store".to_owned())
            .spawn(move || match connection::open(file.as_ref(), durability) {
                Ok(connection) => {
                    let _ = opened.send(Ok(()));
                    let result = run(connection, &queue, &version, file.as_ref().map(LockedFile::path));
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
        Ok((store, WorkerHandle(is_closed)))
    }

    /// Runs a job that changes nothing. Its result comes with the version of the state that it saw.
    pub(crate) async fn read<T, J>(&self, job: J) -> Result<(T, u64), StoreError>
    where
        T: Send + 'static,
        J: FnOnce(&Connection) -> Result<T, StoreError> + Send + 'static,
    {
        self.send(|context| job(context.connection).map(|answer| (answer, context.version))).await
    }

    /// Runs a job that changes the state, wholly or not at all. It runs to its end even where nobody waits for the result any
    /// more, and is committed before the result is sent.
    pub(crate) async fn write<T, J>(&self, job: J) -> Result<T, StoreError>
    where
        T: Send + 'static,
        J: FnOnce(&Connection) -> Result<T, StoreError> + Send + 'static,
    {
        self.send(|context| {
            context.version += 1;
            context.connection.prepare_cached("SAVEPOINT job")?.execute(())?;
            let result = job(context.connection);
            if result.is_err() {
                context.connection.prepare_cached("ROLLBACK TO job")?.execute(())?;
            }
            context.connection.prepare_cached("RELEASE job")?.execute(())?;
            result
        })
        .await
    }

    async fn send<T, J>(&self, job: J) -> Result<T, StoreError>
    where
        T: Send + 'static,
        J: FnOnce(&mut JobContext<'_>) -> Result<T, StoreError> + Send + 'static,
    {
        let (answer, answered) = oneshot::channel();
        let job: Job = Box::new(move |context| {
            let result = job(context);
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

    /// Copies what is committed into a new file. Jobs that are sent later wait until it is written.
    pub(crate) async fn copy(&self, to: PathBuf) -> Result<Copied, CopyError> {
        let stopped = || CopyError::Failed("the sandbox is stopping".to_owned());
        let (answer, answered) = oneshot::channel();
        self.messages.send(Message::Copy { to, answer }).map_err(|_| stopped())?;
        answered.await.map_err(|_| stopped())?
    }

    /// Returns the version of the state that is committed: a number that rises with every write.
    pub(crate) fn version(&self) -> u64 {
        self.version.load(Ordering::Acquire)
    }

    /// Closes the store after the jobs that were sent before, even if there are other handles.
    pub(crate) fn close(&self) {
        // Fails only where the thread has ended already.
        let _ = self.messages.send(Message::Close);
    }
}

impl WorkerHandle {
    /// Waits until the store is closed.
    pub(crate) async fn join(self) -> Result<(), OpenError> {
        self.0.await.map_err(|_| OpenError::Stopped)?
    }
}

/// Handles messages until the store is closed, or nobody is left to send one.
fn run(
    connection: Connection,
    queue: &Receiver<Message>,
    version: &AtomicU64,
    file: Option<&Path>,
) -> rusqlite::Result<()> {
    let mut waiting = None;
    while let Some(message) = waiting.take().or_else(|| queue.recv().ok()) {
        match message {
            Message::Job(first) => waiting = run_batch(&connection, first, queue, version),
            // Nobody waits for the answer where the caller is gone: the copy stays all the same.
            Message::Copy { to, answer } => drop(answer.send(copy::copy(&connection, &to))),
            Message::Close => break,
        }
        if let Some(Err(error)) = file.map(|file| checkpoint::checkpoint_if_long(&connection, file)) {
            // What was committed is in the log; the next batch tries again.
            tracing::error!(%error, "the write-ahead log cannot be moved into the file");
        }
    }
    connection.close().map_err(|(_, error)| error)
}

/// Runs a job, and those that wait behind it, in one transaction. Returns the message that ended the batch, if one did.
fn run_batch(connection: &Connection, first: Job, queue: &Receiver<Message>, version: &AtomicU64) -> Option<Message> {
    let mut last = None;
    let mut deliveries = Vec::new();
    let mut next_version = version.load(Ordering::Relaxed);
    let outcome = begin(connection).and_then(|()| {
        let mut context = JobContext { connection, version: next_version };
        deliveries.push(first(&mut context));
        while last.is_none() && deliveries.len() < MAX_BATCH {
            match queue.try_recv() {
                Ok(Message::Job(job)) => deliveries.push(job(&mut context)),
                Ok(other) => last = Some(other),
                Err(_) => break,
            }
        }
        next_version = context.version;
        commit(connection)
    });
    // A version is used up even where its write was not committed.
    version.store(next_version, Ordering::Release);
    let failure = outcome.err().map(|error| error.to_string());
    if let Some(reason) = &failure {
        tracing::error!(reason, "the database did not commit");
    }
    for deliver in deliveries {
        deliver(failure.as_deref());
    }
    last
}

fn begin(connection: &Connection) -> rusqlite::Result<()> {
    connection.prepare_cached("BEGIN")?.execute(()).map(drop)
}

/// Commits a batch of jobs, or rolls it back.
fn commit(connection: &Connection) -> rusqlite::Result<()> {
    let committed = connection.prepare_cached("COMMIT")?.execute(());
    if committed.is_err() && !connection.is_autocommit() {
        connection.execute_batch("ROLLBACK")?;
    }
    committed.map(drop)
}

fn failed(file: Option<&LockedFile>, source: rusqlite::Error) -> OpenError {
    OpenError::database(file.map(|locked| locked.path().to_owned()), source)
}
