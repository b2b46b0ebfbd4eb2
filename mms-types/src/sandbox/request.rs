//! Requests that a sandbox was asked.

use serde::{Deserialize, Serialize};

use super::FaultId;
use crate::scalar::id::OrganizationId;
use crate::scalar::timestamp::Timestamp;

/// The `operationId` of an operation of the contract, such as `create_child_organization`.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[serde(transparent)]
pub struct OperationId(pub String);

/// The method of a request, such as `PATCH`.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[serde(transparent)]
pub struct HttpMethod(pub String);

/// The place of a request in the order of arrival, from 1.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[cfg_attr(feature = "schemars", schemars(extend("format" = "int64", "minimum" = 0)))]
#[serde(transparent)]
pub struct RequestSequence(pub u64);

/// One request to the API, as it came. Tokens are not kept.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct RequestRecord {
    /// The place in the order of arrival, from 1.
    pub sequence: RequestSequence,
    /// When it came, by the sandbox's clock.
    pub time: Timestamp,
    /// Such as `GET`.
    pub method: HttpMethod,
    /// The path without the query, from the root of the server.
    pub path: String,
    /// The query as it was sent, without its question mark.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schemars", schemars(with = "String"))]
    pub query: Option<String>,
    /// The operation of the contract, where the request meets one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schemars", schemars(with = "OperationId"))]
    pub operation_id: Option<OperationId>,
    /// The child in the path.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schemars", schemars(with = "OrganizationId"))]
    pub child_organization_id: Option<OrganizationId>,
    /// The body as text, where one was read.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schemars", schemars(with = "String"))]
    pub body: Option<String>,
    /// The status of the answer; none while there is none, and where the connection was closed without one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schemars", schemars(with = "i32", extend("minimum" = 100, "maximum" = 599)))]
    pub status: Option<u16>,
    /// The rule that made the answer fail.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schemars", schemars(with = "FaultId"))]
    pub fault_id: Option<FaultId>,
}

/// The requests that came last, in the order of arrival.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct RequestList {
    /// The requests that match.
    pub requests: Vec<RequestRecord>,
    /// How many earlier requests are no longer kept.
    #[cfg_attr(feature = "schemars", schemars(with = "i64", extend("minimum" = 0)))]
    pub dropped: u64,
}
