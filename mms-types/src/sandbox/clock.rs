//! Clock of a sandbox.

use serde::{Deserialize, Serialize};

use crate::scalar::timestamp::Timestamp;

/// What the clock shows.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct ClockReading {
    /// The sandbox's time.
    pub now: Timestamp,
    /// Whether it stands still.
    pub frozen: bool,
}

/// A time to set the clock to. What is left out stays as it is.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct ClockSetting {
    /// The new time, never before the old one: what was consumed cannot be taken back.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schemars", schemars(with = "Timestamp"))]
    pub now: Option<Timestamp>,
    /// Whether the clock stands still from now on.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schemars", schemars(with = "bool"))]
    pub frozen: Option<bool>,
}

/// How far to turn the clock.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct ClockAdvance {
    /// In seconds, at most ten years.
    #[cfg_attr(feature = "schemars", schemars(with = "i64", extend("minimum" = 0, "maximum" = Self::MAX_SECONDS)))]
    pub seconds: u64,
}

impl ClockAdvance {
    /// Ten years of 366 days: what a clock is turned at once.
    pub const MAX_SECONDS: u64 = 10 * 366 * 24 * 60 * 60;
}
