//! Records of a journal.

mod allocation;
mod history;
mod id;
mod run;

use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use mms_types::{CountryId, Operations, OrganizationId, RegionId};
use serde::{Deserialize, Serialize};

use crate::config::api_name::{place_of, sandbox_of};
use crate::env::clock::Clock;
pub use allocation::{AllocationIntent, AllocationOutcome};
pub use history::{History, Written};
pub use id::{IntentId, IntentIdError, RunId};
pub use run::Run;

/// A point of time, in milliseconds since 1970 by the wall clock.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Moment(u64);

impl Moment {
    /// Returns the point of time.
    #[must_use]
    pub fn time(self) -> SystemTime {
        SystemTime::UNIX_EPOCH.checked_add(Duration::from_millis(self.0)).unwrap_or(SystemTime::UNIX_EPOCH)
    }
}

impl From<SystemTime> for Moment {
    fn from(time: SystemTime) -> Self {
        let since = time.duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default();
        Self(u64::try_from(since.as_millis()).unwrap_or(u64::MAX))
    }
}

/// The intent to create one child organization, as it is written down before anything is sent.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct Intent {
    /// The intent itself.
    pub id: IntentId,
    /// When it was written down.
    pub at: Moment,
    /// The same in milliseconds since the machine was started; nothing where that is not known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub since_boot: Option<u64>,
    /// The name of the API, by default its root, so that one journal serves several.
    pub api: String,
    /// The distributor whose child it is to become.
    pub parent: OrganizationId,
    /// The child's name, as it is sent.
    pub organization_name: String,
    /// The child's region; no list shows it.
    pub region_id: RegionId,
    /// The child's country.
    pub country_id: CountryId,
    /// The child's allocation.
    pub operations: Operations,
    /// The owner's e-mail address; no list shows it.
    pub user_email: String,
    /// Every child that the distributor had before, by a list that was proven complete.
    #[serde(default, skip_serializing_if = "is_empty")]
    pub ids_before: Arc<BTreeSet<OrganizationId>>,
    /// What these children had been allocated, all together.
    pub allocated_before: i64,
    /// What was left in the distributor's pool, in operations; nothing where the token may not read it.
    pub pool_before: Option<i64>,
    /// The run that it belongs to; nothing where none was written down.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub run: Option<RunId>,
}

impl Intent {
    /// Returns the place of the API: its name without the identity of a sandbox.
    #[must_use]
    pub fn place(&self) -> &str {
        place_of(&self.api)
    }

    /// Returns for how long the intent has been written down at least, by a clock that nobody can set; `since_boot` is what that
    /// clock shows now. Nothing where it is not known.
    ///
    /// A machine that was started again since then has run for no longer than that, and if it was not, the difference is exact.
    #[must_use]
    pub fn least_age(&self, since_boot: Option<Duration>) -> Option<Duration> {
        least_age(self.since_boot, since_boot)
    }

    /// Returns the identity of the sandbox that it was sent to; nothing for Make.
    #[must_use]
    pub fn sandbox(&self) -> Option<&str> {
        sandbox_of(&self.api)
    }
}

fn least_age(milliseconds: Option<u64>, since_boot: Option<Duration>) -> Option<Duration> {
    let (then, now) = (Duration::from_millis(milliseconds?), since_boot?);
    Some(now.checked_sub(then).unwrap_or(now))
}

/// Returns the time since the machine was started, as an intent has it.
pub(crate) fn milliseconds_since_boot(clock: &dyn Clock) -> Option<u64> {
    u64::try_from(clock.since_boot()?.as_millis()).ok()
}

fn is_empty(ids: &Arc<BTreeSet<OrganizationId>>) -> bool {
    ids.is_empty()
}

/// What became of an intent.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", rename_all_fields = "camelCase")]
#[non_exhaustive]
pub enum IntentOutcome {
    /// The server answered with the new child.
    Created {
        /// The child.
        organization_id: OrganizationId,
    },
    /// The answer was lost, and exactly one new child fits.
    Adopted {
        /// The child.
        organization_id: OrganizationId,
    },
    /// The server refused: nothing was created.
    Refused {
        /// The error, on one line.
        reason: String,
    },
    /// The request was never sent: nothing was created.
    Unsent {
        /// The error, on one line.
        reason: String,
    },
    /// A person said which child it is.
    Assigned {
        /// The child.
        organization_id: OrganizationId,
        /// Why.
        reason: String,
    },
    /// A person gave the intent up, so that its name may be created again.
    GivenUp {
        /// Why.
        reason: String,
    },
    /// Several new children fit. Not the end: a person decides.
    Ambiguous {
        /// The children.
        candidates: Vec<OrganizationId>,
    },
    /// No child fits, and none need ever come. Not the end: it may still appear, or a person decides.
    Unproven,
    /// No child fits, and yet the pool fell. Not the end: a person decides.
    Contradiction,
}

impl IntentOutcome {
    /// Says whether nothing more becomes of the intent; while false it is open, and its name is not created again.
    #[must_use]
    pub fn is_final(&self) -> bool {
        match self {
            Self::Created { .. }
            | Self::Adopted { .. }
            | Self::Refused { .. }
            | Self::Unsent { .. }
            | Self::Assigned { .. }
            | Self::GivenUp { .. } => true,
            Self::Ambiguous { .. } | Self::Unproven | Self::Contradiction => false,
        }
    }

    /// Returns the child that the intent became.
    #[must_use]
    pub fn organization_id(&self) -> Option<OrganizationId> {
        match self {
            Self::Created { organization_id }
            | Self::Adopted { organization_id }
            | Self::Assigned { organization_id, .. } => Some(*organization_id),
            _ => None,
        }
    }
}

/// One record of a journal.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", rename_all_fields = "camelCase")]
pub(super) enum Record {
    /// An intent without its `ids_before`. Of these there is what changed since the distributor's intent before it: written whole
    /// with each, the ids would fill a disk when a large fleet is created.
    Intent {
        intent: Intent,
        appeared: Vec<OrganizationId>,
        gone: Vec<OrganizationId>,
    },
    Outcome {
        intent: IntentId,
        at: Moment,
        outcome: IntentOutcome,
    },
    Allocation(AllocationIntent),
    Allocated {
        intent: IntentId,
        at: Moment,
        outcome: AllocationOutcome,
    },
    Run(Run),
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_least_age_of_an_intent_holds_over_a_restart_of_the_machine() {
        let seconds = Duration::from_secs;
        let intent = |since_boot| Intent { since_boot, ..crate::write::journal::samples::intent("Sol") };
        let age = |then: u64, now: u64| intent(Some(then * 1_000)).least_age(Some(seconds(now)));
        assert_eq!(age(100, 350), Some(seconds(250)));
        assert_eq!(age(100, 40), Some(seconds(40)), "started again since, and 40 s ago");
        assert_eq!((intent(None).least_age(Some(seconds(9))), intent(Some(1)).least_age(None)), (None, None));
    }

    #[test]
    fn a_moment_keeps_the_millisecond() {
        let time = SystemTime::UNIX_EPOCH + Duration::from_millis(1_793_491_200_123);
        assert_eq!(Moment::from(time).time(), time);
    }
}
