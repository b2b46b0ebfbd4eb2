//! Sentence of a stop: the value, and the way out.

use std::fmt;

use mms_types::{Operations, OrganizationId, grouped, grouped_hundredths};

use super::{Candidate, Stop, StopKind};

/// Most ids that a message names.
const MOST: usize = 5;

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
                "{} children would be created and max_creates allows {}: --max-creates {creates} allows it once",
                grouped(*creates),
                grouped(*allowed)
            ),
            Self::TooManyChanges { changes, allowed } => write!(
                formatter,
                "the allocation of {} children would change and max_change allows {}: --max-change {changes} allows it once",
                grouped(*changes),
                grouped(*allowed)
            ),
            Self::PoolTooSmall { credits, reserve } => pool_too_small(formatter, *credits, *reserve),
            Self::PoolUnknown => formatter.write_str(
                "the pool was not read, so that nobody knows whether it suffices: the token needs the scope organizations:read",
            ),
            Self::Pauses { after, consumed } => {
                write!(formatter, "it would have {} credits", grouped(after.get()))?;
                if let Some(consumed) = consumed {
                    write!(formatter, " and has consumed {}", grouped_hundredths(consumed.get().into()))?;
                }
                formatter.write_str(", which pauses its scenarios: ask for more, or write `allow_pause: true`")
            }
            Self::ConsumptionUnknown { after } => write!(
                formatter,
                "it would be lowered to {} credits, and its consumption is not reported: wait for it, or write `allow_pause: true`",
                grouped(after.get())
            ),
            Self::NoSuchChild { id, named } => no_such_child(formatter, *id, *named),
            Self::SeveralOfThatName { ids } => {
                let shown: Vec<_> = ids.iter().take(MOST).map(ToString::to_string).collect();
                let count = grouped(ids.len() as u64);
                write!(formatter, "{count} children in Make have that name: write the id of one, {}", shown.join(" or "))
            }
            Self::NameTaken { id, name, entry } => name_taken(formatter, *id, name, entry.as_deref()),
            Self::LooksLikeChild { id, name, entry } => looks_like(formatter, *id, name, entry.as_deref()),
            Self::LooksLikeEntry { name } => write!(
                formatter,
                "the entry {name:?} looks the same: write `id: new` if this is another client, else keep one of the two"
            ),
            Self::NameUnknown { id } => write!(
                formatter,
                "Make lists child {id} without its name, so that it may be this one: plan again, or write `id: {id}` if it is"
            ),
            Self::NamedTwice => formatter.write_str("the fleet names this child more than once: keep one of the entries"),
            Self::MaybeRenamed { candidates, others } => {
                let ids = one_of(candidates, *others);
                write!(formatter, "it may be a child of another name in Make: write {ids} if it is, or `id: new` to create it")
            }
            Self::MaybeThere { candidates, others } => {
                let ids = one_of(candidates, *others);
                write!(
                    formatter,
                    "it is given up, and may be a child of another name in Make: write {ids} if it is, else remove the entry"
                )
            }
            Self::CreatedAs { id, name, entry } => created_as(formatter, *id, name.as_deref(), entry.as_deref()),
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
                "the run left {} credits and the child has {}: somebody changed it since, and it is not undone",
                grouped(*expected),
                grouped(*found)
            ),
            Self::NotWritable { credits } => write!(
                formatter,
                "it had {} credits, which is no multiple of {}: set its allocation by hand",
                grouped(*credits),
                grouped(Operations::STEP)
            ),
        }
    }
}

fn pool_too_small(formatter: &mut fmt::Formatter<'_>, credits: u64, reserve: u64) -> fmt::Result {
    write!(formatter, "the pool lacks {} credits", grouped(credits))?;
    if reserve > 0 {
        write!(formatter, " beside a pool_reserve of {}", grouped(reserve))?;
    }
    formatter.write_str(": ask for less, or --partial leaves out the children of the lowest priority")?;
    match reserve.checked_sub(credits) {
        Some(rest) if reserve > 0 => write!(formatter, ", or --pool-reserve {rest} allows it once"),
        _ => Ok(()),
    }
}

fn no_such_child(formatter: &mut fmt::Formatter<'_>, id: OrganizationId, named: Option<OrganizationId>) -> fmt::Result {
    write!(formatter, "the distributor has no child {id}")?;
    match named {
        None => formatter.write_str(": correct the id, remove the entry, or write `retired: true`"),
        Some(named) => {
            write!(
                formatter,
                ", and child {named} has that name: write `id: {named}` if it is meant, else another name"
            )
        }
    }
}

fn name_taken(formatter: &mut fmt::Formatter<'_>, id: OrganizationId, name: &str, entry: Option<&str>) -> fmt::Result {
    write!(formatter, "child {id} is called {name:?} in Make, ")?;
    match entry {
        None => write!(formatter, "which reads the same: write `id: {id}` if it is meant, else another name"),
        Some(entry) => write!(formatter, "and the entry {entry:?} has its id: give one of the two another name"),
    }
}

fn looks_like(formatter: &mut fmt::Formatter<'_>, id: OrganizationId, name: &str, entry: Option<&str>) -> fmt::Result {
    write!(formatter, "child {id} is called {name:?} in Make, which looks the same")?;
    match entry {
        None => write!(formatter, ": write `id: {id}` if it is meant, or `id: new` if this is another client"),
        Some(entry) => write!(
            formatter,
            ", and the entry {entry:?} is that child: write `id: new` if this is another client, else remove the entry"
        ),
    }
}

/// Names the ids of several children as what to write.
fn one_of(candidates: &[Candidate], others: u64) -> String {
    let candidates: Vec<_> = candidates.iter().map(named).collect();
    let more = if others > 0 { format!(" or of one of {} more", grouped(others)) } else { String::new() };
    format!("the id of {}{more}", candidates.join(" or "))
}

fn created_as(
    formatter: &mut fmt::Formatter<'_>,
    id: OrganizationId,
    name: Option<&str>,
    entry: Option<&str>,
) -> fmt::Result {
    write!(formatter, "it was created before from this machine as {id}, which ")?;
    match name {
        Some(name) => write!(formatter, "is called {name:?} in Make")?,
        None => formatter.write_str("Make lists without its name")?,
    }
    match entry {
        None => write!(formatter, ": write `id: {id}` if it is meant, else another name"),
        Some(entry) => write!(
            formatter,
            ", and the entry {entry:?} has its id: remove one of the two entries, or give this one another name"
        ),
    }
}

/// Names a child by its id and its name in Make.
fn named(child: &Candidate) -> String {
    let id = child.organization_id;
    child.name.as_ref().map_or_else(|| id.to_string(), |name| format!("{id} {name:?}"))
}
