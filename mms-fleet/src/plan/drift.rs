//! Drift: what differs and no write of the API can mend.

use mms_types::OrganizationId;
use serde::{Deserialize, Serialize};

/// A child that differs from the fleet in what the API cannot change.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct Drift {
    /// The child.
    pub organization_id: OrganizationId,
    /// Its name as the fleet has it.
    pub name: String,
    /// What differs.
    pub kind: DriftKind,
    /// What the fleet has.
    pub wanted: String,
    /// What Make has.
    pub found: String,
}

/// What of a child differs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum DriftKind {
    /// The name: somebody renamed the child in Make.
    Name,
    /// The country.
    Country,
    /// The region, by the journal of this machine: no list shows it.
    Region,
    /// The owner, by the journal of this machine: no list shows it.
    Owner,
}
