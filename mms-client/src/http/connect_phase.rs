//! Phase at which a connection failed, for a diagnosis.

use std::error::Error;

use crate::http::transport::{Stage, TransportError};

/// Phase at which a connection failed, before anything was sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum ConnectPhase {
    /// The name of the host has no address.
    Resolve,
    /// Nobody took the connection, or it took longer than allowed.
    Connect,
    /// TLS did not come about: a certificate, another protocol, a greeting that broke off.
    Tls,
}

impl ConnectPhase {
    /// Returns the phase of an error; nothing where the request may have been sent. The connector names the phases before TLS
    /// in its texts alone.
    pub(crate) fn of(error: &TransportError) -> Option<Self> {
        match error.stage {
            Stage::Sent => return None,
            Stage::Trust => return Some(Self::Tls),
            Stage::Connect => {}
        }
        let mut source: Option<&dyn Error> = Some(&*error.source);
        while let Some(error) = source {
            let text = error.to_string();
            if text.starts_with("dns error") {
                return Some(Self::Resolve);
            }
            if text.starts_with("tcp ") {
                return Some(Self::Connect);
            }
            source = error.source();
        }
        Some(if error.timed_out { Self::Connect } else { Self::Tls })
    }
}
