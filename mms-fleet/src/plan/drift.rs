//! Drift: what differs and no write of the API can mend.

use std::fmt;

use mms_types::OrganizationId;
use serde::{Deserialize, Serialize};

/// A child that differs from the fleet in what the API cannot change.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Drift {
    /// Its name as the fleet has it.
    pub name: String,
    /// The child.
    pub organization_id: OrganizationId,
    /// What differs.
    pub kind: DriftKind,
    /// What the fleet has.
    pub wanted: String,
    /// What Make has.
    pub found: String,
}

/// A region or country of an entry that was not compared with its child, because the lists of them were not read.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct NotCompared {
    /// The child's name as the fleet has it.
    pub name: String,
    /// The child.
    pub organization_id: OrganizationId,
    /// What may differ.
    pub kind: DriftKind,
    /// What the fleet has.
    pub wanted: String,
}

/// What of a child differs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
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

impl fmt::Display for Drift {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { name, organization_id, kind, wanted, found } = self;
        match kind {
            DriftKind::Name => write!(
                formatter,
                "child {organization_id} is called {found:?} in Make and {wanted:?} in the fleet: rename one of the two"
            ),
            kind => write!(
                formatter,
                "{name:?}: the {kind} is {found:?} in Make and {wanted:?} in the fleet, and the API cannot change it: \
                 correct the fleet, or change it in the web app"
            ),
        }
    }
}

impl fmt::Display for DriftKind {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.pad(match self {
            Self::Name => "name",
            Self::Country => "country",
            Self::Region => "region",
            Self::Owner => "owner",
        })
    }
}
