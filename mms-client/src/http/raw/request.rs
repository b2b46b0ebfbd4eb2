//! Request to any path of the API, which can lead nowhere else.

use std::fmt;

use bytes::Bytes;
use mms_types::OrganizationId;
use percent_encoding::percent_decode_str;
use url::form_urlencoded::byte_serialize;

use super::error::{Defect, RawRequestError};
use super::method::RawMethod;
use crate::http::operation::{Operation, operations};

/// A request to any path below the root of the API, for [`Client::send_raw`](crate::Client::send_raw).
///
/// The path cannot leave that root, so that the token cannot leave the server: an address with a host, `.` and `..` - encoded,
/// too - and a fragment are refused. A query may stand behind the path, and is added to by [`query`](Self::query).
///
/// ```
/// use mms_client::{RawMethod, RawRequest};
///
/// let request = RawRequest::new(RawMethod::Get, "scenarios?teamId=3")?.query("pg[limit]", "5");
/// assert_eq!(request.target(), "/scenarios?teamId=3&pg%5Blimit%5D=5");
/// assert!(RawRequest::new(RawMethod::Get, "https://elsewhere.example/").is_err());
/// # Ok::<(), mms_client::RawRequestError>(())
/// ```
#[derive(Clone, PartialEq, Eq)]
pub struct RawRequest {
    method: RawMethod,
    /// With a slash at the beginning, and without a query.
    path: String,
    /// As it travels, without a question mark.
    query: String,
    body: Option<Bytes>,
}

impl RawRequest {
    /// Takes a method, and a path below the root of the API, with or without a slash at the beginning.
    pub fn new(method: RawMethod, path: &str) -> Result<Self, RawRequestError> {
        let refuse = |defect| RawRequestError::new(path, defect);
        if path.contains('#') {
            return Err(refuse(Defect::Fragment));
        }
        let (below, query) = path.split_once('?').unwrap_or((path, ""));
        let first = below.split('/').next().unwrap_or_default();
        if first.contains(':') || below.starts_with("//") {
            return Err(refuse(Defect::Server));
        }
        if path.contains(['{', '}']) {
            return Err(refuse(Defect::Placeholder));
        }
        let is_odd = |character: char| character == '\\' || character.is_whitespace() || character.is_control();
        let below = below.strip_prefix('/').unwrap_or(below);
        if path.contains(is_odd) || below.strip_suffix('/').unwrap_or(below).split('/').any(str::is_empty) {
            return Err(refuse(if below.is_empty() { Defect::Empty } else { Defect::Spelling }));
        }
        if below.split('/').any(climbs) {
            return Err(refuse(Defect::Climbing));
        }
        let query = query.replace('[', "%5B").replace(']', "%5D");
        Ok(Self { method, path: format!("/{below}"), query, body: None })
    }

    /// Adds a parameter to the query, which is percent-encoded here.
    #[must_use]
    pub fn query(mut self, name: &str, value: &str) -> Self {
        if !self.query.is_empty() {
            self.query.push('&');
        }
        self.query.extend(byte_serialize(name.as_bytes()));
        self.query.push('=');
        self.query.extend(byte_serialize(value.as_bytes()));
        self
    }

    /// Takes a body, which travels as JSON and as it is.
    #[must_use]
    pub fn json(self, body: impl Into<Bytes>) -> Self {
        Self { body: Some(body.into()), ..self }
    }

    /// Returns the method.
    #[must_use]
    pub const fn method(&self) -> RawMethod {
        self.method
    }

    /// Returns the path below the root of the API, with a slash at the beginning and without the query.
    #[must_use]
    pub fn path(&self) -> &str {
        &self.path
    }

    /// Returns the path with its query, as it travels.
    #[must_use]
    pub fn target(&self) -> String {
        if self.query.is_empty() { self.path.clone() } else { format!("{}?{}", self.path, self.query) }
    }

    /// Returns the body.
    #[must_use]
    pub fn body(&self) -> Option<&[u8]> {
        self.body.as_deref()
    }

    pub(crate) const fn shared_body(&self) -> Option<&Bytes> {
        self.body.as_ref()
    }

