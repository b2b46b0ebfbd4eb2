//! Error body of a refusal.

use serde::{Deserialize, Serialize};

use crate::scalar::lenient;

/// What the server says about a refused request. Each field is sometimes missing.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
pub struct ApiError {
    /// What is wrong, in the server's words.
    #[serde(default, skip_serializing_if = "Option::is_none", deserialize_with = "lenient::optional")]
    #[cfg_attr(feature = "schemars", schemars(with = "String"))]
    pub detail: Option<String>,
    /// The kind of mistake, such as `Bad Request`.
    #[serde(default, skip_serializing_if = "Option::is_none", deserialize_with = "lenient::optional")]
    #[cfg_attr(feature = "schemars", schemars(with = "String"))]
    pub message: Option<String>,
    /// Make's code, such as `SC400`.
    #[serde(default, skip_serializing_if = "Option::is_none", deserialize_with = "lenient::optional")]
    #[cfg_attr(feature = "schemars", schemars(with = "String"))]
    pub code: Option<String>,
    /// The single mistakes, where there are several. One that cannot be read is left out.
    #[serde(default, skip_serializing_if = "Vec::is_empty", deserialize_with = "lenient::list")]
    pub suberrors: Vec<ApiSuberror>,
}

/// One of several mistakes in a request.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
pub struct ApiSuberror {
    /// What is wrong, in the server's words.
    #[serde(default, skip_serializing_if = "Option::is_none", deserialize_with = "lenient::optional")]
    #[cfg_attr(feature = "schemars", schemars(with = "String"))]
    pub message: Option<String>,
    /// The name of the mistake.
    #[serde(default, skip_serializing_if = "Option::is_none", deserialize_with = "lenient::optional")]
    #[cfg_attr(feature = "schemars", schemars(with = "String"))]
    pub name: Option<String>,
}
