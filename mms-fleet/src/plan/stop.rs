//! Stop: why an apply of a plan refuses.

use mms_types::OrganizationId;
use serde::{Deserialize, Serialize};

use crate::place::Place;

/// Reason why an apply refuses a plan.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stop {
    /// The reason.
    pub kind: StopKind,
    /// The child by its name in the fleet; nothing where it is about the plan as a whole.
    pub name: Option<String>,
    /// Where the entry stands.
    pub place: Option<Place>,
}

/// Kind of a [`Stop`], with its figures.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum StopKind {
    /// The list is not proven complete, so that nothing may be created by it.
    ListIncomplete,
    /// More children would be created than the guard allows.
    TooManyCreates {
        /// How many.
        creates: u64,
        /// The guard, in children.
        allowed: u64,
    },
    /// More allocations would change than the guard allows.
    TooManyChanges {
        /// How many.
        changes: u64,
        /// The guard, in children.
        allowed: u64,
    },
    /// The pool does not suffice.
    PoolTooSmall {
        /// How many credits are missing, the reserve included.
        credits: u64,
    },
    /// The pool cannot be read, so that nobody knows whether it suffices.
    PoolUnknown,
    /// The child would be left with no more than it has consumed, and its entry does not allow that.
    Pauses,
    /// The child would be lowered, and its consumption is not reported.
    ConsumptionUnknown,
    /// The id of the entry is no child of this distributor.
    NoSuchChild {
        /// The id.
        id: OrganizationId,
    },
    /// Several children in Make have the name, and the entry has no id.
    SeveralOfThatName {
        /// Their ids.
        ids: Vec<OrganizationId>,
    },
    /// The entry may be a child that has another name in Make by now: one that no entry names, and that differs in nothing else.
    MaybeRenamed {
        /// The children that it may be.
        candidates: Vec<OrganizationId>,
    },
    /// The entry lacks what a create needs.
    Incomplete {
        /// The keys, such as `owner`.
        missing: Vec<&'static str>,
    },
    /// A region or country of the entry does not exist.
    UnknownEnum {
        /// `region` or `country`.
        what: &'static str,
        /// What the entry says.
        text: String,
        /// The nearest that exist.
        nearest: Vec<String>,
    },
    /// The list shows the child without its allocation.
    AllocationUnknown,
}

/// A guard that a flag lifts for one apply.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum Lift {
    /// `max_creates`.
    MaxCreates,
    /// `max_change`.
    MaxChange,
    /// `pool_reserve`.
    PoolReserve,
}
