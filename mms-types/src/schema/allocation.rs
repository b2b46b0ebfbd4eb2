//! Allocation: operations moved between a distributor's pool and a child.

use serde::{Deserialize, Serialize};

use crate::scalar::number;
use crate::scalar::operations::Operations;

/// What a distributor says to change a child's allocation.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct UpdateAllocationRequest {
    /// The child's new total, not a difference.
    pub operations: Operations,
}

/// The allocation of parent and child after a change, in operations.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct Allocation {
    /// What is left in the distributor's pool.
    #[serde(deserialize_with = "number::integer")]
    pub new_parent_operations: i64,
    /// The child's new total.
    #[serde(deserialize_with = "number::integer")]
    pub new_child_operations: i64,
    /// How much moved. Whether a decrease is negative is not documented: compute the difference from the totals.
    #[serde(default, skip_serializing_if = "Option::is_none", deserialize_with = "number::optional_integer")]
    #[cfg_attr(feature = "schemars", schemars(with = "i64"))]
    pub operations_diff: Option<i64>,
    /// Whether the child has more than before.
    #[serde(default, skip_serializing_if = "Option::is_none", deserialize_with = "number::boolean::optional")]
    #[cfg_attr(feature = "schemars", schemars(with = "bool"))]
    pub limit_increased: Option<bool>,
}
