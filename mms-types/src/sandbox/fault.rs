//! Faults: how a sandbox fails when it is told to.

use serde::{Deserialize, Serialize};

use super::request::{HttpMethod, OperationId};
use crate::scalar::id::OrganizationId;

/// Which requests fail, and how.
///
/// A request meets a rule when everything that the rule names matches. Of several rules that are due, the oldest acts.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct FaultRule {
    /// Only this operation of the contract, by its `operationId`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schemars", schemars(with = "OperationId"))]
    pub operation_id: Option<OperationId>,
    /// Only this method, such as `PATCH`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schemars", schemars(with = "HttpMethod"))]
    pub method: Option<HttpMethod>,
    /// Only requests with this child in the path.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schemars", schemars(with = "OrganizationId"))]
    pub child_organization_id: Option<OrganizationId>,
    /// Only the nth request that matches, from 1.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schemars", schemars(with = "i64", extend("minimum" = 1)))]
    pub nth: Option<u64>,
    /// Only every nth request that matches.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schemars", schemars(with = "i64", extend("minimum" = 1)))]
    pub every: Option<u64>,
    /// Only this share of the requests that match, from 0 to 1, as `seed` decides.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schemars", schemars(with = "f64", extend("minimum" = 0, "maximum" = 1)))]
    pub probability: Option<f64>,
    /// What `probability` draws from: the same seed fails the same requests. Default: 0.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schemars", schemars(with = "i64", extend("minimum" = 0)))]
    pub seed: Option<u64>,
    /// The rule is spent after it acted this many times. Default: never.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schemars", schemars(with = "i64", extend("minimum" = 1)))]
    pub times: Option<u64>,
    /// What happens to the request.
    pub action: FaultAction,
}

/// What happens to a request, and by how much. A number that the kind has no use for is a mistake.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct FaultAction {
    /// What happens.
    pub kind: FaultKind,
    /// How long a delay or the pause of a dribble takes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schemars", schemars(with = "i64", extend("minimum" = 0, "maximum" = 600_000)))]
    pub milliseconds: Option<u64>,
    /// How many bytes of the body are sent before a cut, or at a time in a dribble.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schemars", schemars(with = "i64", extend("minimum" = 0)))]
    pub bytes: Option<u64>,
    /// The status of a server error: 424, 500 or 503.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schemars", schemars(with = "i32", extend("enum" = [424, 500, 503])))]
    pub status: Option<u16>,
    /// `Retry-After` of a 429, in seconds. Without it there is no such header.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schemars", schemars(with = "i64", extend("minimum" = 0)))]
    pub retry_after_seconds: Option<u64>,
    /// For how many lists a new child stays out of the list.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schemars", schemars(with = "i64", extend("minimum" = 1)))]
    pub lists: Option<u64>,
    /// For how many seconds of the sandbox's clock a new child stays out of the list.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schemars", schemars(with = "i64", extend("minimum" = 1)))]
    pub seconds: Option<u64>,
    /// Whether the work is done before an error is answered in its place. Default: false.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schemars", schemars(with = "bool"))]
    pub after_work: Option<bool>,
}

impl From<FaultKind> for FaultAction {
    /// Takes a kind that needs no number.
    fn from(kind: FaultKind) -> Self {
        Self { kind, ..Self::default() }
    }
}

impl<A: Into<FaultAction>> From<A> for FaultRule {
    /// Lets every request fail like this.
    fn from(action: A) -> Self {
        Self {
            operation_id: None,
            method: None,
            child_organization_id: None,
            nth: None,
            every: None,
            probability: None,
            seed: None,
            times: None,
            action: action.into(),
        }
    }
}

impl FaultRule {
    /// Takes only requests of this operation, such as `create_child_organization`.
    #[must_use]
    pub fn on(self, operation_id: impl Into<String>) -> Self {
        Self { operation_id: Some(OperationId(operation_id.into())), ..self }
    }

    /// Takes only requests with this child in the path.
    #[must_use]
    pub fn child(self, child: OrganizationId) -> Self {
        Self { child_organization_id: Some(child), ..self }
    }

    /// Acts on the nth request that it takes, from 1, and on no other.
    #[must_use]
    pub fn nth(self, nth: u64) -> Self {
        Self { nth: Some(nth), ..self }
    }

    /// Acts on every nth request that it takes.
    #[must_use]
    pub fn every(self, every: u64) -> Self {
        Self { every: Some(every), ..self }
    }

    /// Acts on this share of the requests that it takes, from 0 to 1, as the seed decides.
    #[must_use]
    pub fn probability(self, probability: f64, seed: u64) -> Self {
        Self { probability: Some(probability), seed: Some(seed), ..self }
    }

    /// Acts this many times at most.
    #[must_use]
    pub fn times(self, times: u64) -> Self {
        Self { times: Some(times), ..self }
    }
}

/// The ways to fail.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum FaultKind {
    /// Resets the next `times` connections that are opened, before a byte is read. It counts connections, so it matches no
    /// request.
    RefuseConnection,
    /// Waits `milliseconds` before the work is done.
    DelayBefore,
    /// Waits `milliseconds` between the work and the answer.
    DelayAfter,
    /// Closes the connection before the work is done.
    #[default]
    CloseBefore,
    /// Does the work, and closes the connection without an answer.
    CloseAfter,
    /// Sends the head of the answer and `bytes` of its body, and closes the connection.
    CutBody,
    /// Sends the answer with a body that is no JSON.
    MalformedJson,
    /// Answers 502 in HTML.
    BadGateway,
    /// Answers 429 in plain text.
    TooManyRequests,
    /// Answers `status` with an error in Make's shape.
    ServerError,
    /// Answers 403 with the plain text of the edge: `error code: 1010`.
    RefusedAtTheEdge,
    /// Sends the answer as `text/plain`.
    WrongContentType,
    /// Leaves children out of the list for `lists` requests or `seconds` after they were created.
    LaggingList,
    /// Sends the body `bytes` at a time, with a pause of `milliseconds` between.
    Dribble,
}

/// The number of a rule, from 1, never given twice by one sandbox.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[cfg_attr(feature = "schemars", schemars(extend("format" = "int64", "minimum" = 1)))]
#[serde(transparent)]
pub struct FaultId(pub u64);

impl std::fmt::Display for FaultId {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.0.fmt(formatter)
    }
}

/// A rule that is in force, and how often it acted.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct Fault {
    /// The rule's number.
    pub id: FaultId,
    /// How many requests matched what the rule names.
    #[cfg_attr(feature = "schemars", schemars(with = "i64", extend("minimum" = 0)))]
    pub matched: u64,
    /// How often it acted.
    #[cfg_attr(feature = "schemars", schemars(with = "i64", extend("minimum" = 0)))]
    pub acted: u64,
    /// What it says.
    pub rule: FaultRule,
}

/// Every rule that was added and not removed, oldest first; spent ones too.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct FaultList {
    /// The rules.
    pub faults: Vec<Fault>,
}
