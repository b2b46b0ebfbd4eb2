//! Base URL: the root of the API.

use std::fmt;
use std::str::FromStr;

use url::{Host, Url};

use crate::config::zone::ZoneHost;

/// Loopback address that stands for all of them.
const LOOPBACK: &str = "127.0.0.1";

/// The root of the API, such as `https://eu1.make.com/api/v2` or `http://127.0.0.1:8787/api/v2`.
///
/// Plain HTTP is taken for loopback addresses alone; a slash at the end is dropped. Nothing else is repaired: a backslash, a
/// line break or an empty path segment is refused.
///
/// ```
/// use mms_client::BaseUrl;
///
/// let url: BaseUrl = "http://127.0.0.1:8787/api/v2/".parse()?;
/// assert_eq!(url.as_str(), "http://127.0.0.1:8787/api/v2");
/// assert!("http://api.example/api/v2".parse::<BaseUrl>().is_err());
/// # Ok::<(), mms_client::BaseUrlError>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BaseUrl(String);

impl BaseUrl {
    /// Parses a base URL and takes plain HTTP to any host: the token travels readable for everyone on the way.
    pub fn parse_allowing_http(text: &str) -> Result<Self, BaseUrlError> {
        parse(text).map(|url| Self::trimmed(&url))
    }

    /// Returns the URL, without a slash at the end.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Returns the identity of the place that this leads to, whichever way it is spelled: loopback addresses and `localhost` are
    /// one, and a dot at the end of the host, a default port and upper case are gone.
    ///
    /// Journal and send log know an API by it. A gateway in front of a zone is a place of its own, since nothing in its name says
    /// where it leads.
    ///
    /// ```
    /// use mms_client::BaseUrl;
    ///
    /// let [one, other] = ["http://LOCALHOST:8787/api/v2/", "http://[::1]:8787/api/v2"].map(str::parse::<BaseUrl>);
    /// assert_eq!(one?.place(), other?.place());
    /// # Ok::<(), mms_client::BaseUrlError>(())
    /// ```
    #[must_use]
    pub fn place(&self) -> String {
        let Ok(url) = Url::parse(&self.0) else { return self.0.clone() };
        let is_local = is_loopback(&url);
        let host = if is_local { LOOPBACK } else { url.host_str().unwrap_or_default().trim_end_matches('.') };
        let port = url.port().map(|port| format!(":{port}")).unwrap_or_default();
        format!("{}://{host}{port}{}", url.scheme(), url.path().trim_end_matches('/'))
    }

    /// Says whether the API is spoken to over TLS.
    pub(crate) fn is_https(&self) -> bool {
        self.0.starts_with("https://")
    }

    fn trimmed(url: &Url) -> Self {
        Self(url.as_str().trim_end_matches('/').to_owned())
    }
}

impl fmt::Display for BaseUrl {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

impl From<ZoneHost> for BaseUrl {
    fn from(zone: ZoneHost) -> Self {
        Self(zone.server().to_owned())
    }
}

impl FromStr for BaseUrl {
    type Err = BaseUrlError;

