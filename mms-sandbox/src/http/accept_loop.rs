//! Accept loop: takes connections, serves them, and lets them end.

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

use crate::http::middleware::Middleware;

/// How long a stop waits for requests that are under way.
const GRACE: Duration = Duration::from_secs(5);

/// How long a connection may take to send the head of a request, or stay idle before the next.
const HEAD_TIMEOUT: Duration = Duration::from_secs(120);

/// How long a client may take no byte of an answer that is ready for it.
const WRITE_TIMEOUT: Duration = Duration::from_secs(30);

/// How large the head of a request may be, in bytes; also how much of an answer is buffered.
const HEAD_LIMIT: usize = 64 * 1024;

/// How long accepting rests after it failed, as it does while the process has no file descriptor left.
const ACCEPT_PAUSE: Duration = Duration::from_millis(50);

/// Serves connections until it is told to stop, and then lets each answer the request that it is working on.
pub(crate) async fn serve(listener: TcpListener, front: Middleware, stopped: oneshot::Receiver<()>) {
    let graceful = GracefulShutdown::new();
    let mut connections = JoinSet::new();
    let mut stopped = pin!(stopped);
    loop {
        tokio::select! {
            _ = &mut stopped => break,
            Some(_) = connections.join_next() => {}
            accepted = listener.accept() => match accepted {
                Ok((stream, _)) if front.app.faults.refuses_connection() => refuse(&stream),
                Ok((stream, peer)) => {
                    let front = front.clone();
                    let answer = service_fn(move |request| front.clone().answer(request, peer));
                    let connection = http1::Builder::new()
                        .timer(TokioTimer::new())
                        .header_read_timeout(HEAD_TIMEOUT)
                        .max_buf_size(HEAD_LIMIT)
                        .serve_connection(TokioIo::new(Box::pin(guarded(stream))), answer);
                    let connection = graceful.watch(connection);
                    connections.spawn(async move { ended(connection.await) });
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

/// Leaves a line where a connection ended before there was a request to log, or in the middle of one.
fn ended(outcome: hyper::Result<()>) {
    // An error of the service is a fault rule that closed the connection, and its request has a line.
    if let Err(error) = outcome
        && !error.is_user()
    {
        tracing::info!(%error, "a connection ended");
    }
}

/// Gives up on a client that does not take its answer.
fn guarded(stream: TcpStream) -> TimeoutStream<TcpStream> {
    // Answers are small and written whole: waiting to fill a segment would only delay them.
    let _ = stream.set_nodelay(true);
    let mut stream = TimeoutStream::new(stream);
    stream.set_write_timeout(Some(WRITE_TIMEOUT));
    stream
}

/// Resets a connection before a byte is read. The kernel has taken it already, so its client learns of it after connecting.
fn refuse(stream: &TcpStream) {
    if let Err(error) = stream.set_zero_linger() {
        tracing::warn!(%error, "cannot reset a connection: it is closed instead");
    }
}
