//! Hooks of every generated operation: headers, attempts, traces, and error bodies made readable.

use std::sync::atomic::Ordering;
use std::time::Duration;

use bytes::Bytes;
use futures_util::FutureExt;
use futures_util::future::BoxFuture;
use mms_types::{OrganizationId, OrganizationResponse};
use progenitor_client::{ClientInfo, OperationInfo};
use reqwest::header::{AUTHORIZATION, HeaderName};
use reqwest::{Method, Request, StatusCode, Url};
use tracing::{Instrument, Span, field};

use crate::config::settings::{Settings, Shared};
use crate::error::{Call, Error};
use crate::http::attempts::Attempts;
use crate::http::decode;
use crate::http::error_body;
use crate::http::generated::Client;
use crate::http::operation::{Operation, OperationKind, operation};
use crate::http::retry::retry_after::retry_after;
use crate::http::runtime::{Answer, ClientHooks};
use crate::http::transport::{HttpTransport, RawResponse, Transport};
use crate::pace::{LimitError, LimitSource};

/// The generated code sends the document's version under this name; Make knows no such header.
const API_VERSION: HeaderName = HeaderName::from_static("api-version");

/// Parameter of a path template for the organization.
const ORGANIZATION: &str = "{organizationId}";

/// What is known of a request that is sent.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Sending {
    pub(crate) operation_id: &'static str,
    pub(crate) kind: OperationKind,
    /// The organization whose limit it counts against, if it names one.
    pub(crate) organization_id: Option<OrganizationId>,
}

impl ClientHooks<Settings> for Client {
    async fn pre(&self, request: &mut Request, _: &OperationInfo) -> Result<(), Error> {
        request.headers_mut().remove(API_VERSION);
        request.headers_mut().insert(AUTHORIZATION, self.inner().token.header());
        Ok(())
    }

    async fn exec(&self, request: Request, info: &OperationInfo) -> Result<Answer, Error> {
        let span = tracing::info_span!(
            "operation",
            operation_id = info.operation_id,
            kind = operation(info.operation_id).map(|operation| field::debug(operation.kind)),
            status = field::Empty,
            attempts = field::Empty,
        );
        let operation = operation(info.operation_id);
        let sending = Sending {
            operation_id: info.operation_id,
            // What is not known must not be repeated.
            kind: operation.map_or(OperationKind::Create, |operation| operation.kind),
            organization_id: operation.and_then(|operation| organization_id(operation, request.url())),
        };
        // In a box of its own: a future that holds several of these, as every caller's does, would be large.
        let (reply, call) = Box::pin(self.call(request, sending, &span)).instrument(span.clone()).await?;
        Ok(self.readable(reply, call))
    }
}

impl Client {
    /// Returns the name by which a [`Journal`](crate::Journal) knows the API: the one that was
    /// [given](crate::ClientBuilder::api_name), or else its [place](crate::BaseUrl::place), and behind a `#` the identity of a
    /// sandbox, which is known with its first answer.
    ///
    /// ```
    /// # fn example(client: mms_client::Client) {
    /// println!("the journal knows this API as {}", client.api_name());
    /// # }
    /// ```
    #[must_use]
    pub fn api_name(&self) -> String {
        self.inner().api.name()
    }

    /// Returns how many requests this client and its clones have sent, or tried to send, the questions for the limit included.
    ///
    /// ```
    /// # fn example(client: mms_client::Client) {
    /// println!("{} requests of this minute's limit", client.requests_sent());
    /// # }
    /// ```
    #[must_use]
    pub fn requests_sent(&self) -> u64 {
        self.inner().sent.load(Ordering::Relaxed)
    }