    fn from_str(text: &str) -> Result<Self, BaseUrlError> {
        let url = parse(text)?;
        if url.scheme() == "http" && !is_loopback(&url) {
            return Err(BaseUrlError::new(text, Defect::PlainHttp));
        }
        Ok(Self::trimmed(&url))
    }
}

fn parse(text: &str) -> Result<Url, BaseUrlError> {
    let refuse = |defect| BaseUrlError::new(text, defect);
    let url = match Url::parse(text) {
        Ok(url) => url,
        Err(url::ParseError::RelativeUrlWithoutBase) => return Err(refuse(Defect::Scheme)),
        Err(error) => return Err(refuse(Defect::Malformed(error))),
    };
    if !matches!(url.scheme(), "http" | "https") {
        return Err(refuse(Defect::Scheme));
    }
    if !url.username().is_empty() || url.password().is_some() {
        return Err(refuse(Defect::Credentials));
    }
    if url.query().is_some() || url.fragment().is_some() {
        return Err(refuse(Defect::Query));
    }
    if is_repaired(text, &url) {
        return Err(refuse(Defect::Spelling));
    }
    Ok(url)
}

/// Says whether a text became a URL only because the parser repairs what browsers repair, or leads to an empty path segment.
fn is_repaired(text: &str, url: &Url) -> bool {
    // The parser drops what stands around a URL too: blanks and a line break from a file are nobody's mistake.
    let text = text.trim_matches(|character| character <= ' ');
    let host = text.split_once(':').and_then(|(_, rest)| rest.strip_prefix("//"));
    let is_spelled_out = host.is_some_and(|host| !host.starts_with('/'));
    let is_odd = |character: char| character == '\\' || character.is_whitespace() || character.is_control();
    !is_spelled_out || text.contains(is_odd) || url.path().trim_end_matches('/').contains("//")
}

fn is_loopback(url: &Url) -> bool {
    match url.host() {
        Some(Host::Domain(domain)) => domain.trim_end_matches('.').eq_ignore_ascii_case("localhost"),
        Some(Host::Ipv4(address)) => address.is_loopback(),
        // `::ffff:127.0.0.1` is one too.
        Some(Host::Ipv6(address)) => address.to_canonical().is_loopback(),
        None => false,
    }
}

/// Returns what may be shown of a text that is no base URL: a password may stand before an `@`, a key in a query.
///
/// Both may hold the other's sign. After a `?` and an `@` nothing is known to be a host, so nothing is shown.
pub(crate) fn presentable(text: &str) -> String {
    let (hidden, rest) = match text.rsplit_once('@') {
        Some((before, _)) if before.contains(['?', '#']) => return "..@..".to_owned(),
        Some((_, rest)) => ("..@", rest),
        None => ("", text),
    };
    match rest.find(['?', '#']) {
        Some(cut) => format!("{hidden}{}..", &rest[..=cut]),
        None => format!("{hidden}{rest}"),
    }
}

/// Says why a text is no base URL. What may be a password or a key is never part of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BaseUrlError {
    text: String,
    defect: Defect,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Defect {
    Malformed(url::ParseError),
    Scheme,
    PlainHttp,
    Credentials,
    Query,
    Spelling,
}

impl BaseUrlError {
    fn new(text: &str, defect: Defect) -> Self {
        Self { text: presentable(text), defect }
    }

    /// Says whether the URL was refused only because it is plain HTTP to a host that is not loopback.
    #[must_use]
    pub fn is_plain_http(&self) -> bool {
        self.defect == Defect::PlainHttp
    }
}

impl fmt::Display for BaseUrlError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let text = &self.text;
        match &self.defect {
            Defect::Malformed(error) => write!(formatter, "{text:?} is not a URL: {error}"),
            Defect::Scheme => {
                write!(formatter, "{text:?} does not begin with https:// (or http:// for a loopback address)")
            }
            Defect::PlainHttp => {
                write!(
                    formatter,
                    "{text:?} is plain http to a host that is not loopback: the token could be read on the way"
                )
            }
            Defect::Credentials => {
                write!(formatter, "{text:?} has a user name or a password: give the token separately")
            }
            Defect::Query => {
                write!(formatter, "{text:?} has a query or a fragment: expected the root of the API alone")
            }
            Defect::Spelling => write!(
                formatter,
                "{text:?} is not spelled as a base URL: write scheme://host/path, without blanks, line breaks, backslashes \
                 and empty path segments"
            ),
        }
    }
}

impl std::error::Error for BaseUrlError {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_place_is_one_place_however_it_is_spelled() {
        let place = |text: &str| BaseUrl::parse_allowing_http(text).unwrap().place();
        for spelling in [
            "http://127.0.0.1:8787/api/v2",
            "http://127.0.0.2:8787/api/v2/",
            "http://localhost:8787/api/v2",
            "http://LocalHost.:8787/api/v2",
            "http://[::1]:8787/api/v2",
            "http://[::ffff:127.0.0.1]:8787/api/v2",
        ] {
            assert_eq!(place(spelling), "http://127.0.0.1:8787/api/v2", "{spelling}");
        }
        for spelling in ["https://eu1.make.com/api/v2", "https://EU1.make.com.:443/api/v2/"] {
            assert_eq!(place(spelling), "https://eu1.make.com/api/v2", "{spelling}");
        }
        assert_ne!(place("http://127.0.0.1:8788/api/v2"), place("http://127.0.0.1:8787/api/v2"));
    }
}
