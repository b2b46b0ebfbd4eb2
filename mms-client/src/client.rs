//! What a client carries besides its connection pool.

use crate::base_url::BaseUrl;
use crate::config::ClientBuilder;
use crate::generated::Client;
use crate::token::ApiToken;

/// The part of a client that the generated code hands through to the hooks.
#[derive(Debug, Clone)]
pub struct Settings {
    pub(crate) token: ApiToken,
}

impl Settings {
    pub(crate) fn new(token: ApiToken) -> Self {
        Self { token }
    }
}

impl Client {
    /// Starts to build a client for a server, a [`ZoneHost`](crate::ZoneHost) or a [`BaseUrl`], and a token.
    ///
    /// A client is cheap to clone, and all clones share their connections.
    ///
    /// ```
    /// use std::time::Duration;
    /// use mms_client::{BaseUrl, Client};
    ///
    /// let sandbox: BaseUrl = "http://127.0.0.1:8787/api/v2".parse()?;
    /// let client = Client::builder(sandbox, "00000000-0000-4000-8000-000000000011".parse()?)
    ///     .user_agent("provisioning/1.0")
    ///     .timeout(Duration::from_secs(10))
    ///     .build()?;
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn builder(server: impl Into<BaseUrl>, token: ApiToken) -> ClientBuilder {
        ClientBuilder::new(server.into(), token)
    }
}