    /// Returns the operation of the contract that has this method and path, if one does.
    ///
    /// ```
    /// use mms_client::{RawMethod, RawRequest};
    ///
    /// let request = RawRequest::new(RawMethod::Post, "/organizations/11/managed-organizations")?;
    /// assert_eq!(request.operation().map(|operation| operation.id), Some("create_child_organization"));
    /// # Ok::<(), mms_client::RawRequestError>(())
    /// ```
    #[must_use]
    pub fn operation(&self) -> Option<&'static Operation> {
        operations().iter().find(|operation| operation.method == self.method.as_str() && self.fits(operation.path))
    }

    /// Returns the organization that the path names, against whose limit the request counts.
    pub(crate) fn organization_id(&self) -> Option<OrganizationId> {
        let mut segments = self.segments();
        let id = segments.next().filter(|first| first == "organizations").and_then(|_| segments.next())?;
        id.parse().ok()
    }

    /// Says whether the path is one of a template, whichever way it is encoded.
    fn fits(&self, template: &str) -> bool {
        let template: Vec<_> = template.trim_matches('/').split('/').collect();
        let segments: Vec<_> = self.segments().collect();
        template.len() == segments.len()
            && template.iter().zip(&segments).all(|(wanted, segment)| wanted.starts_with('{') || wanted == segment)
    }

    fn segments(&self) -> impl Iterator<Item = String> {
        let decoded = |segment| percent_decode_str(segment).decode_utf8_lossy().into_owned();
        self.path.trim_matches('/').split('/').map(decoded)
    }
}

/// Says whether a segment leads to another level of the path, for a server that decodes it first, too.
fn climbs(segment: &str) -> bool {
    let decoded = percent_decode_str(segment).decode_utf8_lossy();
    decoded.split(['/', '\\']).any(|part| matches!(part, "." | ".."))
}

impl fmt::Debug for RawRequest {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { method, path, .. } = self;
        formatter.debug_struct("RawRequest").field("method", method).field("path", path).finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn request(method: RawMethod, path: &str) -> RawRequest {
        RawRequest::new(method, path).unwrap()
    }

    #[test]
    fn a_path_that_could_leave_the_root_of_the_api_is_refused() {
        for path in [
            "https://elsewhere.example/api/v2/organizations",
            "HTTPS:elsewhere.example",
            "//elsewhere.example/organizations",
            "elsewhere.example:443/organizations",
            "javascript:alert(1)",
            "../admin",
            "/organizations/..",
            "/organizations/../../admin",
            "/organizations/%2e%2E/admin",
            "/organizations/.%2e/admin",
            "/organizations/..%2fadmin",
            "/organizations/a%5c..%5cadmin",
            "/./organizations",
            "/organizations#children",
            "/organizations\\11",
            "/organizations/ 11",
            "/organizations/11\n",
            "/organizations//11",
            "/organizations/{organizationId}",
            "/organizations?id={id}",
            "",
            "/",
            "?a=b",
        ] {
            assert!(RawRequest::new(RawMethod::Get, path).is_err(), "{path:?}");
        }
    }

    #[test]
    fn a_refusal_shows_no_password_and_no_query() {
        let error = RawRequest::new(RawMethod::Get, "https://ada:secret@elsewhere.example/?key=hidden").unwrap_err();
        assert!(!error.to_string().contains("secret") && !error.to_string().contains("hidden"), "{error}");
    }

    #[test]
    fn a_path_may_have_a_slash_a_query_and_dots_within_a_name() {
        for (path, target) in [
            ("organizations/11", "/organizations/11"),
            ("/organizations/11/", "/organizations/11/"),
            ("/enums/imt-regions?a[b]=c", "/enums/imt-regions?a%5Bb%5D=c"),
            ("/files/a..b/.hidden/v1.2", "/files/a..b/.hidden/v1.2"),
            ("/hooks/at:10", "/hooks/at:10"),
        ] {
            assert_eq!(request(RawMethod::Get, path).target(), target);
        }
    }

    #[test]
    fn a_parameter_is_encoded() {
        let target = request(RawMethod::Get, "/a?b=1").query("pg[limit]", "5").query("name", "Sol & Mar=ü").target();
        assert_eq!(target, "/a?b=1&pg%5Blimit%5D=5&name=Sol+%26+Mar%3D%C3%BC");
    }

    #[test]
    fn the_operation_is_known_however_its_path_is_spelled() {
        let id = |method, path| request(method, path).operation().map(|operation| operation.id);
        for path in [
            "organizations/11/managed-organizations",
            "/organizations/11/managed%2Dorganizations/?",
            "/organizations/x/managed-organizations",
        ] {
            assert_eq!(id(RawMethod::Post, path), Some("create_child_organization"), "{path}");
        }
        assert_eq!(id(RawMethod::Delete, "/organizations/11/managed-organizations"), None);
        assert_eq!(id(RawMethod::Get, "/scenarios"), None);
    }

    #[test]
    fn a_request_counts_for_the_organization_of_its_path() {
        let id = |path| request(RawMethod::Get, path).organization_id().map(OrganizationId::get);
        assert_eq!(id("/organizations/11/usage"), Some(11));
        assert_eq!((id("/organizations"), id("/organizations/all"), id("/teams/11")), (None, None, None));
    }
}
