//! Records of an allocation.

use std::time::Duration;

use mms_types::{Operations, OrganizationId};
use serde::{Deserialize, Serialize};

use super::{IntentId, Moment, RunId, least_age};
use crate::config::api_name::place_of;

/// The intent to set one child's allocation, as it is written down before anything is sent.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct AllocationIntent {
    /// The intent itself.
    pub id: IntentId,
    /// When it was written down.
    pub at: Moment,
    /// The same in milliseconds since the machine was started; nothing where that is not known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub since_boot: Option<u64>,
    /// The name of the API, by default its root.
    pub api: String,
    /// The distributor.
    pub parent: OrganizationId,
    /// The child.
    pub organization_id: OrganizationId,
    /// The child's name; nothing where the list does not show it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub organization_name: Option<String>,
    /// What it had before, in operations.
    pub before: i64,
    /// What it is to have, in operations.
    pub operations: Operations,
    /// The run that it belongs to; nothing where none was written down.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub run: Option<RunId>,
}

impl AllocationIntent {
    /// Returns the place of the API: its name without the identity of a sandbox.
    #[must_use]
    pub fn place(&self) -> &str {
        place_of(&self.api)
    }

    /// Returns for how long the intent has been written down at least, by a clock that nobody can set, as
    /// [`Intent::least_age`](super::Intent::least_age) does.
    #[must_use]
    pub fn least_age(&self, since_boot: Option<Duration>) -> Option<Duration> {
        least_age(self.since_boot, since_boot)
    }
}

/// What became of an [`AllocationIntent`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", rename_all_fields = "camelCase")]
#[non_exhaustive]
pub enum AllocationOutcome {
    /// The server answered that it is set.
    Set {
        /// What was left in the pool by the answer, in operations.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pool: Option<i64>,
    },
    /// The list shows it, though no answer says so.
    ReadBack,
    /// The server refused: nothing was changed.
    Refused {
        /// The error, on one line.
        reason: String,
    },
    /// It was never sent: nothing was changed.
    Unsent {
        /// The error, on one line.
        reason: String,
    },
    /// The child has neither what it had nor what it was to have: somebody else wrote too.
    OtherWriter {
        /// What it has, in operations.
        found: i64,
    },
    /// Nobody knows. Not the end: the next run looks.
    Unknown {
        /// The error, on one line.
        reason: String,
    },
    /// Nobody knew, and a later run found this.
    Found {
        /// What the child had then, in operations; nothing where the list no longer shows it.
        operations: Option<i64>,
    },
    /// Nobody knew, and then a later allocation of the same child was set: what came of this one cannot be seen any more.
    Superseded,
}

impl AllocationOutcome {
    /// Says whether nothing more becomes of the intent; while false it is open.
    #[must_use]
    pub const fn is_final(&self) -> bool {
        !matches!(self, Self::Unknown { .. })
    }
}
