//! Accept loop: connections, their timeouts, and graceful shutdown.

use std::pin::pin;
use std::time::Duration;

use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::server::graceful::GracefulShutdown;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::oneshot;
use tokio::task::JoinSet;
use tokio::time::{sleep, timeout};
use tokio_io_timeout::TimeoutStream;

use crate::middleware::Middleware;

/// How long a shutdown waits for requests that are under way.
const SHUTDOWN_GRACE: Duration = Duration::from_secs(5);

/// The timeout for the head of a request, and for an idle connection.
const HEAD_TIMEOUT: Duration = Duration::from_secs(120);

/// The timeout for a client that takes no byte of its answer.
const WRITE_TIMEOUT: Duration = Duration::from_secs(30);

/// The largest head of a request, in bytes; also the size of the write buffer.
const HEAD_LIMIT: usize = 64 * 1024;

/// The pause after a failed accept, as happens while the process has no file descriptor left.
const ACCEPT_PAUSE: Duration = Duration::from_millis(50);

/// Serves connections until it is told to stop, and then lets each answer the request that it is working on.
pub(crate) async fn serve(listener: TcpListener, middleware: Middleware, stopped: oneshot::Receiver<()>) {
    let graceful = GracefulShutdown::new();
    let mut connections = JoinSet::new();
    let mut stopped = pin!(stopped);
    loop {
        tokio::select! {
            _ = &mut stopped => break,
            Some(_) = connections.join_next() => {}
            accepted = listener.accept() => match accepted {
                Ok((stream, _)) if middleware.app.faults.refuses_connection() => reset(&stream),
                Ok((stream, peer)) => {
                    let middleware = middleware.clone();
                    let answer = service_fn(move |request| middleware.clone().handle(request, peer));
                    let connection = http1::Builder::new()
                        .timer(TokioTimer::new())
                        .header_read_timeout(HEAD_TIMEOUT)
                        .max_buf_size(HEAD_LIMIT)
                        .serve_connection(TokioIo::new(Box::pin(with_write_timeout(stream))), answer);
                    let connection = graceful.watch(connection);
                    connections.spawn(async move { log_end(connection.await) });
                }
                Err(error) => {
                    tracing::warn!(%error, "cannot accept a connection");
                    sleep(ACCEPT_PAUSE).await;
                }
            }
        }
    }
    drop(listener);
    if timeout(SHUTDOWN_GRACE, graceful.shutdown()).await.is_err() {
        tracing::warn!("requests were cut off: they took longer than {} seconds", SHUTDOWN_GRACE.as_secs());
    }
    connections.shutdown().await;
}

/// Logs a connection that ended before there was a request to log, or in the middle of one.
fn log_end(outcome: hyper::Result<()>) {
    // An error of the service is a fault rule that closed the connection, and its request has a line.
    if let Err(error) = outcome
        && !error.is_user()
    {
        tracing::info!(%error, "a connection ended");
    }
}

/// Sets the write timeout of a connection.
fn with_write_timeout(stream: TcpStream) -> TimeoutStream<TcpStream> {
    // Answers are small and written whole: waiting to fill a segment would only delay them.
    let _ = stream.set_nodelay(true);
    let mut stream = TimeoutStream::new(stream);
    stream.set_write_timeout(Some(WRITE_TIMEOUT));
    stream
}

/// Resets a connection before a byte is read. The kernel has accepted it already, so its client sees the reset later.
fn reset(stream: &TcpStream) {
    if let Err(error) = stream.set_zero_linger() {
        tracing::warn!(%error, "cannot reset a connection: it is closed instead");
    }
}
