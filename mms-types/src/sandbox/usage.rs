//! Usage profiles: what children consume.

use serde::{Deserialize, Serialize};

use crate::scalar::centicredits::Centicredits;

/// What a child is to consume at once, in addition to what it has consumed.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[serde(default, deny_unknown_fields, rename_all = "camelCase")]
pub struct ConsumeRequest {
    /// In hundredths of a credit.
    pub centicredits: Centicredits,
    /// In operations.
    #[cfg_attr(feature = "schemars", schemars(with = "i64", extend("minimum" = 0)))]
    pub operations: u64,
    /// In bytes.
    #[cfg_attr(feature = "schemars", schemars(with = "i64", extend("minimum" = 0)))]
    pub transfer: u64,
}

/// How a child consumes as the clock goes on, until its allocation is used up.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct UsageProfile {
    /// How consumption spreads over time.
    pub shape: UsageShape,
    /// What an average day consumes at the start, in hundredths of a credit.
    pub centicredits_per_day: Centicredits,
}

/// How consumption spreads over time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum UsageShape {
    /// The same every hour, give or take a tenth.
    Steady,
    /// Like steady, and one percent more with each day.
    Growing,
    /// One hour in twenty, on average, consumes what the others do not.
    Bursty,
    /// Monday to Friday, from 8 to 18 o'clock UTC.
    Weekday,
}
