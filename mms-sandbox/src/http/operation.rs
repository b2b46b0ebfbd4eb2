//! Operations of the contract, and which of them a request is for. Used by fault rules and the request log, not by the router.

use http::Method;
use mms_types::OrganizationId;
use percent_encoding::percent_decode;

/// An operation of the contract.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Operation {
    pub(crate) id: &'static str,
    pub(crate) method: Method,
    /// The path below the API root, cut at its slashes; parameters are in braces.
    path: &'static [&'static str],
}

macro_rules! operations {
    ($($id:ident: $method:ident [$($segment:literal),+]),+ $(,)?) => {
        /// Every operation of the contract.
        pub(crate) const OPERATIONS: &[Operation] =
            &[$(Operation { id: stringify!($id), method: Method::$method, path: &[$($segment),+] }),+];
    };
}

operations! {
    list_child_organizations: GET ["organizations", "{organizationId}", "managed-organizations"],
    create_child_organization: POST ["organizations", "{organizationId}", "managed-organizations"],
    update_child_organization_allocation:
        PATCH ["organizations", "{organizationId}", "managed-organizations", "{childOrganizationId}"],
    list_child_organization_consumption: GET ["organizations", "{organizationId}", "managed-organizations-consumption"],
    list_organizations: GET ["organizations"],
    get_organization: GET ["organizations", "{organizationId}"],
    get_current_user: GET ["users", "me"],
    get_current_authorization: GET ["users", "me", "current-authorization"],
    list_regions: GET ["enums", "imt-regions"],
    list_countries: GET ["enums", "countries"],
    list_zones: GET ["enums", "imt-zones"],
    list_timezones: GET ["enums", "timezones"],
}

/// The parameter that names a child.
const CHILD: &str = "{childOrganizationId}";

/// The longest path of an operation, in segments.
const MAX_SEGMENTS: usize = 4;

/// The operation and the child of a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Target {
    /// Nothing where the contract has no such operation.
    pub(crate) operation: Option<&'static Operation>,
    /// The child in the path.
    pub(crate) child: Option<OrganizationId>,
}

/// Returns the method whose handler runs: GET for HEAD.
pub(crate) fn effective_method(method: &Method) -> &Method {
    if *method == Method::HEAD { &Method::GET } else { method }
}

impl Target {
    /// Reads the method and the path below the API root.
    pub(crate) fn of(method: &Method, path: &str) -> Self {
        let method = effective_method(method);
        let mut segments = [&b""[..]; MAX_SEGMENTS + 1];
        let mut length = 0;
        for segment in
            path.strip_prefix('/').unwrap_or_default().as_bytes().split(|byte| *byte == b'/').take(MAX_SEGMENTS + 1)
        {
            segments[length] = segment;
            length += 1;
        }
        let segments = &segments[..length];
        let operation = OPERATIONS.iter().find(|operation| operation.method == *method && operation.matches(segments));
        let child = operation.and_then(|operation| operation.child(segments));
        Self { operation, child }
    }
}

impl Operation {
    /// Says whether the path has a child in it.
    pub(crate) fn has_child(&self) -> bool {
        self.path.contains(&CHILD)
    }

    fn matches(&self, segments: &[&[u8]]) -> bool {
        let is_equal = |(expected, found): (&&str, &&[u8])| {
            if is_parameter(expected) { !found.is_empty() } else { expected.as_bytes() == *found }
        };
        self.path.len() == segments.len() && self.path.iter().zip(segments).all(is_equal)
    }

    fn child(&self, segments: &[&[u8]]) -> Option<OrganizationId> {
        let index = self.path.iter().position(|segment| *segment == CHILD)?;
        percent_decode(segments.get(index)?).decode_utf8().ok()?.parse().ok()
    }
}

fn is_parameter(segment: &str) -> bool {
    segment.starts_with('{')
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use serde_json::Value;

    use super::*;

    #[test]
    fn every_operation_of_the_contract_is_known_and_no_other() {
        let contract: Value = serde_json::from_str(crate::api::CONTRACT).unwrap();
        let mut written = BTreeSet::new();
        for (path, item) in contract["paths"].as_object().unwrap() {
            for (method, operation) in item.as_object().unwrap() {
                if let Some(id) = operation["operationId"].as_str() {
                    written.insert((id.to_owned(), method.to_uppercase(), path.clone()));
                }
            }
        }
        let known: BTreeSet<_> = OPERATIONS
            .iter()
            .map(|operation| {
                (operation.id.to_owned(), operation.method.to_string(), format!("/{}", operation.path.join("/")))
            })
            .collect();
        assert_eq!(known, written);
    }

    #[test]
    fn a_request_is_known_by_its_method_and_path() {
        let id = |method: Method, path: &str| Target::of(&method, path).operation.map(|operation| operation.id);
        assert_eq!(id(Method::GET, "/organizations/11"), Some("get_organization"));
        assert_eq!(id(Method::HEAD, "/organizations/11"), Some("get_organization"));
        assert_eq!(id(Method::POST, "/organizations/11/managed-organizations"), Some("create_child_organization"));
        for (method, path) in [
            (Method::PUT, "/organizations/11"),
            (Method::GET, "/organizations/"),
            (Method::GET, "/organizations/11/managed-organizations/"),
            (Method::GET, "/organizations/11/managed-organizations/5"),
            (Method::GET, ""),
        ] {
            assert_eq!(Target::of(&method, path), Target { operation: None, child: None }, "{method} {path}");
        }
    }

    #[test]
    fn the_child_in_the_path_is_read_where_it_is_an_id() {
        let child = |path: &str| Target::of(&Method::PATCH, path).child;
        assert_eq!(child("/organizations/11/managed-organizations/101"), Some(OrganizationId::new(101)));
        assert_eq!(child("/organizations/11/managed-organizations/%3101"), Some(OrganizationId::new(101)));
        assert_eq!(child("/organizations/11/managed-organizations/acme"), None);
    }
}
