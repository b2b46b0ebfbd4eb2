//! Authorization: the scopes of the caller's own token.

use serde::{Deserialize, Serialize};

use crate::scalar::lenient;

/// How the caller of this very request is authorized.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
pub struct CurrentAuthorizationResponse {
    /// The authorization.
    pub authorization: CurrentAuthorization,
}

/// The kind of a token and its scopes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct CurrentAuthorization {
    /// How the caller is authorized, such as `token`.
    #[serde(default, skip_serializing_if = "Option::is_none", deserialize_with = "lenient::optional")]
    #[cfg_attr(feature = "schemars", schemars(with = "String"))]
    pub auth_used: Option<String>,
    /// The scopes that the token has, such as `managed-organizations:read`.
    pub scope: Vec<String>,
}
