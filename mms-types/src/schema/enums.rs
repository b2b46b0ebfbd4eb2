//! Make's enums: regions, countries, zones and time zones.

use serde::{Deserialize, Serialize};

use crate::scalar::id::{CountryId, RegionId, TimezoneId, ZoneId};
use crate::scalar::lenient;

/// Every region.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct RegionList {
    /// The regions.
    pub imt_regions: Vec<Region>,
}

/// A region in which Make can host an organization.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
pub struct Region {
    /// The region's id.
    pub id: RegionId,
    /// The region's name, such as `EU`.
    pub name: String,
}

/// Every country.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
pub struct CountryList {
    /// The countries.
    pub countries: Vec<Country>,
}

/// A country that an organization can belong to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
pub struct Country {
    /// The country's id: Make's own, not the ISO number.
    pub id: CountryId,
    /// The country's English name.
    pub name: String,
    /// The ISO 3166-1 alpha-3 code in upper case, such as `AFG`.
    #[serde(default, skip_serializing_if = "Option::is_none", deserialize_with = "lenient::optional")]
    #[cfg_attr(feature = "schemars", schemars(with = "String"))]
    pub code: Option<String>,
    /// The ISO 3166-1 alpha-2 code in lower case, such as `af`.
    #[serde(default, skip_serializing_if = "Option::is_none", deserialize_with = "lenient::optional")]
    #[cfg_attr(feature = "schemars", schemars(with = "String"))]
    pub code2: Option<String>,
}

/// Every zone.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct ZoneList {
    /// The zones.
    pub imt_zones: Vec<Zone>,
}

/// An installation of Make that hosts organizations.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
pub struct Zone {
    /// The zone's id.
    pub id: ZoneId,
    /// The zone's host, such as `eu1.make.com`.
    pub domain: String,
    /// The zone's name, such as `EU1`.
    #[serde(default, skip_serializing_if = "Option::is_none", deserialize_with = "lenient::optional")]
    #[cfg_attr(feature = "schemars", schemars(with = "String"))]
    pub name: Option<String>,
}

/// Every time zone.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
pub struct TimezoneList {
    /// The time zones.
    pub timezones: Vec<Timezone>,
}

/// A time zone that an organization can be in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
pub struct Timezone {
    /// The time zone's id.
    pub id: TimezoneId,
    /// The time zone's display name, such as `(GMT+01:00) Europe/Prague`.
    pub name: String,
    /// The IANA name, such as `Europe/Prague`.
    #[serde(default, skip_serializing_if = "Option::is_none", deserialize_with = "lenient::optional")]
    #[cfg_attr(feature = "schemars", schemars(with = "String"))]
    pub code: Option<String>,
    /// The offset from UTC, such as `+0100`.
    #[serde(default, skip_serializing_if = "Option::is_none", deserialize_with = "lenient::optional")]
    #[cfg_attr(feature = "schemars", schemars(with = "String"))]
    pub offset: Option<String>,
}
