//! Building a client.

use std::time::Duration;

use crate::base_url::BaseUrl;
use crate::build_error::BuildError;
use crate::generated::Client;
use crate::settings::Settings;
use crate::tls;
use crate::token::ApiToken;

/// How long a connection may take to be made, TLS included. A far zone answers within a second; 5 s leave room for a lost
/// packet or two.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(5);

/// How long a request may take from its start to the last byte of the answer. The largest answer known, 100,000 children, is
/// 22 MB.
const TIMEOUT: Duration = Duration::from_secs(30);

/// Make's edge refuses the default agents of libraries with 403.
const USER_AGENT: &str = concat!("mms-client/", env!("CARGO_PKG_VERSION"));

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
        ClientBuilder {
            base_url: server.into(),
            token,
            user_agent: USER_AGENT.to_owned(),
            connect_timeout: CONNECT_TIMEOUT,
            timeout: TIMEOUT,
        }
    }
}

/// Builds a [`Client`]; made by [`Client::builder`].
#[derive(Debug, Clone)]
pub struct ClientBuilder {
    base_url: BaseUrl,
    token: ApiToken,
    user_agent: String,
    connect_timeout: Duration,
    timeout: Duration,
}

impl ClientBuilder {
    /// Sets the `User-Agent`, `mms-client/` and the version by default. Name your own program: Make's edge refuses the default
    /// agents of libraries, and requests without one. An empty one is refused by [`build`](Self::build).
    #[must_use]
    pub fn user_agent(self, user_agent: impl Into<String>) -> Self {
        Self { user_agent: user_agent.into(), ..self }
    }

    /// Sets how long a connection may take to be made; 5 s by default. Nothing was sent when it runs out.
    #[must_use]
    pub fn connect_timeout(self, connect_timeout: Duration) -> Self {
        Self { connect_timeout, ..self }
    }

    /// Sets how long a request may take from its start to the last byte of the answer; 30 s by default. A write that runs out of
    /// it may have been done: [`Error::maybe_sent`](crate::Error::maybe_sent).
    #[must_use]
    pub fn timeout(self, timeout: Duration) -> Self {
        Self { timeout, ..self }
    }

    /// Builds the client. Nothing is sent; the platform's certificates are read if the API is spoken to over TLS.
    pub fn build(self) -> Result<Client, BuildError> {
        if self.user_agent.trim().is_empty() {
            return Err(BuildError::no_user_agent());
        }
        let builder = reqwest::Client::builder()
            .user_agent(&self.user_agent)
            .connect_timeout(self.connect_timeout)
            .timeout(self.timeout)
            .https_only(self.base_url.is_https())
            // A redirect or a retry inside the stack could send a write twice; a proxy would see the token of plain HTTP.
            .redirect(reqwest::redirect::Policy::none())
            .retry(reqwest::retry::never())
            .no_proxy();
        let http = tls::configure(builder, &self.base_url)?
            .build()
            .map_err(|error| BuildError::new("the HTTP client cannot be built", error))?;
        Ok(Client::new_with_client(self.base_url.as_str(), http, Settings { token: self.token }))
    }
}

#[cfg(all(test, feature = "rustls"))]
mod tests {
    use progenitor_client::ClientInfo as _;

    use super::*;

    #[tokio::test]
    async fn a_client_for_https_sends_nothing_over_plain_http() {
        let base_url: BaseUrl = "https://127.0.0.1:1/api/v2".parse().unwrap();
        let client = Client::builder(base_url, "token".parse().unwrap()).build().unwrap();
        let error = client.client().get("http://127.0.0.1:1/").send().await.unwrap_err();
        assert!(error.is_builder(), "{error:?}");
    }
}
