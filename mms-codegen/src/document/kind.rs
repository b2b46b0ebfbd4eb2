//! Kinds of document: the contract and the control side, and what tells them apart.

/// The path of the API root on every server of Make: the mocks answer below it too.
pub(crate) const BASE_PATH: &str = "/api/v2";

/// Kind of a hand-written document.
///
/// Both documents keep the same rules. A kind says what the rules cannot know: the names of its files, which types own
/// its schemas, where it is served, and which bodies it knows beside JSON.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DocumentKind {
    /// The hand-written document, from the root of the workspace.
    pub yaml: &'static str,
    /// The canonical form of it, from the root of the workspace.
    pub json: &'static str,
    pub(crate) owners: &'static [&'static str],
    pub(crate) servers: Servers,
    /// The media types that a request may have beside JSON.
    pub(crate) beside_requests: &'static [&'static str],
    /// The media types that an error of a class must have beside JSON.
    pub(crate) beside_errors: &'static [(&'static str, &'static [&'static str])],
}

/// Where a document may say that it is served.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Servers {
    /// On hosts of Make over HTTPS, below [`BASE_PATH`]: the client sends its token to them without being asked for it.
    Make,
    /// At this URL alone.
    Only(&'static str),
}

impl DocumentKind {
    /// The contract: what Make answers. Errors of its edge come as text, those of a gateway as a page.
    pub const CONTRACT: Self = Self {
        yaml: "openapi/mms.yaml",
        json: "openapi/mms.json",
        owners: mms_types::SCHEMA_NAMES,
        servers: Servers::Make,
        beside_requests: &[],
        beside_errors: &[("4XX", &["text/plain"]), ("5XX", &["text/plain", "text/html"])],
    };

    /// The control side of the sandbox: what steers it, on this machine alone. No client is generated from it.
    pub const CONTROL: Self = Self {
        yaml: "openapi/sandbox.yaml",
        json: "openapi/sandbox.json",
        owners: mms_types::sandbox::SCHEMA_NAMES,
        servers: Servers::Only("http://127.0.0.1:8787/_sandbox"),
        beside_requests: &["application/yaml"],
        beside_errors: &[],
    };
}
