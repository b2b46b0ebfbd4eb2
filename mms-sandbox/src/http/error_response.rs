//! Error responses in Make's shape: a status, and a JSON body with `detail`, `message`, sometimes `code` and `suberrors`.

use std::fmt::Display;

use axum::Json;
use axum::response::{IntoResponse, Response};
use http::header::{RETRY_AFTER, WWW_AUTHENTICATE};
use http::{HeaderValue, StatusCode};
use mms_types::sandbox::LimitBody;
use mms_types::{ApiError, ApiSuberror};

use crate::store::StoreError;

/// The name of every suberror.
const SUBERROR_NAME: &str = "Error";

/// The authentication scheme, which a response with 401 has to name.
const CHALLENGE: HeaderValue = HeaderValue::from_static("Token");

/// The body of a response with 429, in plain text.
pub(crate) const TOO_MANY_REQUESTS: &str = "Requests limit for organization exceeded, please try again later.";

/// An error response. Codes are Make's own where they are known, and missing elsewhere.
#[derive(Debug)]
pub(crate) struct ErrorResponse {
    status: StatusCode,
    message: &'static str,
    code: Option<&'static str>,
    detail: String,
    mistakes: Vec<String>,
    /// Whether the body is the detail alone, as plain text.
    is_text: bool,
    /// In seconds.
    retry_after: Option<u64>,
}

impl ErrorResponse {
    fn new(status: StatusCode, message: &'static str, code: Option<&'static str>, detail: impl Into<String>) -> Self {
        let detail = detail.into();
        Self { status, message, code, detail, mistakes: Vec::new(), is_text: false, retry_after: None }
    }

    /// Leaves out the code, for the control side: codes are Make's.
    pub(crate) fn without_code(self) -> Self {
        Self { code: None, ..self }
    }

    /// Refuses what the state rules out.
    pub(crate) fn conflict(detail: impl Into<String>) -> Self {
        Self::new(StatusCode::CONFLICT, "Conflict", None, detail)
    }

    /// Refuses a request whose form is wrong as a whole.
    pub(crate) fn bad_request(detail: impl Into<String>) -> Self {
        Self::new(StatusCode::BAD_REQUEST, "Bad Request", Some("SC400"), detail)
    }

    /// Refuses a request for its parameters, each with a sentence of its own.
    pub(crate) fn invalid(mistakes: Vec<String>) -> Self {
        let refusal = Self::bad_request(format!("Validation failed for {} parameter(s).", mistakes.len()));
        Self { mistakes, ..refusal }
    }

    /// Refuses a request whose token is missing, malformed or unknown.
    pub(crate) fn unauthorized(detail: &'static str) -> Self {
        Self::new(StatusCode::UNAUTHORIZED, "Unauthorized", Some("IM102"), detail)
    }

    /// Refuses a request whose token lacks a scope.
    pub(crate) fn missing_scope(scope: &str) -> Self {
        let detail = format!("The token lacks the scope {scope}.");
        Self::new(StatusCode::FORBIDDEN, "Permission denied", Some("SC403"), detail)
    }

    /// Refuses what a token may not see.
    pub(crate) fn access_denied() -> Self {
        Self::new(StatusCode::FORBIDDEN, "Permission denied", Some("SC403"), "Access denied.")
    }

    /// Refuses a request that did not come from where it must.
    pub(crate) fn forbidden(detail: impl Into<String>) -> Self {
        Self::new(StatusCode::FORBIDDEN, "Forbidden", None, detail)
    }

    /// Refuses a request beyond the limit of its organization, with the seconds of Retry-After if there are any.
    pub(crate) fn too_many_requests(body: LimitBody, retry_after: Option<u64>) -> Self {
        let refusal = Self::new(StatusCode::TOO_MANY_REQUESTS, "Too Many Requests", None, TOO_MANY_REQUESTS);
        Self { is_text: body == LimitBody::Text, retry_after, ..refusal }
    }

    /// Refuses a request for what does not exist, or is not the caller's to see.
    pub(crate) fn not_found(what: &str, id: impl Display) -> Self {
        Self::new(StatusCode::NOT_FOUND, "Not Found", None, format!("There is no {what} {id}."))
    }

