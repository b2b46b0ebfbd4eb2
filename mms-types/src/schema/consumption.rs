//! Consumption of child organizations since their last reset.

use std::cmp::Ordering;

use serde::{Deserialize, Serialize};

use crate::scalar::centicredits::Centicredits;
use crate::scalar::id::OrganizationId;
use crate::scalar::timestamp::Timestamp;
use crate::scalar::{lenient, number};
use crate::schema::rows;

/// The consumption of a distributor's child organizations.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct ChildOrganizationConsumptionList {
    /// One row a child; empty where there is none.
    #[serde(deserialize_with = "rows::all")]
    pub managed_organizations_consumption: Vec<ChildOrganizationConsumption>,
}

/// The consumption of one child organization; its name and allocation are part of the list of children.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct ChildOrganizationConsumption {
    /// The child's id.
    pub organization_id: OrganizationId,
    /// What the child consumed of its allocation: compare it with 100 times the allocation. Nothing where the server sent no number
    /// that can be read, which is not the same as 0.
    #[serde(default, skip_serializing_if = "Option::is_none", deserialize_with = "lenient::optional")]
    #[cfg_attr(feature = "schemars", schemars(with = "Centicredits"))]
    pub centicredits_consumed: Option<Centicredits>,
    /// What the child consumed beyond its allocation.
    #[serde(default, skip_serializing_if = "Option::is_none", deserialize_with = "lenient::optional")]
    #[cfg_attr(feature = "schemars", schemars(with = "Centicredits"))]
    pub centicredits_extra: Option<Centicredits>,
    /// Operations consumed; undercounts AI modules, which cost more than one credit an operation.
    #[serde(default, skip_serializing_if = "Option::is_none", deserialize_with = "number::optional_integer")]
    #[cfg_attr(feature = "schemars", schemars(with = "i64"))]
    pub operations_consumed: Option<i64>,
    /// Operations consumed beyond the allocation.
    #[serde(default, skip_serializing_if = "Option::is_none", deserialize_with = "number::optional_integer")]
    #[cfg_attr(feature = "schemars", schemars(with = "i64"))]
    pub operations_extra: Option<i64>,
    /// Data transferred.
    #[serde(default, skip_serializing_if = "Option::is_none", deserialize_with = "number::optional_integer")]
    #[cfg_attr(feature = "schemars", schemars(with = "i64"))]
    pub transfer_consumed: Option<i64>,
    /// Data transferred beyond the allowance.
    #[serde(default, skip_serializing_if = "Option::is_none", deserialize_with = "number::optional_integer")]
    #[cfg_attr(feature = "schemars", schemars(with = "i64"))]
    pub transfer_extra: Option<i64>,
    /// When the counters last returned to 0.
    #[serde(default, deserialize_with = "lenient::optional")]
    pub last_reset: Option<Timestamp>,
}

impl ChildOrganizationConsumption {
    /// Compares two rows of one child by what it consumed. One that does not say comes last: it may be more than the other.
    #[must_use]
    pub fn compare_consumed(&self, other: &Self) -> Ordering {
        let key = |row: &Self| (row.centicredits_consumed.is_none(), row.centicredits_consumed);
        key(self).cmp(&key(other))
    }
}
