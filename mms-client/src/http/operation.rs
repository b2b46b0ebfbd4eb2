//! Operations of the contract: method, path, kind and scopes.

/// Version of the contract that this client was generated from: `info.version` of `openapi/mms.yaml`.
///
/// ```
/// assert!(!mms_client::CONTRACT_VERSION.is_empty());
/// ```
pub const CONTRACT_VERSION: &str = include!(concat!(env!("OUT_DIR"), "/version.rs"));

/// Id of a read that is no operation of the contract.
pub(crate) const RAW_READ: &str = "raw_read";

/// Id of a write that is no operation of the contract.
pub(crate) const RAW_WRITE: &str = "raw_write";

/// An operation of the contract.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct Operation {
    /// The `operationId`, which is also the name of the method of [`Client`](crate::Client).
    pub id: &'static str,
    /// The HTTP method, in upper case.
    pub method: &'static str,
    /// The path template, below the API root.
    pub path: &'static str,
    /// What sending it twice would do.
    pub kind: OperationKind,
    /// The scopes that a token needs; empty where any token will do.
    pub scopes: &'static [&'static str],
}

/// What sending an operation twice would do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum OperationKind {
    /// Nothing: it changes nothing.
    Read,
    /// Nothing more: it sets a total.
    AbsoluteWrite,
    /// Make something new a second time.
    Create,
}

/// Returns every operation of the contract.
#[must_use]
pub fn operations() -> &'static [Operation] {
    include!(concat!(env!("OUT_DIR"), "/operations.rs"))
}

/// Returns the operation with this `operationId`.
#[must_use]
pub fn operation(id: &str) -> Option<&'static Operation> {
    operations().iter().find(|operation| operation.id == id)
}