    /// Sends a request until its outcome is final.
    pub(crate) async fn call(
        &self,
        request: Request,
        sending: Sending,
        span: &Span,
    ) -> Result<(RawResponse, Call), Error> {
        let Sending { operation_id, kind, organization_id } = sending;
        let attempts = Attempts {
            operation_id,
            kind,
            organization_id,
            settings: self.inner(),
            transport: self.http(kind),
            limit_source: self,
        };
        let (outcome, call) = attempts.outcome(request).await;
        let result = match outcome {
            Ok(reply) => {
                self.inner().api.learn(&reply.headers, reply.status.is_success());
                span.record("status", reply.status.as_u16());
                Ok((reply, call))
            }
            Err(cause) => {
                let error = Error::new(cause, call);
                if let Some(status) = error.status() {
                    span.record("status", status.as_u16());
                }
                Err(error)
            }
        };
        span.record("attempts", call.attempts);
        tracing::debug!(elapsed = ?call.elapsed, answered = result.is_ok(), "request ended");
        result
    }

    /// Returns the transport for an operation: a create takes a connection of its own, since one that was kept may have been
    /// closed by the server meanwhile, and the answer would be lost.
    fn http(&self, kind: OperationKind) -> HttpTransport<'_> {
        let Shared { read_timeout, answer_limit, ref unpooled, .. } = **self.inner();
        let client = if kind == OperationKind::Create { unpooled } else { self.client() };
        HttpTransport { client, base_url: self.baseurl(), read_timeout, answer_limit }
    }

    /// Makes an answer one that the generated code can read: an error body of any kind becomes an `ApiError`.
    fn readable(&self, reply: RawResponse, call: Call) -> Answer {
        let token = self.inner().token.clone();
        let RawResponse { status, headers, body } = reply;
        let body = if status.is_client_error() || status.is_server_error() {
            Bytes::from(error_body::normalized(status, &body, &token))
        } else {
            body
        };
        Answer { status, headers, body, call, token }
    }
}

/// Reads the organization that a request is about out of its path.
fn organization_id(operation: &Operation, url: &Url) -> Option<OrganizationId> {
    // The template stands at the end of the path, after the root of the API.
    let is_slash = |byte: &u8| *byte == b'/';
    let segments = operation.path.as_bytes().rsplit(is_slash).zip(url.path().as_bytes().rsplit(is_slash));
    let (_, segment) = segments.into_iter().find(|(template, _)| *template == ORGANIZATION.as_bytes())?;
    str::from_utf8(segment).ok()?.parse().ok()
}

impl LimitSource for Client {
    fn api_limit(&self, organization_id: OrganizationId, timeout: Duration) -> BoxFuture<'_, Result<u32, LimitError>> {
        async move {
            let operation = operation("get_organization").ok_or(LimitError::Unknown)?;
            let path = operation.path.replace(ORGANIZATION, &organization_id.to_string());
            let url = format!("{}{path}", self.baseurl()).parse().map_err(|_| LimitError::Unknown)?;
            let mut request = Request::new(Method::GET, url);
            request.headers_mut().insert(AUTHORIZATION, self.inner().token.header());

            let settings = self.inner();
            settings.sent.fetch_add(1, Ordering::Relaxed);
            let timeout = timeout.min(settings.timeout);
            let reply =
                self.http(OperationKind::Read).attempt(request, timeout).await.map_err(|_| LimitError::Unanswered)?;
            if reply.status == StatusCode::TOO_MANY_REQUESTS {
                let told = retry_after(&reply.headers, settings.clock.wall());
                return Err(LimitError::Limited(settings.retry.wait_until_allowed(told)));
            }
            if !reply.status.is_success() {
                return Err(LimitError::Refused(reply.status.as_u16()));
            }
            let answer: OrganizationResponse = decode::from_slice(&reply.body).map_err(|_| LimitError::Unknown)?;
            let limit = answer.organization.license.and_then(|license| license.api_limit);
            limit.and_then(|limit| u32::try_from(limit).ok()).filter(|limit| *limit > 0).ok_or(LimitError::Unknown)
        }
        .boxed()
    }
}
