//! TLS: rustls with ring, which builds in half the time of its default provider, and the platform's verifier.

use crate::config::base_url::BaseUrl;
use crate::config::build_error::BuildError;

/// Configuration of TLS for one API, shared by its HTTP clients.
#[cfg(feature = "rustls")]
pub(crate) struct Tls(rustls::ClientConfig);

#[cfg(feature = "rustls")]
impl Tls {
    /// Configures TLS for HTTPS. For plain HTTP no certificate is read: reading them takes most of a client's start.
    pub(crate) fn new(base_url: &BaseUrl) -> Result<Self, BuildError> {
        use std::sync::Arc;

        use rustls::crypto::ring::default_provider;
        use rustls::{ClientConfig, RootCertStore};
        use rustls_platform_verifier::BuilderVerifierExt;

        let unusable = |error: rustls::Error| BuildError::new("TLS cannot be configured", error);
        let config = ClientConfig::builder_with_provider(Arc::new(default_provider()))
            .with_safe_default_protocol_versions()
            .map_err(unusable)?;
        let config = if base_url.is_https() {
            config.with_platform_verifier().map_err(unusable)?
        } else {
            config.with_root_certificates(RootCertStore::empty())
        };
        Ok(Self(config.with_no_client_auth()))
    }

    pub(crate) fn configure(&self, builder: reqwest::ClientBuilder) -> reqwest::ClientBuilder {
        builder.tls_backend_preconfigured(self.0.clone())
    }
}

/// No TLS.
#[cfg(not(feature = "rustls"))]
pub(crate) struct Tls;

#[cfg(not(feature = "rustls"))]
impl Tls {
    /// Refuses HTTPS, which this build does not speak.
    pub(crate) fn new(base_url: &BaseUrl) -> Result<Self, BuildError> {
        if base_url.is_https() { Err(BuildError::no_tls(base_url)) } else { Ok(Self) }
    }

    #[expect(clippy::unused_self, reason = "the same surface as with TLS")]
    pub(crate) fn configure(&self, builder: reqwest::ClientBuilder) -> reqwest::ClientBuilder {
        builder
    }
}
