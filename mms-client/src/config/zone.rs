//! Zones of Make: the hosts to which a token may go without an explicit base URL.

use std::fmt;
use std::str::FromStr;

/// The servers of the contract.
const SERVERS: &[&str] = include!(concat!(env!("OUT_DIR"), "/servers.rs"));

/// Returns the hosts of the zones that the contract lists.
pub fn zones() -> impl Iterator<Item = &'static str> {
    SERVERS.iter().map(|server| host(server))
}

fn host(server: &'static str) -> &'static str {
    let rest = server.trim_start_matches("https://");
    rest.split_once('/').map_or(rest, |(host, _)| host)
}

/// The host of a zone of Make, such as `eu1.make.com`.
///
/// Only the zones that the contract lists are taken. For any other host, say so with a [`BaseUrl`](crate::BaseUrl).
///
/// ```
/// use mms_client::ZoneHost;
///
/// let zone: ZoneHost = "eu1.make.com".parse()?;
/// assert_eq!(zone.as_str(), "eu1.make.com");
/// assert!("eu9.make.com".parse::<ZoneHost>().is_err());
/// # Ok::<(), mms_client::ZoneHostError>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ZoneHost {
    server: &'static str,
}

impl ZoneHost {
    /// Returns the host.
    #[must_use]
    pub fn as_str(&self) -> &'static str {
        host(self.server)
    }

    /// Returns the root of the zone's API.
    pub(crate) fn server(self) -> &'static str {
        self.server
    }
}

impl fmt::Display for ZoneHost {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.as_str())
    }
}

impl FromStr for ZoneHost {
    type Err = ZoneHostError;

    fn from_str(text: &str) -> Result<Self, ZoneHostError> {
        SERVERS
            .iter()
            .find(|server| host(server).eq_ignore_ascii_case(text))
            .map(|server| Self { server })
            .ok_or_else(|| ZoneHostError(text.to_owned()))
    }
}

/// Says that a text is no zone, and lists the zones.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ZoneHostError(String);

impl fmt::Display for ZoneHostError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let zones: Vec<&str> = zones().collect();
        write!(formatter, "{:?} is not a zone of Make: expected one of {}", self.0, zones.join(", "))
    }
}

impl std::error::Error for ZoneHostError {}
