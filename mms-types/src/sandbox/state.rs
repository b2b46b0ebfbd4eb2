//! State of a sandbox as one document: what a seed file holds and a snapshot returns.

use serde::{Deserialize, Serialize};

use crate::{
    Centicredits, CountryId, EmailAddress, Operations, OrganizationId, OrganizationName, Timestamp, TimezoneId, UserId,
    UserName, ZoneId,
};

use super::{ClockReading, UsageProfile};

/// The whole state of a sandbox.
///
/// Written by hand it needs little more than names; a snapshot has every field, so that a restored sandbox goes on where it
/// was.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct SandboxState {
    /// The clock. Without one it shows the real time.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schemars", schemars(with = "ClockReading"))]
    pub clock: Option<ClockReading>,
    /// What usage profiles draw from: the same number plays the same consumption. Default: 0.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schemars", schemars(with = "i64", extend("minimum" = 0)))]
    pub usage_seed: Option<u64>,
    /// The least id of the next child. A lower number than what is there asks for is raised. Default: after the highest, and
    /// never below 1001.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schemars", schemars(with = "OrganizationId"))]
    pub next_organization_id: Option<OrganizationId>,
    /// The least id of the next user. A lower number than what is there asks for is raised. Default: after the highest.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schemars", schemars(with = "UserId"))]
    pub next_user_id: Option<UserId>,
    /// The distributors.
    pub distributors: Vec<DistributorState>,
}

/// How much a sandbox keeps.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct StateSummary {
    /// How many distributors there are.
    #[cfg_attr(feature = "schemars", schemars(with = "i64", extend("minimum" = 0)))]
    pub distributors: u64,
    /// How many children they have together.
    #[cfg_attr(feature = "schemars", schemars(with = "i64", extend("minimum" = 0)))]
    pub children: u64,
    /// What the clock shows.
    pub clock: ClockReading,
}

/// A distributor with its pool, its tokens and its children.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct DistributorState {
    /// Its id, not used by any other organization.
    pub organization_id: OrganizationId,
    /// Its name. Default: `Distributor` and its id.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schemars", schemars(with = "String"))]
    pub organization_name: Option<String>,
    /// The pool: the operations that none of its children holds.
    #[cfg_attr(feature = "schemars", schemars(with = "i64", extend("minimum" = 0)))]
    pub operations: u64,
    /// Requests a minute. Default: 240, as in Make's plan Teams.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schemars", schemars(with = "i64", extend("minimum" = 1)))]
    pub api_limit: Option<u64>,
    /// How often the counters return to 0. Default: monthly.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schemars", schemars(with = "RestartPeriod"))]
    pub restart_period: Option<RestartPeriod>,
    /// Default: the beginning of the month or year.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schemars", schemars(with = "Timestamp"))]
    pub last_reset: Option<Timestamp>,
    /// When the counters return to 0 next, after the last time. Together the two tell the day of the month: after 28 February
    /// it is 28 March or 31 March. Default: a period after the last time.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schemars", schemars(with = "Timestamp"))]
    pub next_reset: Option<Timestamp>,
    /// Default: EU1.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schemars", schemars(with = "ZoneId"))]
    pub zone_id: Option<ZoneId>,
    /// Default: Czechia.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schemars", schemars(with = "CountryId"))]
    pub country_id: Option<CountryId>,
    /// Default: Europe/Prague.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schemars", schemars(with = "TimezoneId"))]
    pub timezone_id: Option<TimezoneId>,
    /// Who may speak for it.
    #[serde(default)]
    pub tokens: Vec<TokenState>,
    /// Its children.
    #[serde(default)]
    pub children: Vec<ChildState>,
}

/// How often the counters of an organization return to 0.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum RestartPeriod {
    /// Every month.
    #[default]
    Monthly,
    /// Every year.
    Annual,
}

/// An API token and what it may do.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct TokenState {
    /// The token, a UUID on Make's side.
    pub token: String,
    /// Such as `managed-organizations:read`.
    pub scopes: Vec<String>,
}

/// A child organization with what Make keeps of it, and its usage profile.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct ChildState {
    /// Default: the next free one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schemars", schemars(with = "OrganizationId"))]
    pub organization_id: Option<OrganizationId>,
    /// Its name.
    pub organization_name: OrganizationName,
    /// Plants this many children, each with its number, from 1, behind the name. Default: one child, without a number.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schemars", schemars(with = "i64", extend("minimum" = 1, "maximum" = 1_000_000)))]
    pub count: Option<u64>,
    /// Its allocation. Default: 10,000.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schemars", schemars(with = "Operations"))]
    pub operations_allocated: Option<Operations>,
    /// Its owner. Default: `owner@example.com`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schemars", schemars(with = "EmailAddress"))]
    pub user_email: Option<EmailAddress>,
    /// The owner's name. Default: `Owner`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schemars", schemars(with = "UserName"))]
    pub user_name: Option<UserName>,
    /// The owner's id. Default: the next free one, or that of the same e-mail address.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schemars", schemars(with = "UserId"))]
    pub user_id: Option<UserId>,
    /// Default: its distributor's.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schemars", schemars(with = "ZoneId"))]
    pub zone_id: Option<ZoneId>,
    /// Default: its distributor's.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schemars", schemars(with = "CountryId"))]
    pub country_id: Option<CountryId>,
    /// Default: its distributor's.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schemars", schemars(with = "TimezoneId"))]
    pub timezone_id: Option<TimezoneId>,
    /// In hundredths of a credit, since the last reset.
    #[serde(default)]
    pub centicredits_consumed: Centicredits,
    /// Since the last reset.
    #[serde(default)]
    #[cfg_attr(feature = "schemars", schemars(with = "i64", extend("minimum" = 0)))]
    pub operations_consumed: u64,
    /// In bytes, since the last reset.
    #[serde(default)]
    #[cfg_attr(feature = "schemars", schemars(with = "i64", extend("minimum" = 0)))]
    pub transfer_consumed: u64,
    /// Default: its distributor's.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schemars", schemars(with = "Timestamp"))]
    pub last_reset: Option<Timestamp>,
    /// How it consumes as the clock goes on. Default: not at all.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schemars", schemars(with = "UsageProfile"))]
    pub usage: Option<UsageProfile>,
    /// Up to when the profile was played. Default: the clock's time.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schemars", schemars(with = "Timestamp"))]
    pub played_until: Option<Timestamp>,
    /// Since when the profile holds, which is where its growth begins. Default: the clock's time.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schemars", schemars(with = "Timestamp"))]
    pub usage_since: Option<Timestamp>,
    /// Whether its allocation is used up, so that its scenarios pause. Only told, never taken.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schemars", schemars(with = "bool"))]
    pub is_paused: Option<bool>,
}
