//! Building a client.

use std::fmt;
use std::time::Duration;

use crate::base_url::BaseUrl;
use crate::client::Settings;
use crate::generated::Client;
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
    pub(crate) fn new(base_url: BaseUrl, token: ApiToken) -> Self {
        Self { base_url, token, user_agent: USER_AGENT.to_owned(), connect_timeout: CONNECT_TIMEOUT, timeout: TIMEOUT }
    }

    /// Sets the `User-Agent`, `mms-client/` and the version by default. Name your own program: Make's edge refuses the default
    /// agents of libraries.
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
        let builder = reqwest::Client::builder()
            .user_agent(&self.user_agent)
            .connect_timeout(self.connect_timeout)
            .timeout(self.timeout)
            .https_only(self.base_url.is_https())
            // A redirect or a retry inside the stack could send a write twice; a proxy would see the token of plain HTTP.
            .redirect(reqwest::redirect::Policy::none())
            .retry(reqwest::retry::never())
            .referer(false)
            .no_proxy();
        let http = tls::configure(builder, &self.base_url)?
            .build()
            .map_err(|error| BuildError::new("the HTTP client cannot be built", error))?;
        Ok(Client::new_with_client(self.base_url.as_str(), http, Settings::new(self.token)))
    }
}

/// Says why a client cannot be built: a user agent that is no header, certificates that cannot be read, HTTPS without TLS.
#[derive(Debug)]
pub struct BuildError {
    what: String,
    source: Option<Box<dyn std::error::Error + Send + Sync>>,
}

impl BuildError {
    pub(crate) fn new(what: impl Into<String>, source: impl std::error::Error + Send + Sync + 'static) -> Self {
        Self { what: what.into(), source: Some(Box::new(source)) }
    }

    /// HTTPS was asked for, and this build of the crate has no TLS.
    #[cfg(not(feature = "rustls"))]
    pub(crate) fn no_tls(base_url: &BaseUrl) -> Self {
        Self {
            what: format!("{base_url} needs TLS, and mms-client was built without its feature rustls"),
            source: None,
        }
    }
}

impl fmt::Display for BuildError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.what)?;
        let mut source = std::error::Error::source(self);
        while let Some(error) = source {
            write!(formatter, ": {error}")?;
            source = error.source();
        }
        Ok(())
    }
}

impl std::error::Error for BuildError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        self.source.as_ref().map(|source| &**source as _)
    }
}
