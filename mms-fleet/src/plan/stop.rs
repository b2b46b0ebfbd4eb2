//! Stop: why an apply of a plan refuses.

use std::fmt;

use mms_types::{Centicredits, Operations, OrganizationId};
use serde::{Deserialize, Serialize};

use crate::place::Place;

/// Most ids that a message names.
const MOST_IDS: usize = 5;

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
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
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
        candidates: Vec<OrganizationId>,
        /// How many more there are.
        others: u64,
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

impl fmt::Display for Stop {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(place) = &self.place {
            write!(formatter, "{place}: ")?;
        }
        if let Some(name) = &self.name {
            write!(formatter, "{name:?}: ")?;
        }
        self.kind.fmt(formatter)
    }
}

impl fmt::Display for StopKind {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::ListIncomplete => formatter
                .write_str("the list of children is not proven to be whole, and what it lacks may exist: plan again"),
            Self::CatalogueUnknown => {
                formatter.write_str("regions and countries were not read, which a create needs: plan again")
            }
            Self::TooManyCreates { creates, allowed } => write!(
                formatter,
                "{creates} children would be created and max_creates allows {allowed}: --max-creates {creates} allows it once"
            ),
            Self::TooManyChanges { changes, allowed } => write!(
                formatter,
                "the allocation of {changes} children would change and max_change allows {allowed}: --max-change {changes} \
                 allows it once"
            ),
            Self::PoolTooSmall { credits, reserve } => pool_too_small(formatter, *credits, *reserve),
            Self::PoolUnknown => formatter.write_str(
                "the pool was not read, so that nobody knows whether it suffices: the token needs the scope organizations:read",
            ),
            Self::Pauses { after, consumed } => {
                write!(formatter, "it would have {after} credits")?;
                if let Some(consumed) = consumed {
                    write!(formatter, " and has consumed {consumed}")?;
                }
                formatter.write_str(", which pauses its scenarios: ask for more, or write `allow_pause: true`")
            }
            Self::ConsumptionUnknown { after } => write!(
                formatter,
                "it would be lowered to {after} credits, and its consumption is not reported: wait for it, or write \
                 `allow_pause: true`"
            ),
            Self::NoSuchChild { id } => write!(
                formatter,
                "the distributor has no child {id}: correct the id, remove the entry, or write `retired: true`"
            ),
            Self::SeveralOfThatName { ids } => {
                write!(formatter, "{} children in Make have that name: write the id of one, ", ids.len())?;
                alternatives(formatter, ids)
            }
            Self::NameTaken { id, name, entry: None } => write!(
                formatter,
                "child {id} is called {name:?} in Make, which reads the same: write `id: {id}` if it is meant, else another name"
            ),
            Self::NameTaken { id, name, entry: Some(entry) } => write!(
                formatter,
                "child {id} is called {name:?} in Make, and the entry {entry:?} has its id: give one of the two another name"
            ),
            Self::NameUnknown { id } => write!(
                formatter,
                "Make lists child {id} without its name, so that it may be this one: plan again, or write `id: {id}` if it is"
            ),
            Self::NamedTwice => formatter.write_str("the fleet names this child more than once: keep one of the entries"),
            Self::MaybeRenamed { candidates, others } => {
                formatter.write_str("it may be a child of another name in Make: write its id, ")?;
                alternatives(formatter, candidates)?;
                if *others > 0 {
                    write!(formatter, " or one of {others} more")?;
                }
                formatter.write_str(", or `id: new` to create it; `mms import` adds the children that no entry names")
            }
            Self::CreatedBefore { id } => write!(
                formatter,
                "it was created before from this machine as {id}, which Make does not list: plan again if that was just now, \
                 write `id: new` if it was unlinked"
            ),
            Self::Incomplete { missing } => write!(
                formatter,
                "it is not in Make, and a create needs {}: add what is missing, or its id if it has another name in Make",
                missing.join(", ")
            ),
            Self::UnknownEnum { what, text, nearest } if nearest.is_empty() => {
                write!(formatter, "there is no {what} {text:?}: `mms {what} list` shows them all")
            }
            Self::UnknownEnum { what, text, nearest } => {
                let nearest: Vec<_> = nearest.iter().map(|name| format!("{name:?}")).collect();
                write!(formatter, "there is no {what} {text:?}: write {}", nearest.join(" or "))
            }
            Self::AmbiguousEnum { what, text, ids } => {
                let ids: Vec<_> = ids.iter().map(u64::to_string).collect();
                write!(formatter, "the {what} {text:?} may be one of {}: write its id, {}", ids.len(), ids.join(" or "))
            }
            Self::AllocationUnknown { id } => {
                write!(formatter, "Make lists child {id} without its allocation, so that it cannot be compared: plan again")
            }
            Self::ChangedSince { expected, found } => write!(
                formatter,
                "the run left {expected} credits and the child has {found}: somebody changed it since, and it is not undone"
            ),
            Self::NotWritable { credits } => {
                write!(formatter, "it had {credits} credits, which is no multiple of 10000: set its allocation by hand")
            }
        }
    }
}

fn pool_too_small(formatter: &mut fmt::Formatter<'_>, credits: u64, reserve: u64) -> fmt::Result {
    write!(formatter, "the pool lacks {credits} credits")?;
    if reserve > 0 {
        write!(formatter, " beside a pool_reserve of {reserve}")?;
    }
    formatter.write_str(": ask for less, or --partial leaves out the children of the lowest priority")?;
    match reserve.checked_sub(credits) {
        Some(rest) if reserve > 0 => write!(formatter, ", or --pool-reserve {rest} allows it once"),
        _ => Ok(()),
    }
}

/// Writes ids as alternatives, the first of them.
fn alternatives(formatter: &mut fmt::Formatter<'_>, ids: &[OrganizationId]) -> fmt::Result {
    let shown: Vec<_> = ids.iter().take(MOST_IDS).map(ToString::to_string).collect();
    formatter.write_str(&shown.join(" or "))
}

/// A stop as it travels, with its sentence for who reads the JSON alone.
#[derive(Serialize, Deserialize)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema), schemars(rename = "Stop"))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct StopRecord {
    /// The child by its name in the fleet; left out where it is about the plan as a whole.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schemars", schemars(with = "String"))]
    name: Option<String>,
    /// Where the entry stands.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schemars", schemars(with = "PlaceRecord"))]
    place: Option<PlaceRecord>,
    /// The reason, with its figures.
    reason: StopKind,
    /// The reason and the way out in one sentence.
    message: String,
}

/// A place as it travels.
#[derive(Serialize, Deserialize)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema), schemars(rename = "Place"))]
#[serde(deny_unknown_fields)]
struct PlaceRecord {
    /// The file.
    file: String,
    /// The line, from 1.
    line: usize,
    /// The column in characters, from 1.
    column: usize,
}

impl From<Stop> for StopRecord {
    fn from(stop: Stop) -> Self {
        let message = stop.to_string();
        let place = stop.place.map(|Place { file, line, column }| PlaceRecord { file: file.to_string(), line, column });
        Self { name: stop.name, place, reason: stop.kind, message }
    }
}

impl From<StopRecord> for Stop {
    fn from(record: StopRecord) -> Self {
        let place = record.place.map(|PlaceRecord { file, line, column }| Place { file: file.into(), line, column });
        Self { kind: record.reason, name: record.name, place }
    }
}

#[cfg(feature = "schemars")]
impl schemars::JsonSchema for Stop {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        StopRecord::schema_name()
    }

    fn json_schema(generator: &mut schemars::SchemaGenerator) -> schemars::Schema {
        StopRecord::json_schema(generator)
    }
}
