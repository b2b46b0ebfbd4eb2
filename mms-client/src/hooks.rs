//! What every generated operation does around its request.

use std::time::Instant;

use bytes::Bytes;
use progenitor_client::{ClientInfo, OperationInfo};
use reqwest::Request;
use reqwest::header::{AUTHORIZATION, HeaderName};
use tracing::{Instrument, Span, field};

use crate::error::{Call, Cause, Error};
use crate::error_body;
use crate::generated::Client;
use crate::operation::operation;
use crate::runtime::{Answer, ClientHooks};
use crate::settings::Settings;
use crate::transport::{self, Failure, Reply};

/// The generated code sends the document's version under this name; Make knows no such header.
const API_VERSION: HeaderName = HeaderName::from_static("api-version");

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
        self.call(request, info.operation_id).instrument(span).await
    }
}

impl Client {
    /// Sends a request, once, and hands back its answer or what went wrong, with what the call cost.
    async fn call(&self, request: Request, operation_id: &'static str) -> Result<Answer, Error> {
        let started = Instant::now();
        let outcome = transport::attempt(self.client(), request).await;
        let call = Call { operation_id, attempts: 1, elapsed: started.elapsed() };

        let (result, status) = match outcome {
            Ok(reply) => {
                let status = reply.status;
                (Ok(self.readable(reply, call)), Some(status))
            }
            Err(Failure::CutBody(status, error)) => (Err(Error::new(Cause::Body(status, error), call)), Some(status)),
            Err(Failure::NoAnswer(error)) => (Err(Error::new(Cause::NoAnswer(error), call)), None),
        };
        if let Some(status) = status {
            Span::current().record("status", status.as_u16());
        }
        Span::current().record("attempts", call.attempts);
        tracing::debug!(elapsed = ?call.elapsed, answered = status.is_some(), "request ended");
        result
    }

    /// Makes an answer one that the generated code can read: an error body of any kind becomes an `ApiError`.
    fn readable(&self, reply: Reply, call: Call) -> Answer {
        let token = self.inner().token.clone();
        let Reply { status, headers, body } = reply;
        let body = if status.is_client_error() || status.is_server_error() {
            Bytes::from(error_body::normalized(status, &body, &token))
        } else {
            body
        };
        Answer { status, headers, body, call, token }
    }
}
