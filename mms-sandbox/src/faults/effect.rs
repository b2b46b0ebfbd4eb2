//! Effect of a fault on the work and on the answer.

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

use crate::http::refusal::{Refusal, TOO_MANY_REQUESTS};

/// How long the bytes before a cut get to leave, so that they are not lost in a buffer.
const FLUSH: Duration = Duration::from_millis(5);

/// The connection is to be closed without an answer.
#[derive(Debug)]
pub(crate) struct Closed;

impl fmt::Display for Closed {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("closed by a fault rule")
    }
}

impl std::error::Error for Closed {}

/// One action, about to act on one request.
#[derive(Debug)]
pub(crate) struct Effect(pub(crate) FaultAction);

impl Effect {
    /// Acts before the work: returns the answer that takes the place of the work, or nothing where the work is to be done.
    pub(crate) async fn before(&self) -> Result<Option<Response>, Closed> {
        match self.0.kind {
            FaultKind::CloseBefore => return Err(Closed),
            FaultKind::DelayBefore => self.pause().await,
            _ => {}
        }
        Ok(self.replacement().filter(|_| self.0.after_work != Some(true)))
    }

    /// Acts on the answer after the work was done.
    pub(crate) async fn after(&self, answer: Response) -> Result<Response, Closed> {
        match self.0.kind {
            FaultKind::CloseAfter => return Err(Closed),
            FaultKind::DelayAfter => self.pause().await,
            FaultKind::CutBody => return Ok(sent_in_part(answer, self.0.bytes.unwrap_or_default()).await),
            FaultKind::Dribble => {
                let step = self.0.bytes.unwrap_or(1).max(1);
                return Ok(dribbled(answer, step, self.delay()).await);
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

    /// Returns the answer that stands in for the true one, where the action has one.
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
                Some(424) => Refusal::failed_dependency().into_response(),
                Some(503) => Refusal::unavailable().into_response(),
                _ => Refusal::internal("An unexpected error occurred.".to_owned()).into_response(),
            }),
            _ => None,
        }
    }
}

const TEXT: HeaderValue = HeaderValue::from_static("text/plain; charset=utf-8");
const HTML: HeaderValue = HeaderValue::from_static("text/html; charset=utf-8");
const BAD_GATEWAY: &str = "<html>\n<head><title>502 Bad Gateway</title></head>\n<body>\n\
    <center><h1>502 Bad Gateway</h1></center>\n</body>\n</html>\n";

/// Takes an answer apart. The bodies of a sandbox are in memory, so they are always whole.
async fn taken_apart(answer: Response) -> (http::response::Parts, Bytes) {
    let (parts, body) = answer.into_parts();
    let bytes = body.collect().await.map(http_body_util::Collected::to_bytes).unwrap_or_default();
    (parts, bytes)
}

/// Sends the head of an answer as it is, its first bytes, and then nothing more.
async fn sent_in_part(answer: Response, bytes: u64) -> Response {
    let (mut parts, body) = taken_apart(answer).await;
    parts.headers.insert(CONTENT_LENGTH, body.len().into());
    let end = usize::try_from(bytes).unwrap_or(usize::MAX).min(body.len());
    if end == body.len() {
        parts.headers.insert(CONNECTION, HeaderValue::from_static("close"));
        return Response::from_parts(parts, Body::from(body));
    }
    Response::from_parts(parts, Body::new(Trickle::new(body.slice(..end), end.max(1), FLUSH, true)))
}

/// Sends an answer a few bytes at a time.
async fn dribbled(answer: Response, step: u64, pause: Duration) -> Response {
    let (mut parts, body) = taken_apart(answer).await;
    parts.headers.insert(CONTENT_LENGTH, body.len().into());
    let step = usize::try_from(step).unwrap_or(usize::MAX);
    Response::from_parts(parts, Body::new(Trickle::new(body, step, pause, false)))
}

/// Sends an answer whose body ends too early to be JSON, as a whole answer all the same.
async fn malformed(answer: Response) -> Response {
    let (mut parts, body) = taken_apart(answer).await;
    let body = body.slice(..body.len().saturating_sub(1));
    parts.headers.insert(CONTENT_LENGTH, body.len().into());
    Response::from_parts(parts, Body::from(body))
}

/// A body that comes in steps, with a pause before each but the first, and may end in an error.
struct Trickle {
    rest: Bytes,
    step: usize,
    pause: Duration,
    breaks: bool,
    waiting: Option<Pin<Box<Sleep>>>,
}

impl Trickle {
    fn new(body: Bytes, step: usize, pause: Duration, breaks: bool) -> Self {
        // A break waits even where no byte comes before it: the head must leave too.
        let waiting = (breaks && body.is_empty()).then(|| Box::pin(sleep(pause)));
        Self { rest: body, step, pause, breaks, waiting }
    }
}

impl hyper::body::Body for Trickle {
    type Data = Bytes;
    type Error = io::Error;

    fn poll_frame(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<io::Result<Frame<Bytes>>>> {
        if let Some(waiting) = &mut self.waiting {
            ready!(waiting.as_mut().poll(context));
            self.waiting = None;
        }
        if self.rest.is_empty() {
            let broken = self.breaks.then(|| Err(io::Error::other(Closed)));
            return Poll::Ready(broken);
        }
        let step = self.step.min(self.rest.len());
        let data = self.rest.split_to(step);
        self.waiting = (self.breaks || !self.rest.is_empty()).then(|| Box::pin(sleep(self.pause)));
        Poll::Ready(Some(Ok(Frame::data(data))))
    }
}
