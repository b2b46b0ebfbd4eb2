//! Requests to any path of the API, sent as every other: token, pace, limits, traces. A write is sent once.

mod error;
mod method;
mod request;

pub use error::RawRequestError;
pub use method::RawMethod;
pub use request::RawRequest;

use std::fmt;

use bytes::Bytes;
use progenitor_client::ClientInfo as _;
use reqwest::header::{ACCEPT, AUTHORIZATION, CONTENT_TYPE, HeaderMap, HeaderValue};
use reqwest::{Request, StatusCode, Url};
use tracing::{Instrument, field};

use crate::config::token::ApiToken;
use crate::error::{Call, Cause, Error, StopReason};
use crate::http::error_body;
use crate::http::generated::Client;
use crate::http::hooks::Sending;
use crate::http::operation::{OperationKind, RAW_READ, RAW_WRITE};
use crate::http::transport::RawResponse;

/// The one type of body that the API speaks.
const JSON: HeaderValue = HeaderValue::from_static("application/json");

impl Client {
    /// Sends a request to any path of the API, with the token, the pace and the limits of every other call.
    ///
    /// A read is sent again where a read may be. A write is sent once, on a connection of its own, whatever comes of it: what an
    /// unknown one does is unknown, too. So it is for the writes of the contract; their careful calls are
    /// [`create_child_once`](Self::create_child_once) and [`set_allocation`](Self::set_allocation), which know what became of them.
    ///
    /// # Errors
    ///
    /// Where no whole answer came. Whether the request may have been carried out [`Error::maybe_sent`] says. An answer that refuses
    /// is an answer, whose [`error`](RawAnswer::error) says what that means.
    ///
    /// ```no_run
    /// use mms_client::{RawMethod, RawRequest};
    ///
    /// # async fn example(client: mms_client::Client) -> Result<(), Box<dyn std::error::Error>> {
    /// let request = RawRequest::new(RawMethod::Get, "/scenarios")?.query("organizationId", "11");
    /// let answer = client.send_raw(&request).await?;
    /// match answer.error() {
    ///     None => println!("{}", String::from_utf8_lossy(answer.body())),
    ///     Some(error) => println!("refused: {error}"),
    /// }
    /// # Ok(())
    /// # }
    /// ```
    pub async fn send_raw(&self, request: &RawRequest) -> Result<RawAnswer, Error> {
        let is_read = request.method().is_read();
        let unknown = if is_read { RAW_READ } else { RAW_WRITE };
        let sending = Sending {
            operation_id: request.operation().map_or(unknown, |operation| operation.id),
            kind: if is_read { OperationKind::Read } else { OperationKind::Create },
            organization_id: request.organization_id(),
        };
        let span = tracing::info_span!(
            "operation",
            operation_id = sending.operation_id,
            kind = ?sending.kind,
            request = %format_args!("{} {}", request.method(), request.path()),
            status = field::Empty,
            attempts = field::Empty,
        );
        let outside = || Cause::Invalid(format!("{:?} is not below the root of the API", request.path()));
        let url = self.url_of(request).ok_or_else(|| Error::unsent(sending.operation_id, outside()))?;
        let mut sent = Request::new(request.method().into(), url);
        sent.headers_mut().insert(AUTHORIZATION, self.inner().token.header());
        sent.headers_mut().insert(ACCEPT, JSON);
        if let Some(body) = request.shared_body() {
            sent.headers_mut().insert(CONTENT_TYPE, JSON);
            *sent.body_mut() = Some(body.clone().into());
        }
        // In a box of its own, as the call of a generated operation is.
        let (reply, mut call) = Box::pin(self.call(sent, sending, &span)).instrument(span.clone()).await?;
        if call.stop_reason == StopReason::LookFirst {
            call.stop_reason = StopReason::SentOnce;
        }
        Ok(RawAnswer::new(reply, call, &self.inner().token))
    }

    /// Returns the address of a request, once more held to be below the root of the API.
    fn url_of(&self, request: &RawRequest) -> Option<Url> {
        let root = Url::parse(self.baseurl()).ok()?;
        let url = Url::parse(&format!("{}{}", self.baseurl(), request.target())).ok()?;
        let rest = url.path().strip_prefix(root.path().trim_end_matches('/'))?;
        (url.origin() == root.origin() && rest.starts_with('/')).then_some(url)
    }
}

/// An answer to a [`RawRequest`]: whatever the server said, with a status.
///
/// Where the server repeats the token, it is blotted out. Of a refusal the body is the first 64 KiB.
pub struct RawAnswer {
    status: StatusCode,
    headers: HeaderMap,
    body: Bytes,
    error: Option<Error>,
}

impl RawAnswer {
    fn new(reply: RawResponse, call: Call, token: &ApiToken) -> Self {
        let RawResponse { status, mut headers, body } = reply;
        let cause = if status.is_client_error() || status.is_server_error() {
            Some(Cause::Refused(status, error_body::read(status, &body, token)))
        } else {
            (!status.is_success()).then_some(Cause::Undocumented(status))
        };
        for value in headers.values_mut() {
            let redacted = value.to_str().ok().map(|text| (token.redact(text), text));
            if let Some((redacted, _)) = redacted.filter(|(redacted, text)| redacted != text) {
                *value = HeaderValue::try_from(redacted).unwrap_or(HeaderValue::from_static("[token]"));
            }
        }
        Self { status, headers, body: token.redact_bytes(body), error: cause.map(|cause| Error::new(cause, call)) }
    }

    /// Returns the status.
    #[must_use]
    pub const fn status(&self) -> StatusCode {
        self.status
    }

    /// Returns the headers.
    #[must_use]
    pub const fn headers(&self) -> &HeaderMap {
        &self.headers
    }

    /// Returns the body as it came, unpacked where it came compressed.
    #[must_use]
    pub fn body(&self) -> &[u8] {
        &self.body
    }

    /// Returns what an answer that is no success means for its caller; nothing for a 2xx.
    #[must_use]
    pub const fn error(&self) -> Option<&Error> {
        self.error.as_ref()
    }
}

impl fmt::Debug for RawAnswer {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("RawAnswer").field("status", &self.status).finish_non_exhaustive()
    }
}
