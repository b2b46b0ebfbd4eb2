//! Transport: one request on the wire, sent once.

use std::time::Duration;
use std::{fmt, io, mem};

use bytes::{Bytes, BytesMut};
use reqwest::header::HeaderMap;
use reqwest::{Request, Response, StatusCode};
use tokio::time::Instant;
use url::{Position, Url};

/// Most bytes that are read of an error body: some hundred times the longest one known.
const MAX_ERROR_BODY: usize = 64 * 1024;

/// The longest time for a piece of an exchange: some thirty years. No clock holds much more.
pub(crate) const MAX_TIMEOUT: Duration = Duration::from_secs(1 << 30);

/// Sends requests, each once.
pub(crate) trait Transport: Sync {
    /// Sends a request and reads the answer to its end, or to where a refusal gets too long, within this time.
    fn attempt(
        &self,
        request: Request,
        timeout: Duration,
    ) -> impl Future<Output = Result<RawResponse, AttemptError>> + Send;
}

/// An answer that has arrived: whole, or of a refusal the first 64 KiB.
#[derive(Debug)]
pub(crate) struct RawResponse {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Bytes,
}

/// Attempt without a whole answer.
#[derive(Debug)]
pub(crate) enum AttemptError {
    /// Not even a status.
    NoAnswer(TransportError),
    /// A status with its headers, and a body that broke off.
    TruncatedBody(StatusCode, HeaderMap, TransportError),
    /// A status, and a body of more than so many bytes.
    TooLong(StatusCode, u64),
}

/// Error of the connection.
#[derive(Debug)]
pub(crate) struct TransportError {
    pub(crate) stage: Stage,
    pub(crate) timed_out: bool,
    /// Host and port of the server.
    pub(crate) host: Option<String>,
    pub(crate) source: Box<dyn std::error::Error + Send + Sync>,
}

/// Stage at which a connection failed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Stage {
    /// No connection came about.
    Connect,
    /// No connection came about, for a reason that stays: a certificate, another protocol.
    Trust,
    /// The request may have been sent. Whether a connection that was kept open had been closed before cannot be told apart.
    Sent,
}

impl From<reqwest::Error> for TransportError {
    fn from(error: reqwest::Error) -> Self {
        let stage = match (error.is_connect(), is_untrusted(&error)) {
            (true, true) => Stage::Trust,
            (true, false) => Stage::Connect,
            (false, _) => Stage::Sent,
        };
        let timed_out = error.is_timeout();
        Self { stage, timed_out, host: error.url().map(host), source: Box::new(error) }
    }
}

fn host(url: &Url) -> String {
    url[Position::BeforeHost..Position::AfterPort].to_owned()
}

/// Says whether TLS did not come about for what the other side sent. rustls reports that as invalid data, and what the network
/// did in other words.
fn is_untrusted(error: &reqwest::Error) -> bool {
    let mut source = std::error::Error::source(error);
    while let Some(error) = source {
        let io = error.downcast_ref::<io::Error>();
        if io.is_some_and(|error| error.kind() == io::ErrorKind::InvalidData) {
            return true;
        }
        // The standard library leaves the error within an io::Error out of the chain.
        source = match io.and_then(io::Error::get_ref) {
            Some(within) => Some(within),
            None => error.source(),
        };
    }
    false
}

/// Requests over HTTP.
#[derive(Debug, Clone, Copy)]
pub(crate) struct HttpTransport<'a> {
    pub(crate) client: &'a reqwest::Client,
    /// Where the requests go, for the words of an error.
    pub(crate) base_url: &'a str,
    /// How long the server may be silent.
    pub(crate) read_timeout: Duration,
    /// The most bytes that are read of an answer that is no refusal.
    pub(crate) answer_limit: u64,
}

