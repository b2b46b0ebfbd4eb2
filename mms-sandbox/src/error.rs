//! Refusals in Make's shape: a status, and a JSON body with `detail`, `message`, sometimes `code` and `suberrors`.

use std::fmt::Display;

use axum::Json;
use axum::response::{IntoResponse, Response};
use http::header::WWW_AUTHENTICATE;
use http::{HeaderName, HeaderValue, StatusCode};
use mms_types::{ApiError, ApiSuberror};

use crate::store::StoreError;

/// The name that Make gives to each mistake of a request.
const SUBERROR_NAME: &str = "Error";

/// The scheme of Make's tokens, which an answer with 401 has to name.
const CHALLENGE: (HeaderName, HeaderValue) = (WWW_AUTHENTICATE, HeaderValue::from_static("Token"));

/// Why a request is refused. Codes are Make's own where they are known, and missing elsewhere.
#[derive(Debug)]
pub(crate) struct Refusal {
    status: StatusCode,
    message: &'static str,
    code: Option<&'static str>,
    detail: String,
    mistakes: Vec<String>,
}

impl Refusal {
    fn new(status: StatusCode, message: &'static str, code: Option<&'static str>, detail: impl Into<String>) -> Self {
        Self { status, message, code, detail: detail.into(), mistakes: Vec::new() }
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

    fn conflict(detail: String) -> Self {
        Self::new(StatusCode::CONFLICT, "Conflict", None, detail)
    }

    fn internal(detail: String) -> Self {
        Self::new(StatusCode::INTERNAL_SERVER_ERROR, "Internal Server Error", None, detail)
    }
}

impl From<StoreError> for Refusal {
    fn from(error: StoreError) -> Self {
        match error {
            StoreError::NoSuchChild(child) => Self::not_found("child organization", child),
            StoreError::PoolTooSmall { pool, needed } => Self::conflict(format!(
                "The distributor's pool holds {pool} operations: {needed} cannot be taken from it."
            )),
            StoreError::Database(error) => {
                tracing::error!(%error, "the database failed");
                Self::internal(format!("The sandbox's database failed: {error}."))
            }
            StoreError::Stopped => Self::internal("The sandbox is stopping.".to_owned()),
        }
    }
}

impl IntoResponse for Refusal {
    fn into_response(self) -> Response {
        let suberror = |message| ApiSuberror { message: Some(message), name: Some(SUBERROR_NAME.to_owned()) };
        let body = Json(ApiError {
            detail: Some(self.detail),
            message: Some(self.message.to_owned()),
            code: self.code.map(str::to_owned),
            suberrors: self.mistakes.into_iter().map(suberror).collect(),
        });
        if self.status == StatusCode::UNAUTHORIZED {
            return (self.status, [CHALLENGE], body).into_response();
        }
        (self.status, body).into_response()
    }
}
