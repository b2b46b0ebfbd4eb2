//! One request on the wire.

use bytes::Bytes;
use reqwest::header::HeaderMap;
use reqwest::{Request, Response, StatusCode};

/// The most bytes that are read of a refusal's body: some hundred times the longest one known. An answer is as long as it is.
const REFUSAL: usize = 64 * 1024;

/// An answer that has arrived: whole, or of a refusal the first 64 KiB.
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

/// Sends a request once and reads the answer to its end, or to where a refusal gets too long.
pub(crate) async fn attempt(http: &reqwest::Client, request: Request) -> Result<Reply, Failure> {
    let response = http.execute(request).await.map_err(Failure::NoAnswer)?;
    let status = response.status();
    let headers = response.headers().clone();
    let is_refusal = status.is_client_error() || status.is_server_error();
    let body = if is_refusal { beginning(response).await } else { response.bytes().await };
    let body = body.map_err(|error| Failure::CutBody(status, error))?;
    Ok(Reply { status, headers, body })
}

/// Reads the body of a refusal as far as it is of use. What is left of it closes the connection.
async fn beginning(mut response: Response) -> Result<Bytes, reqwest::Error> {
    let mut body = Vec::new();
    while body.len() < REFUSAL
        && let Some(chunk) = response.chunk().await?
    {
        let wanted = chunk.len().min(REFUSAL - body.len());
        body.extend_from_slice(&chunk[..wanted]);
    }
    Ok(body.into())
}
