//! Which child an entry without an id is, and which children one may be: what an import goes by.

use std::collections::{HashMap, HashSet};

use mms_types::{NameKey, OrganizationId, OrganizationName};

use super::candidates::{Candidates, Facts};
use super::creations::Creations;
use super::enums::Enums;
use super::facts;
use super::matching::{Match, Matching};
use crate::fleet::Fleet;
use crate::fleet::child::{Child, CreateWhen};
use crate::observed::Observed;

/// Entries without an id, by the rules of a plan.
pub(crate) struct Unsure {
    /// The entries that are a child by its exact name.
    pub(crate) bound: Vec<(OrganizationName, OrganizationId)>,
    /// The children that no entry is and that one may be, each with the first of these entries.
    pub(crate) children: HashMap<OrganizationId, MaybeEntry>,
}

/// Entry that a child may be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct MaybeEntry {
    /// Its name.
    pub(crate) name: OrganizationName,
    /// Why it may be.
    pub(crate) why: Why,
}

/// Why a child may be an entry of another name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Why {
    /// Somebody may have renamed it in Make.
    Renamed,
    /// Somebody may have renamed it in Make, and the entry is given up.
    GivenUp,
    /// This machine created it under the name of the entry.
    Created,
}

impl Unsure {
    pub(crate) fn new(fleet: &Fleet, observed: &Observed) -> Self {
        let matching = Matching::new(&fleet.children, &observed.children);
        let without_id = || {
            let all = fleet.children.iter().zip(&matching.matches).enumerate();
            all.filter(|(_, (child, _))| child.id.is_none())
        };
        let of_name = |(_, (child, found)): (usize, (&Child, &Match<'_>))| match found {
            Ok(Some(row)) => Some((child.name.clone(), row.id)),
            _ => None,
        };
        let bound = without_id().filter_map(of_name).collect();
        let mut children = HashMap::new();
        let absent: Vec<_> = without_id().filter(|(_, (_, found))| **found == Ok(None)).collect();
        if !absent.is_empty() && !matching.unclaimed.is_empty() {
            let keys = &matching.keys;
            let unclaimed: HashSet<_> = matching.unclaimed.iter().map(|child| child.id).collect();
            let creations = Creations::new(&fleet.children, observed, &matching.matches);
            let candidates = Candidates::new(observed, &matching.unclaimed, &keys.children);
            let mut enums = Enums::new(observed.catalogue.as_ref());
            let mut noted: HashSet<Facts> = HashSet::new();
            for (index, (child, _)) in absent {
                let key = keys.entries.get(index).cloned().unwrap_or_else(|| NameKey::new(child.name.as_str()));
                let entry = |why| MaybeEntry { name: child.name.clone(), why };
                if let Some(id) = creations.renamed(&key).filter(|id| unclaimed.contains(id)) {
                    children.insert(id, entry(Why::Created));
                } else if child.create == CreateWhen::NotRenamed && creations.unlisted(&key).is_none() {
                    // A region that is not known contradicts nothing.
                    let region = child.region.as_ref().and_then(|region| enums.region(region).ok());
                    let why = if child.retired { Why::GivenUp } else { Why::Renamed };
                    candidates.each(child, &key, &facts(child, region), &mut noted, |id| {
                        children.entry(id).or_insert_with(|| entry(why));
                    });
                }
            }
        }
        Self { bound, children }
    }
}
