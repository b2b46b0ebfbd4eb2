//! Pool in the course of a plan.

use serde::{Deserialize, Serialize};

/// The pool before a plan, at its lowest, and after it, in credits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct PoolCourse {
    /// Before the first step.
    pub before: i64,
    /// After the step that leaves the least.
    pub lowest: i64,
    /// After the last step.
    pub after: i64,
    /// What has to stay in it.
    pub reserve: u64,
}

/// What a pool lacks for a plan.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct Shortage {
    /// How many credits are missing.
    pub credits: u64,
    /// The children that go short under the priorities, by name.
    pub children: Vec<String>,
}
