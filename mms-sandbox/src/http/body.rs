//! Body of a request, read within limits.

use std::time::Duration;

use axum::body::Bytes;
use http_body_util::BodyExt;
use hyper::body::{Body, Incoming};
use tokio::time::timeout;

use crate::http::refusal::Refusal;

/// The largest body of an operation, in bytes. A create with the longest sensible texts takes less than 1 KiB.
pub(crate) const MAX_BODY_SIZE: usize = 64 * 1024;

/// The largest body of the control side: a state of a million children.
pub(crate) const MAX_STATE_SIZE: usize = 512 * 1024 * 1024;

/// How much of a body that is too large is still taken in, in bytes, so that its sender comes to read the refusal.
const DISCARD: usize = 1024 * 1024;

/// How long a body may take to arrive.
const PATIENCE: Duration = Duration::from_secs(30);

/// A body as it came: whole, or the reason why it is not.
#[derive(Debug, Clone)]
pub(crate) struct Received(pub(crate) Result<Bytes, Unread>);

/// Why a body was not read.
#[derive(Debug, Clone)]
pub(crate) enum Unread {
    TooLarge { limit: usize },
    TooSlow,
    Broken(String),
}

impl From<Unread> for Refusal {
    fn from(unread: Unread) -> Self {
        match unread {
            Unread::TooLarge { limit } => Self::too_large(limit),
            Unread::TooSlow => Self::timeout(),
            Unread::Broken(reason) => Self::bad_request(format!("The body cannot be read: {reason}.")),
        }
    }
}

/// Reads a body of at most `limit` bytes.
pub(crate) async fn receive(body: Incoming, limit: usize) -> Received {
    if body.is_end_stream() {
        return Received(Ok(Bytes::new()));
    }
    Received(timeout(PATIENCE, read(body, limit)).await.unwrap_or(Err(Unread::TooSlow)))
}

async fn read(mut body: Incoming, limit: usize) -> Result<Bytes, Unread> {
    let mut first = Bytes::new();
    let mut all = Vec::new();
    let mut length = 0;
    while let Some(frame) = body.frame().await {
        let frame = frame.map_err(|error| Unread::Broken(error.to_string()))?;
        let Ok(data) = frame.into_data() else { continue };
        length += data.len();
        if length > limit.saturating_add(DISCARD) {
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
        return Err(Unread::TooLarge { limit });
    }
    Ok(if all.is_empty() { first } else { all.into() })
}
