//! Starting a sandbox, serving its connections, and stopping it.

use std::net::{Ipv4Addr, SocketAddr};
use std::path::PathBuf;
use std::pin::pin;
use std::process;
use std::time::Duration;

use axum::Router;
use hyper::server::conn::http1;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::server::graceful::GracefulShutdown;
use hyper_util::service::TowerToHyperService;
use jiff::Timestamp;
use tokio::net::TcpListener;
use tokio::sync::oneshot;
use tokio::task::JoinSet;
use tokio::time::{sleep, timeout};

use crate::api::{self, Api};
use crate::clock::{Clock, rfc3339};
use crate::sandbox_error::SandboxError;
use crate::seed::SEED_TOKEN;
use crate::store::{Closed, LockedFile, Store};

/// How long a stop waits for requests that are under way.
const GRACE: Duration = Duration::from_secs(5);

/// How long a connection may take to send the head of a request, or stay idle before the next.
const HEAD_TIMEOUT: Duration = Duration::from_secs(60);

/// How long accepting rests after it failed, as it does while the process has no file descriptor left.
const ACCEPT_PAUSE: Duration = Duration::from_millis(50);

/// A running sandbox. It stops when it is dropped; [`Sandbox::stop`] stops it in good order.
#[derive(Debug)]
pub struct Sandbox {
    base_url: String,
    /// Sent, or dropped, to end the server.
    stop: oneshot::Sender<()>,
    /// The one task of the server, in a set because a set ends its tasks when it is dropped.
    server: JoinSet<()>,
    closed: Closed,
}

impl Sandbox {
    /// Returns a builder: in memory, on a free port of this machine, until told otherwise.
    #[must_use]
    pub fn builder() -> SandboxBuilder {
        SandboxBuilder::default()
    }

    /// Returns the API root without a trailing slash, such as `http://127.0.0.1:41234/api/v2`.
    #[must_use]
    pub fn base_url(&self) -> &str {
        &self.base_url
    }

    /// Returns a token that may do everything: [`SEED_TOKEN`].
    #[must_use]
    pub fn token(&self) -> &str {
        SEED_TOKEN
    }

    /// Stops: takes no new connection, answers the requests that are under way, at most 5 seconds long, and closes the
    /// state. The file is free for another process when this returns.
    pub async fn stop(self) -> Result<(), SandboxError> {
        let Self { stop, mut server, closed, .. } = self;
        // Nobody receives this where the server has ended already, and then there is nothing left to stop.
        let _ = stop.send(());
        while server.join_next().await.is_some() {}
        closed.wait().await
    }
}

/// Says where a sandbox keeps its state and where it listens.
#[derive(Debug, Clone)]
pub struct SandboxBuilder {
    data: Option<PathBuf>,
    listen: SocketAddr,
    lock_wait: Duration,
    holder: String,
    clock: Clock,
}

impl Default for SandboxBuilder {
    fn default() -> Self {
        Self {
            data: None,
            listen: (Ipv4Addr::LOCALHOST, 0).into(),
            lock_wait: Duration::from_secs(5),
            holder: "mms-sandbox".to_owned(),
            clock: Timestamp::now,
        }
    }
}

impl SandboxBuilder {
    /// Keeps the state in a file, which outlives the sandbox, instead of memory.
    ///
    /// A missing file is created and seeded, and so are missing directories, for the user alone. A write that was answered
    /// survives the death of the process. A file that is not a sandbox's, or of a later version, is left as it is.
    #[must_use]
    pub fn data(self, file: impl Into<PathBuf>) -> Self {
        Self { data: Some(file.into()), ..self }
    }

    /// Listens on this address; port 0 takes a free one. Default: `127.0.0.1:0`, so that only this machine gets in.
    #[must_use]
    pub fn listen(self, address: SocketAddr) -> Self {
        Self { listen: address, ..self }
    }

    /// Waits this long for a file that another process holds. Default: 5 seconds.
    #[must_use]
    pub fn lock_wait(self, wait: Duration) -> Self {
        Self { lock_wait: wait, ..self }
    }

    /// Names this process to those who find its file in use, such as `mms sandbox serve`. Default: `mms-sandbox`.
    #[must_use]
    pub fn holder(self, description: impl Into<String>) -> Self {
        Self { holder: description.into(), ..self }
    }

    /// Starts the sandbox on the current tokio runtime, which needs its I/O and time drivers.
    ///
    /// Fails where the address is in use, where another process keeps the file, and where the file is not a sandbox's.
    pub async fn start(self) -> Result<Sandbox, SandboxError> {
        let failed = |source| SandboxError::listen(self.listen, source);
        let listener = TcpListener::bind(self.listen).await.map_err(failed)?;
        let address = listener.local_addr().map_err(failed)?;
        let base_url = format!("http://{address}{}", api::ROOT);
        let now = (self.clock)();
        let file = match self.data {
            Some(file) => {
                let holder =
                    format!("process {} ({}, {base_url})\nsince {}\n", process::id(), self.holder, rfc3339(now));
                Some(LockedFile::acquire(file, &holder, self.lock_wait).await?)
            }
            None => None,
        };
        let (store, closed) = Store::open(file, now).await?;
        let router = api::router(Api { store, clock: self.clock });
        let (stop, stopped) = oneshot::channel();
        let mut server = JoinSet::new();
        server.spawn(serve(listener, router, stopped));
        Ok(Sandbox { base_url, stop, server, closed })
    }
}

/// Serves connections until it is told to stop, and then lets each answer the request that it is working on.
///
/// The router goes last, and with it the last way to the state, which then closes.
async fn serve(listener: TcpListener, router: Router, stopped: oneshot::Receiver<()>) {
    let graceful = GracefulShutdown::new();
    let mut connections = JoinSet::new();
    let mut stopped = pin!(stopped);
    loop {
        tokio::select! {
            _ = &mut stopped => break,
            Some(_) = connections.join_next() => {}
            accepted = listener.accept() => match accepted {
                Ok((stream, _)) => {
                    // Answers are small and written whole: waiting to fill a segment would only delay them.
                    let _ = stream.set_nodelay(true);
                    let service = TowerToHyperService::new(router.clone());
                    let connection = http1::Builder::new()
                        .timer(TokioTimer::new())
                        .header_read_timeout(HEAD_TIMEOUT)
                        .serve_connection(TokioIo::new(stream), service);
                    connections.spawn(graceful.watch(connection));
                }
                Err(error) => {
                    tracing::warn!(%error, "cannot accept a connection");
                    sleep(ACCEPT_PAUSE).await;
                }
            }
        }
    }
    drop(listener);
    if timeout(GRACE, graceful.shutdown()).await.is_err() {
        tracing::warn!("requests were cut off: they took longer than {} seconds", GRACE.as_secs());
    }
    connections.shutdown().await;
}
