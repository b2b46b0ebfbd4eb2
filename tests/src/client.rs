//! Clients for a server of a test.

use std::error::Error;

use httpmock::MockServer;
use mms_client::{BaseUrl, Client, RetryPolicy};

/// The path of the API root on every server of the contract. The mocks answer below it, and without it.
pub const BASE_PATH: &str = "/api/v2";

/// The token of every client of this crate: a text that no error, log or trace may ever show.
pub const TOKEN: &str = "c4a9a21e-0f5e-4c0d-9d5b-canary000000";

/// Returns a client for a mock server, under [`BASE_PATH`].
pub fn client_for(server: &MockServer) -> Result<Client, Box<dyn Error>> {
    client_at(&server.url(BASE_PATH))
}

/// Returns a client for an API root, such as `http://127.0.0.1:8787/api/v2`, with [`TOKEN`] and the default settings, but that it
/// sends everything once.
pub fn client_at(base_url: &str) -> Result<Client, Box<dyn Error>> {
    let base_url: BaseUrl = base_url.parse()?;
    Ok(Client::builder(base_url, TOKEN.parse()?).retry(RetryPolicy::never()).build()?)
}
