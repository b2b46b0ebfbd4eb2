//! Body of a request, read with a size limit and a timeout.

use std::time::Duration;

use axum::body::Bytes;
use http_body_util::BodyExt;
use hyper::body::{Body, Incoming};
use tokio::time::timeout;

use crate::http::error_response::ErrorResponse;

/// The largest body of an operation, in bytes. A create with the longest sensible texts takes less than 1 KiB.
pub(crate) const MAX_BYTES: usize = 64 * 1024;

/// The largest body of the control side: a state of a million children.
pub(crate) const MAX_STATE_BYTES: usize = 512 * 1024 * 1024;

/// How many bytes beyond the limit are read and discarded, so that the client gets to read the response.
const MAX_DISCARDED_BYTES: usize = 1024 * 1024;

/// The timeout for a whole body.
const READ_TIMEOUT: Duration = Duration::from_secs(30);

/// A whole body, or why there is none. Handed to the operations as a request extension.
#[derive(Debug, Clone)]
pub(crate) struct ReceivedBody(pub(crate) Result<Bytes, BodyError>);

/// Why a body was not read.
#[derive(Debug, Clone)]
pub(crate) enum BodyError {
    TooLarge { limit: usize },
    TooSlow,
    Broken(String),
}

impl From<BodyError> for ErrorResponse {
    fn from(unread: BodyError) -> Self {
        match unread {
            BodyError::TooLarge { limit } => Self::too_large(limit),
            BodyError::TooSlow => Self::timeout(),
            BodyError::Broken(reason) => Self::bad_request(format!("The body cannot be read: {reason}.")),
        }
    }
}

/// Reads a body of at most `limit` bytes.
pub(crate) async fn receive(body: Incoming, limit: usize) -> ReceivedBody {
    if body.is_end_stream() {
        return ReceivedBody(Ok(Bytes::new()));
    }
    ReceivedBody(timeout(READ_TIMEOUT, read(body, limit)).await.unwrap_or(Err(BodyError::TooSlow)))
}

async fn read(mut body: Incoming, limit: usize) -> Result<Bytes, BodyError> {
    let mut first = Bytes::new();
    let mut all = Vec::new();
    let mut length = 0;
    while let Some(frame) = body.frame().await {
        let frame = frame.map_err(|error| BodyError::Broken(error.to_string()))?;
        let Ok(data) = frame.into_data() else { continue };
        length += data.len();
        if length > limit.saturating_add(MAX_DISCARDED_BYTES) {
            break;
        }
        if length > limit {
            continue;
        }
        if first.is_empty() {
            first = data;
        } else {
            if all.is_empty() {
                all.extend_from_slice(&first);
            }
            all.extend_from_slice(&data);
        }
    }
    if length > limit {
        return Err(BodyError::TooLarge { limit });
    }
    Ok(if all.is_empty() { first } else { all.into() })
}
