//! Copy of a running sandbox.

use serde::{Deserialize, Serialize};

/// Where to put a copy.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct CopyRequest {
    /// The new file: an absolute path, at which nothing is yet, in a folder that is there.
    pub path: String,
}

/// A copy that was made.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct SandboxCopy {
    /// The new file.
    pub path: String,
    /// Its size in bytes.
    #[cfg_attr(feature = "schemars", schemars(with = "i64", extend("minimum" = 0)))]
    pub bytes: u64,
    /// The identity of the copy, which a sandbox over it has from now on.
    pub sandbox_id: String,
}
