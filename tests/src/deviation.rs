//! Deviations: answers outside of the contract.
//!
//! The typed mocks answer what the contract says and nothing else. `into_inner()` of a typed `Then` leaves it:
//!
//! ```
//! use httpmock::MockServer;
//! use mms_tests::{MockServerExt, client_for, deviation};
//!
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() -> Result<(), Box<dyn std::error::Error>> {
//! let server = MockServer::start_async().await;
//! server.list_regions(|_, then| {
//!     deviation::answer(then.into_inner(), 502, "text/html", "<title>502 Bad Gateway</title>");
//! });
//!
//! let error = client_for(&server)?.list_regions().send().await.unwrap_err();
//! assert_eq!(error.status().map(|status| status.as_u16()), Some(502));
//! # Ok(())
//! # }
//! ```
//!
//! What no HTTP library would send - a body that breaks off, silence, a hang-up - is the work of a
//! [`RawServer`](crate::RawServer).

use httpmock::Then;

/// Answers with any status, media type and body.
pub fn answer(then: Then, status: u16, media_type: &str, body: impl AsRef<[u8]>) -> Then {
    then.status(status).header("content-type", media_type).body(body)
}

/// Returns the bytes of an answer whose body is whole, after which the connection closes.
///
/// `headers` come as they are, `content-type` included; `content-length` and `connection` are added.
#[must_use]
pub fn whole(status: u16, headers: &[(&str, &str)], body: &str) -> Vec<u8> {
    cut(status, headers, body, 0)
}

/// Returns the bytes of an answer whose `content-length` promises `missing` bytes more than its body has.
#[must_use]
pub fn cut(status: u16, headers: &[(&str, &str)], body: &str, missing: usize) -> Vec<u8> {
    let length = (body.len() + missing).to_string();
    (head(status, headers, ("content-length", &length)) + body).into_bytes()
}

/// Returns the bytes of an answer whose body comes in one chunk, with no end after it.
#[must_use]
pub fn cut_chunks(status: u16, headers: &[(&str, &str)], body: &str) -> Vec<u8> {
    let head = head(status, headers, ("transfer-encoding", "chunked"));
    format!("{head}{:x}\r\n{body}\r\n", body.len()).into_bytes()
}

/// Writes the head of an answer.
fn head(status: u16, headers: &[(&str, &str)], framing: (&str, &str)) -> String {
    let fields = headers.iter().chain([&framing, &("connection", "close")]);
    let fields: Vec<String> = fields.map(|(name, value)| format!("{name}: {value}\r\n")).collect();
    format!("HTTP/1.1 {status} \r\n{}\r\n", fields.concat())
}