impl Transport for HttpTransport<'_> {
    fn attempt(&self, request: Request, timeout: Duration) -> impl Future<Output = Result<RawResponse, AttemptError>> {
        let end = Instant::now() + timeout.min(MAX_TIMEOUT);
        // Outside of the future, which would have room for the request to its end.
        let head = self.client.execute(request);
        async move {
            let mut response = self.within(end, head).await.map_err(AttemptError::NoAnswer)?;
            let status = response.status();
            let headers = mem::take(response.headers_mut());
            let is_refusal = status.is_client_error() || status.is_server_error();
            let body = if is_refusal {
                self.beginning(&mut response, end).await.map_err(BodyError::Truncated)
            } else {
                self.whole(&mut response, end).await
            };
            match body {
                Ok(body) => Ok(RawResponse { status, headers, body }),
                Err(BodyError::Truncated(error)) => Err(AttemptError::TruncatedBody(status, headers, error)),
                Err(BodyError::TooLong) => Err(AttemptError::TooLong(status, self.answer_limit)),
            }
        }
    }
}

/// Why a body was not read to its end.
enum BodyError {
    /// It broke off.
    Truncated(TransportError),
    /// It is longer than allowed.
    TooLong,
}

impl HttpTransport<'_> {
    /// Waits for a piece of an answer, to the end of the attempt and no longer than the server may be silent.
    ///
    /// reqwest has the same two timeouts. It starts and stops a timer for every piece of an answer, though, and what there is to
    /// read has mostly arrived.
    async fn within<T>(
        &self,
        end: Instant,
        piece: impl Future<Output = Result<T, reqwest::Error>>,
    ) -> Result<T, TransportError> {
        let now = Instant::now();
        // A timeout of tokio's looks at the piece first, and so would send a request that has no time left.
        if end <= now || self.read_timeout.is_zero() {
            return Err(self.timed_out());
        }
        match tokio::time::timeout_at(end.min(now + self.read_timeout.min(MAX_TIMEOUT)), piece).await {
            Ok(outcome) => outcome.map_err(TransportError::from),
            Err(_) => Err(self.timed_out()),
        }
    }

    fn timed_out(&self) -> TransportError {
        let host = self.base_url.parse().ok().map(|url| host(&url));
        TransportError { stage: Stage::Sent, timed_out: true, host, source: Box::new(TimedOut) }
    }

    /// Reads the body of a refusal as far as it is of use. What is left of it closes the connection.
    async fn beginning(&self, response: &mut Response, end: Instant) -> Result<Bytes, TransportError> {
        let mut body = Vec::new();
        while body.len() < MAX_ERROR_BODY
            && let Some(chunk) = self.within(end, response.chunk()).await?
        {
            let wanted = chunk.len().min(MAX_ERROR_BODY - body.len());
            body.extend_from_slice(&chunk[..wanted]);
        }
        Ok(body.into())
    }

    /// Reads a body to its end, or to where it gets longer than allowed. A body of one piece is not copied.
    async fn whole(&self, response: &mut Response, end: Instant) -> Result<Bytes, BodyError> {
        let limit = self.answer_limit;
        let fits = |length: usize| u64::try_from(length).is_ok_and(|length| length <= limit);

        let promised = response.content_length();
        if promised.is_some_and(|promised| promised > limit) {
            return Err(BodyError::TooLong);
        }
        let Some(first) = self.within(end, response.chunk()).await.map_err(BodyError::Truncated)? else {
            return Ok(Bytes::new());
        };
        if !fits(first.len()) {
            return Err(BodyError::TooLong);
        }
        let Some(second) = self.within(end, response.chunk()).await.map_err(BodyError::Truncated)? else {
            return Ok(first);
        };
        let expected = promised.and_then(|promised| usize::try_from(promised).ok()).unwrap_or_default();
        let mut body = BytesMut::with_capacity(expected.max(first.len() + second.len()));
        body.extend_from_slice(&first);
        drop(first);
        let mut next = Some(second);
        while let Some(chunk) = next {
            if !fits(body.len() + chunk.len()) {
                return Err(BodyError::TooLong);
            }
            body.extend_from_slice(&chunk);
            // The next piece is read into the room of this one, if nobody has it any more.
            drop(chunk);
            next = self.within(end, response.chunk()).await.map_err(BodyError::Truncated)?;
        }
        Ok(body.freeze())
    }
}

/// A timeout ran out.
#[derive(Debug)]
struct TimedOut;

impl fmt::Display for TimedOut {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("operation timed out")
    }
}

impl std::error::Error for TimedOut {}
