//! Answers that are encoded where they are read.

use axum::body::Bytes;
use axum::response::{IntoResponse, Response};
use http::HeaderValue;
use http::header::CONTENT_TYPE;
use serde::Serialize;

use crate::store::StoreError;

const JSON: HeaderValue = HeaderValue::from_static("application/json");

/// Encodes an answer.
pub(super) fn encode(answer: &impl Serialize) -> Result<Bytes, StoreError> {
    serde_json::to_vec(answer).map(Bytes::from).map_err(|error| StoreError::Encoding(error.to_string()))
}

/// Answers with what is encoded already.
pub(super) fn json(body: Bytes) -> Response {
    ([(CONTENT_TYPE, JSON)], body).into_response()
}
