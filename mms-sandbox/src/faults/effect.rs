//! Effect of a fault on the work of a request and on its response.

use std::pin::Pin;
use std::task::{Context, Poll, ready};
use std::time::Duration;
use std::{fmt, io};

use axum::body::{Body, Bytes};
use axum::response::{IntoResponse, Response};
use http::header::{CONNECTION, CONTENT_LENGTH, CONTENT_TYPE, RETRY_AFTER};
use http::{HeaderValue, StatusCode};
use http_body_util::BodyExt;
use hyper::body::Frame;
use mms_types::sandbox::{FaultAction, FaultKind};
use tokio::time::{Sleep, sleep};

use crate::http::error_response::{ErrorResponse, TOO_MANY_REQUESTS};

/// The pause before a connection is cut, so that the bytes before it are not lost in a buffer.
const FLUSH_DELAY: Duration = Duration::from_millis(5);

/// The connection is to be closed without an answer.
#[derive(Debug)]
pub(crate) struct ConnectionClosed;

impl fmt::Display for ConnectionClosed {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("closed by a fault rule")
    }
}

impl std::error::Error for ConnectionClosed {}

/// The action of a fault, applied to one request.
#[derive(Debug)]
pub(crate) struct Effect(pub(crate) FaultAction);

impl Effect {
    /// Acts before the work: returns the response that replaces it, or nothing where the work is to be done.
    pub(crate) async fn before(&self) -> Result<Option<Response>, ConnectionClosed> {
        match self.0.kind {
            FaultKind::CloseBefore => return Err(ConnectionClosed),
            FaultKind::DelayBefore => self.pause().await,
            _ => {}
        }
        Ok(self.replacement().filter(|_| self.0.after_work != Some(true)))
    }

    /// Acts on the response after the work was done.
    pub(crate) async fn after(&self, answer: Response) -> Result<Response, ConnectionClosed> {
        match self.0.kind {
            FaultKind::CloseAfter => return Err(ConnectionClosed),
            FaultKind::DelayAfter => self.pause().await,
            FaultKind::CutBody => return Ok(truncated(answer, self.0.bytes.unwrap_or_default()).await),
            FaultKind::Dribble => {
                let step = self.0.bytes.unwrap_or(1).max(1);
                return Ok(throttled(answer, step, self.delay()).await);
            }
            FaultKind::MalformedJson => return Ok(malformed(answer).await),
            FaultKind::WrongContentType => {
                let mut answer = answer;
                answer.headers_mut().insert(CONTENT_TYPE, TEXT);
                return Ok(answer);
            }
            _ => {}
        }
        Ok(self.replacement().unwrap_or(answer))
    }

    fn delay(&self) -> Duration {
        Duration::from_millis(self.0.milliseconds.unwrap_or_default())
    }

    async fn pause(&self) {
        sleep(self.delay()).await;
    }

    /// Returns the response that replaces the real one, where the action has one.
    fn replacement(&self) -> Option<Response> {
        match self.0.kind {
            FaultKind::BadGateway => {
                Some((StatusCode::BAD_GATEWAY, [(CONTENT_TYPE, HTML)], BAD_GATEWAY).into_response())
            }
            FaultKind::RefusedAtTheEdge => {
                Some((StatusCode::FORBIDDEN, [(CONTENT_TYPE, TEXT)], "error code: 1010").into_response())
            }
            FaultKind::TooManyRequests => {
                let mut answer =
                    (StatusCode::TOO_MANY_REQUESTS, [(CONTENT_TYPE, TEXT)], TOO_MANY_REQUESTS).into_response();
                if let Some(seconds) = self.0.retry_after_seconds {
                    answer.headers_mut().insert(RETRY_AFTER, seconds.into());
                }
                Some(answer)
            }
            FaultKind::ServerError => Some(match self.0.status {
                Some(424) => ErrorResponse::failed_dependency().into_response(),
                Some(503) => ErrorResponse::unavailable().into_response(),
                _ => ErrorResponse::internal("An unexpected error occurred.".to_owned()).into_response(),
            }),
            _ => None,
        }
    }
}

const TEXT: HeaderValue = HeaderValue::from_static("text/plain; charset=utf-8");
const HTML: HeaderValue = HeaderValue::from_static("text/html; charset=utf-8");
const BAD_GATEWAY: &str = "<html>\n<head><title>502 Bad Gateway</title></head>\n<body>\n\
    <center><h1>502 Bad Gateway</h1></center>\n</body>\n</html>\n";

/// Splits a response into head and body. The bodies of a sandbox are in memory, so they are always whole.
async fn collected(answer: Response) -> (http::response::Parts, Bytes) {
    let (parts, body) = answer.into_parts();
    let bytes = body.collect().await.map(http_body_util::Collected::to_bytes).unwrap_or_default();
    (parts, bytes)
}

/// Sends the head of an answer as it is, its first bytes, and then nothing more.
async fn truncated(answer: Response, bytes: u64) -> Response {
    let (mut parts, body) = collected(answer).await;
    parts.headers.insert(CONTENT_LENGTH, body.len().into());
    let end = usize::try_from(bytes).unwrap_or(usize::MAX).min(body.len());
    if end == body.len() {
        parts.headers.insert(CONNECTION, HeaderValue::from_static("close"));
        return Response::from_parts(parts, Body::from(body));
    }
    Response::from_parts(parts, Body::new(ThrottledBody::new(body.slice(..end), end.max(1), FLUSH_DELAY, true)))
}

/// Sends an answer a few bytes at a time.
async fn throttled(answer: Response, step: u64, pause: Duration) -> Response {
    let (mut parts, body) = collected(answer).await;
    parts.headers.insert(CONTENT_LENGTH, body.len().into());
    let step = usize::try_from(step).unwrap_or(usize::MAX);
    Response::from_parts(parts, Body::new(ThrottledBody::new(body, step, pause, false)))
}

/// Sends an answer whose body ends too early to be JSON, as a whole answer all the same.
async fn malformed(answer: Response) -> Response {
    let (mut parts, body) = collected(answer).await;
    let body = body.slice(..body.len().saturating_sub(1));
    parts.headers.insert(CONTENT_LENGTH, body.len().into());
    Response::from_parts(parts, Body::from(body))
}

/// A body that is sent in steps, with a pause before each but the first, and may end in an error.
struct ThrottledBody {
    rest: Bytes,
    step: usize,
    pause: Duration,
    ends_in_error: bool,
    waiting: Option<Pin<Box<Sleep>>>,
}

impl ThrottledBody {
    fn new(body: Bytes, step: usize, pause: Duration, ends_in_error: bool) -> Self {
        // An error waits even where no byte comes before it: the head must be sent.
        let waiting = (ends_in_error && body.is_empty()).then(|| Box::pin(sleep(pause)));
        Self { rest: body, step, pause, ends_in_error, waiting }
    }
}

impl hyper::body::Body for ThrottledBody {
    type Data = Bytes;
    type Error = io::Error;

    fn poll_frame(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<io::Result<Frame<Bytes>>>> {
        if let Some(waiting) = &mut self.waiting {
            ready!(waiting.as_mut().poll(context));
            self.waiting = None;
        }
        if self.rest.is_empty() {
            let broken = self.ends_in_error.then(|| Err(io::Error::other(ConnectionClosed)));
            return Poll::Ready(broken);
        }
        let step = self.step.min(self.rest.len());
        let data = self.rest.split_to(step);
        self.waiting = (self.ends_in_error || !self.rest.is_empty()).then(|| Box::pin(sleep(self.pause)));
        Poll::Ready(Some(Ok(Frame::data(data))))
    }
}