    pub(crate) fn unknown_path(path: &str) -> Self {
        Self::new(StatusCode::NOT_FOUND, "Not Found", None, format!("There is nothing at {path}."))
    }

    pub(crate) fn method_not_allowed(method: &str, path: &str) -> Self {
        let detail = format!("{path} does not take {method}.");
        Self::new(StatusCode::METHOD_NOT_ALLOWED, "Method Not Allowed", None, detail)
    }

    pub(crate) fn too_large(limit: usize) -> Self {
        let detail = format!("The body is larger than {limit} bytes.");
        Self::new(StatusCode::PAYLOAD_TOO_LARGE, "Payload Too Large", None, detail)
    }

    pub(crate) fn unsupported_media_type() -> Self {
        let detail = "The body must be JSON and say so: Content-Type: application/json.";
        Self::new(StatusCode::UNSUPPORTED_MEDIA_TYPE, "Unsupported Media Type", None, detail)
    }

    /// Refuses a body that might have been YAML too.
    pub(crate) fn neither_json_nor_yaml() -> Self {
        let detail = "The body must be JSON or YAML and say so: Content-Type: application/json or application/yaml.";
        Self { detail: detail.to_owned(), ..Self::unsupported_media_type() }
    }

    pub(crate) fn timeout() -> Self {
        let detail = "The body of the request did not arrive in time.";
        Self::new(StatusCode::REQUEST_TIMEOUT, "Request Timeout", None, detail)
    }

    /// Refuses for a service behind the API that failed.
    pub(crate) fn failed_dependency() -> Self {
        Self::new(StatusCode::FAILED_DEPENDENCY, "Failed Dependency", None, "A service that the request needs failed.")
    }

    /// Refuses for a service behind the API that is down.
    pub(crate) fn unavailable() -> Self {
        let detail = "A service that the request needs is down.";
        Self::new(StatusCode::SERVICE_UNAVAILABLE, "Service Unavailable", None, detail)
    }

    pub(crate) fn internal(detail: String) -> Self {
        Self::new(StatusCode::INTERNAL_SERVER_ERROR, "Internal Server Error", None, detail)
    }
}

impl From<StoreError> for ErrorResponse {
    fn from(error: StoreError) -> Self {
        let detail = sentence(&error.to_string());
        match error {
            StoreError::NoSuchOrganization(_) | StoreError::NoSuchChild(_) => {
                Self::new(StatusCode::NOT_FOUND, "Not Found", None, detail)
            }
            StoreError::PoolTooSmall { .. } | StoreError::NameTaken { .. } => Self::conflict(detail),
            StoreError::BelowConsumption { .. } => {
                Self::new(StatusCode::NOT_ACCEPTABLE, "Confirmation required", Some("IM004"), detail)
            }
            StoreError::Contradiction(_) => Self::bad_request(detail),
            StoreError::Database(error) => {
                tracing::error!(%error, "the database failed");
                Self::internal(detail)
            }
            StoreError::Encoding(_) | StoreError::NotCommitted(_) | StoreError::Stopped => Self::internal(detail),
        }
    }
}

/// Makes a sentence of a message: upper-case first letter, full stop.
pub(crate) fn sentence(message: &str) -> String {
    let mut rest = message.chars();
    let first = rest.next().map(|first| first.to_ascii_uppercase());
    first.into_iter().chain(rest).chain(['.']).collect()
}

impl IntoResponse for ErrorResponse {
    fn into_response(self) -> Response {
        let Self { status, message, code, detail, mistakes, is_text, retry_after } = self;
        let mut response = if is_text {
            (status, detail).into_response()
        } else {
            let suberror = |message| ApiSuberror { message: Some(message), name: Some(SUBERROR_NAME.to_owned()) };
            let error = ApiError {
                detail: Some(detail),
                message: Some(message.to_owned()),
                code: code.map(str::to_owned),
                suberrors: mistakes.into_iter().map(suberror).collect(),
            };
            (status, Json(error)).into_response()
        };
        if status == StatusCode::UNAUTHORIZED {
            response.headers_mut().insert(WWW_AUTHENTICATE, CHALLENGE);
        }
        if let Some(seconds) = retry_after {
            response.headers_mut().insert(RETRY_AFTER, seconds.into());
        }
        response
    }
}
