//! Run time of the generated code, in place of `progenitor_client`.
//!
//! The surface is the same, so that generated code fits without a change. Behind it stand one opaque error, an answer whose
//! body has arrived whole, and a status that stays readable.

use std::fmt;
use std::ops::Deref;

use bytes::Bytes;
use mms_types::ApiError;
pub use progenitor_client::{ByteStream, ClientInfo, OperationInfo, QueryParam, RequestBuilderExt, encode_path};
use reqwest::header::HeaderMap;
use reqwest::{Request, StatusCode};
use serde::de::DeserializeOwned;

use crate::config::token::ApiToken;
use crate::error::{Call, Cause};
use crate::http::decode;

pub use crate::error::Error;

/// Hooks around every request of the generated code.
pub trait ClientHooks<Inner = ()>: ClientInfo<Inner> {
    /// Changes a request before it is sent.
    async fn pre(&self, request: &mut Request, info: &OperationInfo) -> Result<(), Error>;

    /// Sends a request and reads the answer to its end.
    async fn exec(&self, request: Request, info: &OperationInfo) -> Result<Answer, Error>;

    /// Looks at the outcome. `exec` has it all, so there is nothing left to do.
    async fn post(&self, _: &Result<Answer, Error>, _: &OperationInfo) -> Result<(), Error> {
        Ok(())
    }
}

/// An answer that the generated code is about to decode.
pub struct Answer {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Bytes,
    pub(crate) call: Call,
    pub(crate) token: ApiToken,
}

impl Answer {
    /// Returns the status by which the generated code chooses how to decode: 200, the documented one, for any success.
    pub(crate) fn status(&self) -> StatusCode {
        if self.status.is_success() { StatusCode::OK } else { self.status }
    }
}

/// A decoded answer, with the status and the headers that it came with.
pub struct ResponseValue<T> {
    inner: T,
    status: StatusCode,
    headers: HeaderMap,
    call: Call,
}

impl<T> ResponseValue<T> {
    /// Returns the answer alone.
    pub fn into_inner(self) -> T {
        self.inner
    }

    /// Returns the status that the server sent; any 2xx counts as success, so it need not be 200.
    pub fn status(&self) -> StatusCode {
        self.status
    }

    /// Returns the headers that the server sent.
    pub fn headers(&self) -> &HeaderMap {
        &self.headers
    }
}

impl<T: DeserializeOwned> ResponseValue<T> {
    #[expect(clippy::unused_async, reason = "the generated code awaits it")]
    pub(crate) async fn from_response(answer: Answer) -> Result<Self, Error> {
        let Answer { status, headers, body, call, token } = answer;
        match decode::from_slice(&body) {
            Ok(inner) => Ok(Self { inner, status, headers, call }),
            // serde quotes what it did not expect, which may be anything that the server repeats, and of any length.
            Err(error) => Err(Error::new(Cause::Decode(status, token.redact_beginning(&error.to_string())), call)),
        }
    }
}

impl<T> Deref for ResponseValue<T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.inner
    }
}

impl<T: fmt::Debug> fmt::Debug for ResponseValue<T> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("ResponseValue")
            .field("status", &self.status)
            .field("inner", &self.inner)
            .finish_non_exhaustive()
    }
}

/// Makes the error of a value that an operation's builder refuses.
pub(crate) fn refused_value(operation_id: &'static str, reason: String) -> Error {
    Error::unsent(operation_id, Cause::Invalid(reason))
}

/// Makes the error of an operation whose request cannot be built.
pub(crate) fn unbuilt_request(operation_id: &'static str, error: reqwest::Error) -> Error {
    Error::unsent(operation_id, Cause::Unbuilt(error))
}

/// The constructors of an error, under the names by which the generated code knows them as variants.
#[expect(
    non_snake_case,
    clippy::needless_pass_by_value,
    reason = "the generated code knows them as variants, which own what they are made of"
)]
impl Error {
    pub(crate) fn ErrorResponse(response: ResponseValue<ApiError>) -> Self {
        Self::new(Cause::Refused(response.status, response.inner), response.call)
    }

    pub(crate) fn UnexpectedResponse(answer: Answer) -> Self {
        Self::new(Cause::Undocumented(answer.status), answer.call)
    }
}
