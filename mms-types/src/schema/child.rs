//! Child organizations: the list, and the create.

use serde::{Deserialize, Serialize};

use crate::scalar::{id, lenient, number};
use crate::schema::rows;
use crate::{
    CountryId, EmailAddress, NameKey, Operations, OrganizationId, OrganizationName, Pagination, RegionId, TimezoneId,
    UserId, UserName, ZoneId,
};

/// The child organizations of a distributor, or one page of them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct ChildOrganizationList {
    /// The children; empty where the distributor has none.
    #[serde(deserialize_with = "rows::all")]
    pub managed_organizations: Vec<ChildOrganization>,
    /// How the server cut the list into pages.
    #[serde(default, skip_serializing_if = "Option::is_none", deserialize_with = "lenient::optional")]
    #[cfg_attr(feature = "schemars", schemars(with = "Pagination"))]
    pub pg: Option<Pagination>,
}

/// One child organization. Its owner, its status and its consumption are not part of the list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct ChildOrganization {
    /// The child's id.
    pub organization_id: OrganizationId,
    /// The child's name; Make does not promise that names are unique. Nothing where the server sent none that can be read.
    #[serde(default, skip_serializing_if = "Option::is_none", deserialize_with = "lenient::text")]
    #[cfg_attr(feature = "schemars", schemars(with = "String"))]
    pub organization_name: Option<String>,
    /// The child's allocation in operations, which the web application calls credits. Nothing where the server sent none that can
    /// be read, which is not the same as 0.
    #[serde(default, skip_serializing_if = "Option::is_none", deserialize_with = "number::optional_integer")]
    #[cfg_attr(feature = "schemars", schemars(with = "i64"))]
    pub operations_allocated: Option<i64>,
    /// The country that was given at creation.
    #[serde(default, skip_serializing_if = "Option::is_none", deserialize_with = "CountryId::optional")]
    #[cfg_attr(feature = "schemars", schemars(with = "CountryId"))]
    pub country_id: Option<CountryId>,
    /// The child's time zone.
    #[serde(default, skip_serializing_if = "Option::is_none", deserialize_with = "TimezoneId::optional")]
    #[cfg_attr(feature = "schemars", schemars(with = "TimezoneId"))]
    pub timezone_id: Option<TimezoneId>,
    /// The zone that hosts the child.
    #[serde(default, skip_serializing_if = "Option::is_none", deserialize_with = "ZoneId::optional")]
    #[cfg_attr(feature = "schemars", schemars(with = "ZoneId"))]
    pub zone_id: Option<ZoneId>,
    /// The host of that zone, such as `eu1.make.com`.
    #[serde(default, skip_serializing_if = "Option::is_none", deserialize_with = "lenient::text")]
    #[cfg_attr(feature = "schemars", schemars(with = "String"))]
    pub zone_domain: Option<String>,
    /// The name of that zone, such as `EU1`.
    #[serde(default, skip_serializing_if = "Option::is_none", deserialize_with = "lenient::text")]
    #[cfg_attr(feature = "schemars", schemars(with = "String"))]
    pub zone_name: Option<String>,
}

impl ChildOrganization {
    /// Says whether the server sent the row without its name or its allocation.
    ///
    /// Make's answers have both. One row that lacks them must not make the others unreadable; whoever sums up allocations or
    /// concludes from a name that is missing has to ask this.
    #[must_use]
    pub const fn is_incomplete(&self) -> bool {
        self.organization_name.is_none() || self.operations_allocated.is_none()
    }

    /// Returns what the name reads as; nothing where there is no name.
    #[must_use]
    pub fn name_key(&self) -> Option<NameKey> {
        self.organization_name.as_deref().map(NameKey::new)
    }
}

/// What a distributor says to create a child organization. A created child can never be deleted.
///
/// Make's published schema marks every field optional; this type asks for all six, because a child without an owner or
/// a name could not be told from another. It fails to serialize with an id that is none, such as `RegionId::new(0)`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct CreateChildOrganizationRequest {
    /// The owner's e-mail address, of an existing user or of an external contact without an account.
    pub user_email: EmailAddress,
    /// The owner's name.
    pub user_name: UserName,
    /// The child's name.
    pub organization_name: OrganizationName,
    /// The region that is to host the child; it can never be changed.
    #[serde(serialize_with = "id::checked")]
    pub region_id: RegionId,
    /// The child's country.
    #[serde(serialize_with = "id::checked")]
    pub country_id: CountryId,
    /// The child's first allocation, taken from the distributor's pool.
    pub operations: Operations,
}

/// The child organization that a create made.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct CreatedChildOrganization {
    /// The new child's id.
    pub child_organization_id: OrganizationId,
    /// The owner's id.
    #[serde(default, skip_serializing_if = "Option::is_none", deserialize_with = "lenient::optional")]
    #[cfg_attr(feature = "schemars", schemars(with = "UserId"))]
    pub user_id: Option<UserId>,
    /// The owner's e-mail address.
    #[serde(default, skip_serializing_if = "Option::is_none", deserialize_with = "lenient::text")]
    #[cfg_attr(feature = "schemars", schemars(with = "String"))]
    pub user_email: Option<String>,
    /// The owner's name.
    #[serde(default, skip_serializing_if = "Option::is_none", deserialize_with = "lenient::text")]
    #[cfg_attr(feature = "schemars", schemars(with = "String"))]
    pub user_name: Option<String>,
    /// The owner's language, such as `en`.
    #[serde(default, skip_serializing_if = "Option::is_none", deserialize_with = "lenient::text")]
    #[cfg_attr(feature = "schemars", schemars(with = "String"))]
    pub user_language: Option<String>,
    /// Whether the owner had an account before. Travels as 1 or 0; a boolean is read too.
    #[serde(
        default,
        skip_serializing_if = "Option::is_none",
        deserialize_with = "number::boolean::optional",
        serialize_with = "number::boolean::as_number"
    )]
    #[cfg_attr(
        feature = "schemars",
        schemars(with = "i64", extend("format" = "int32", "minimum" = 0, "maximum" = 1))
    )]
    pub user_existed: Option<bool>,
    /// What is left in the distributor's pool, in operations.
    #[serde(default, skip_serializing_if = "Option::is_none", deserialize_with = "number::optional_integer")]
    #[cfg_attr(feature = "schemars", schemars(with = "i64"))]
    pub new_parent_operations: Option<i64>,
    /// The host of the zone that hosts the child.
    #[serde(default, skip_serializing_if = "Option::is_none", deserialize_with = "lenient::text")]
    #[cfg_attr(feature = "schemars", schemars(with = "String"))]
    pub domain: Option<String>,
}
