//! JSON responses that are encoded on the thread of the store.

use axum::body::Bytes;
use axum::response::{IntoResponse, Response};
use http::HeaderValue;
use http::header::CONTENT_TYPE;
use serde::Serialize;

use crate::store::StoreError;

const JSON: HeaderValue = HeaderValue::from_static("application/json");

/// Encodes a body.
pub(super) fn encode(answer: &impl Serialize) -> Result<Bytes, StoreError> {
    serde_json::to_vec(answer).map(Bytes::from).map_err(|error| StoreError::Encoding(error.to_string()))
}

/// Returns a response with an encoded body.
pub(super) fn json(body: Bytes) -> Response {
    ([(CONTENT_TYPE, JSON)], body).into_response()
}
