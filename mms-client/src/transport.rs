//! One request on the wire.

use bytes::Bytes;
use reqwest::header::HeaderMap;
use reqwest::{Request, StatusCode};

/// An answer that has arrived whole.
pub(crate) struct Reply {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Bytes,
}

/// Why no whole answer arrived.
pub(crate) enum Failure {
    /// Not even a status.
    NoAnswer(reqwest::Error),
    /// A status, and a body that broke off.
    CutBody(StatusCode, reqwest::Error),
}

/// Sends a request once and reads the answer to its end.
pub(crate) async fn attempt(http: &reqwest::Client, request: Request) -> Result<Reply, Failure> {
    let response = http.execute(request).await.map_err(Failure::NoAnswer)?;
    let status = response.status();
    let headers = response.headers().clone();
    let body = response.bytes().await.map_err(|error| Failure::CutBody(status, error))?;
    Ok(Reply { status, headers, body })
}
