//! Error of the builder.

use std::fmt;

#[cfg(not(feature = "rustls"))]
use crate::config::base_url::BaseUrl;

/// Says why a client cannot be built: a user agent that is empty or no header, certificates that cannot be read, HTTPS without TLS.
#[derive(Debug)]
pub struct BuildError {
    what: String,
    source: Option<Box<dyn std::error::Error + Send + Sync>>,
}

impl BuildError {
    pub(crate) fn new(what: impl Into<String>, source: impl std::error::Error + Send + Sync + 'static) -> Self {
        Self { what: what.into(), source: Some(Box::new(source)) }
    }

    /// The user agent says nothing.
    pub(crate) fn no_user_agent() -> Self {
        Self { what: "the user agent is empty: Make's edge refuses requests without one".to_owned(), source: None }
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
