//! Organizations of the caller: the distributor, and the list of all that a token may see.

use serde::{Deserialize, Serialize};

use crate::scalar::centicredits::Centicredits;
use crate::scalar::id::{CountryId, OrganizationId, TimezoneId};
use crate::scalar::timestamp::Timestamp;
use crate::scalar::{lenient, number};
use crate::schema::pagination::Pagination;

/// The organizations of a user, or one page of them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
pub struct OrganizationList {
    /// The organizations; empty where the user is a member of none.
    pub organizations: Vec<OrganizationSummary>,
    /// How the server cut the list into pages.
    #[serde(default, skip_serializing_if = "Option::is_none", deserialize_with = "lenient::optional")]
    #[cfg_attr(feature = "schemars", schemars(with = "Pagination"))]
    pub pg: Option<Pagination>,
}

/// An organization of a user, as the list shows it; [`Organization`] has more.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct OrganizationSummary {
    /// The organization's id.
    pub id: OrganizationId,
    /// The organization's name; Make does not promise that names are unique. Nothing where the server sent none that can be read.
    #[serde(default, skip_serializing_if = "Option::is_none", deserialize_with = "lenient::text")]
    #[cfg_attr(feature = "schemars", schemars(with = "String"))]
    pub name: Option<String>,
    /// The organization's time zone.
    #[serde(default, skip_serializing_if = "Option::is_none", deserialize_with = "lenient::optional")]
    #[cfg_attr(feature = "schemars", schemars(with = "TimezoneId"))]
    pub timezone_id: Option<TimezoneId>,
    /// The host of the zone that hosts it, such as `eu1.make.com`.
    #[serde(default, skip_serializing_if = "Option::is_none", deserialize_with = "lenient::text")]
    #[cfg_attr(feature = "schemars", schemars(with = "String"))]
    pub zone: Option<String>,
}

/// One organization, as its own members see it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
pub struct OrganizationResponse {
    /// The organization.
    pub organization: Organization,
}

/// An organization of the caller. Make sends many more fields; these are the ones that managing children needs.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct Organization {
    /// The organization's id.
    pub id: OrganizationId,
    /// The organization's name.
    pub name: String,
    /// The host of the zone that hosts it, such as `eu1.make.com`.
    #[serde(default, skip_serializing_if = "Option::is_none", deserialize_with = "lenient::optional")]
    #[cfg_attr(feature = "schemars", schemars(with = "String"))]
    pub zone: Option<String>,
    /// The organization's country.
    #[serde(default, skip_serializing_if = "Option::is_none", deserialize_with = "lenient::optional")]
    #[cfg_attr(feature = "schemars", schemars(with = "CountryId"))]
    pub country_id: Option<CountryId>,
    /// The organization's time zone.
    #[serde(default, skip_serializing_if = "Option::is_none", deserialize_with = "lenient::optional")]
    #[cfg_attr(feature = "schemars", schemars(with = "TimezoneId"))]
    pub timezone_id: Option<TimezoneId>,
    /// When its counters last returned to 0.
    #[serde(default, deserialize_with = "lenient::optional")]
    pub last_reset: Option<Timestamp>,
    /// When its counters return to 0 next.
    #[serde(default, deserialize_with = "lenient::optional")]
    pub next_reset: Option<Timestamp>,
    /// Whether its scenarios are paused.
    #[serde(default, skip_serializing_if = "Option::is_none", deserialize_with = "number::boolean::optional")]
    #[cfg_attr(feature = "schemars", schemars(with = "bool"))]
    pub is_paused: Option<bool>,
    /// What its plan includes.
    #[serde(default, skip_serializing_if = "Option::is_none", deserialize_with = "lenient::optional")]
    #[cfg_attr(feature = "schemars", schemars(with = "License"))]
    pub license: Option<License>,
    /// What is left of its own credits in this period.
    #[serde(default, skip_serializing_if = "Option::is_none", deserialize_with = "lenient::optional")]
    #[cfg_attr(feature = "schemars", schemars(with = "Centicredits"))]
    pub unused_centicredits: Option<Centicredits>,
}

/// What an organization's plan includes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct License {
    /// The distributor's pool: the operations that are not allocated to a child. Make does not document it; it is inferred.
    #[serde(default, skip_serializing_if = "Option::is_none", deserialize_with = "number::optional_integer")]
    #[cfg_attr(feature = "schemars", schemars(with = "i64"))]
    pub operations: Option<i64>,
    /// Requests that the organization may make in a minute.
    #[serde(default, skip_serializing_if = "Option::is_none", deserialize_with = "number::optional_integer")]
    #[cfg_attr(feature = "schemars", schemars(with = "i64"))]
    pub api_limit: Option<i64>,
    /// How often the counters return to 0: `monthly` or `annual`.
    #[serde(default, skip_serializing_if = "Option::is_none", deserialize_with = "lenient::optional")]
    #[cfg_attr(feature = "schemars", schemars(with = "String"))]
    pub restart_period: Option<String>,
}
