//! Stop: why an apply of a plan refuses.

mod record;
mod text;

use mms_types::{Centicredits, Operations, OrganizationId};
use serde::{Deserialize, Serialize};

use crate::place::Place;
use record::StopRecord;

/// Reason why an apply refuses a plan. Its `Display` is one sentence that names the value and the way out.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(from = "StopRecord", into = "StopRecord")]
pub struct Stop {
    /// The reason.
    pub kind: StopKind,
    /// The child by its name in the fleet; nothing where it is about the plan as a whole.
    pub name: Option<String>,
    /// Where the entry stands.
    pub place: Option<Place>,
}

/// Kind of a [`Stop`], with its figures.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[serde(tag = "kind", rename_all = "snake_case", rename_all_fields = "camelCase", deny_unknown_fields)]
#[non_exhaustive]
pub enum StopKind {
    /// The list is not proven complete: what it lacks may exist.
    ListIncomplete,
    /// Regions and countries were not read, and a child would be created.
    CatalogueUnknown,
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
        /// The reserve.
        reserve: u64,
    },
    /// The pool cannot be read, so that nobody knows whether it suffices.
    PoolUnknown,
    /// The child would be left with no more than it has consumed, and its entry does not allow that.
    Pauses {
        /// What it would have.
        after: Operations,
        /// What it has consumed; nothing where that is not known.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        #[cfg_attr(feature = "schemars", schemars(with = "Centicredits"))]
        consumed: Option<Centicredits>,
    },
    /// The child would be lowered, and its consumption was not read or is not reported.
    ConsumptionUnknown {
        /// What it would have.
        after: Operations,
    },
    /// The id is no child of this distributor.
    NoSuchChild {
        /// The id.
        id: OrganizationId,
        /// The child that has the name of the entry and that no entry is; nothing where none has.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        #[cfg_attr(feature = "schemars", schemars(with = "OrganizationId"))]
        named: Option<OrganizationId>,
    },
    /// Several children in Make have the name, and the entry has no id.
    SeveralOfThatName {
        /// Their ids.
        ids: Vec<OrganizationId>,
    },
    /// A child in Make has a name that reads the same, and is another one or may be.
    NameTaken {
        /// The child.
        id: OrganizationId,
        /// Its name.
        name: String,
        /// The entry of another name that has its id; nothing where none has.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        #[cfg_attr(feature = "schemars", schemars(with = "String"))]
        entry: Option<String>,
    },
    /// A child in Make has a name that looks the same but for punctuation, spaces, marks or letters of another script.
    LooksLikeChild {
        /// The child.
        id: OrganizationId,
        /// Its name in Make.
        name: String,
        /// The entry that is this child; nothing where none is.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        #[cfg_attr(feature = "schemars", schemars(with = "String"))]
        entry: Option<String>,
    },
    /// Another entry of the fleet has a name that looks the same but for punctuation, spaces, marks or letters of another script.
    LooksLikeEntry {
        /// The other entry.
        name: String,
    },
    /// Make lists a child without its name that no entry names: it may be this one.
    NameUnknown {
        /// The child.
        id: OrganizationId,
    },
    /// The fleet has the child, or a name that reads the same, more than once.
    NamedTwice,
    /// The entry may be a child that has another name in Make by now: one that no entry names, and that differs in nothing else.
    MaybeRenamed {
        /// The likeliest of the children that it may be.
        candidates: Vec<Candidate>,
        /// How many more there are.
        others: u64,
    },
    /// The entry is given up, has no id, and may be a child that has another name in Make by now and would keep its credits.
    MaybeThere {
        /// The likeliest of the children that it may be.
        candidates: Vec<Candidate>,
        /// How many more there are.
        others: u64,
    },
    /// A child of that name was created from this machine before, and has another name in Make by now. `id: new` does not lift it.
    CreatedAs {
        /// Its id.
        id: OrganizationId,
        /// Its name in Make; nothing where the server sent none.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        #[cfg_attr(feature = "schemars", schemars(with = "String"))]
        name: Option<String>,
        /// The entry of another name that has its id; nothing where none has.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        #[cfg_attr(feature = "schemars", schemars(with = "String"))]
        entry: Option<String>,
    },
    /// A child of that name was created from this machine before, and Make does not list it.
    CreatedBefore {
        /// Its id.
        id: OrganizationId,
    },
    /// The entry lacks what a create needs.
    Incomplete {
        /// The keys, such as `owner`.
        missing: Vec<String>,
    },
    /// A region or country of the entry does not exist.
    UnknownEnum {
        /// `region` or `country`.
        what: String,
        /// What the entry says.
        text: String,
        /// The nearest that exist.
        nearest: Vec<String>,
    },
    /// A region or country of the entry may be one of several.
    AmbiguousEnum {
        /// `region` or `country`.
        what: String,
        /// What the entry says.
        text: String,
        /// The ids of those that it may be.
        ids: Vec<u64>,
    },
    /// The list shows the child without its allocation.
    AllocationUnknown {
        /// The child.
        id: OrganizationId,
    },
    /// The child has another allocation than the run left that is undone.
    ChangedSince {
        /// What the run left.
        expected: i64,
        /// What it has.
        found: i64,
    },
    /// The allocation that a run found cannot be written: it is no multiple of 10,000.
    NotWritable {
        /// The allocation.
        credits: i64,
    },
}

/// Child that an entry may be under another name.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Candidate {
    /// The id.
    pub organization_id: OrganizationId,
    /// Its name in Make; nothing where the server sent none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schemars", schemars(with = "String"))]
    pub name: Option<String>,
}
