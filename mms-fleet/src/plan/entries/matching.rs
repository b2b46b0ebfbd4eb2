//! Matching of a fleet's entries with the children that a distributor has.

use std::collections::HashMap;
use std::collections::hash_map::Entry;

use mms_types::{NameKey, OrganizationId};

use crate::fleet::child::Child;
use crate::observed::ObservedChild;
use crate::plan::stop::StopKind;

/// What an entry is.
pub(super) type Match<'a> = Result<Option<&'a ObservedChild>, StopKind>;

/// The entries of a fleet, and the children of a distributor that they are.
///
/// An entry is the child of its id. One without an id is the one child of exactly its name, unless an entry of another name has that
/// child's id. A name that only reads the same is never a match, and never a reason for a create.
pub(super) struct Matching<'a> {
    /// What each entry is, in the fleet's order: a child, or none that is known.
    pub(super) matches: Vec<Match<'a>>,
    /// The children that no entry is.
    pub(super) unclaimed: Vec<&'a ObservedChild>,
    /// What each name reads as; nothing where every entry is a child.
    pub(super) keys: Keys,
}

/// What the names of entries and children read as: made once, since it takes a look at every letter.
#[derive(Debug, Default)]
pub(super) struct Keys {
    /// In the fleet's order.
    pub(super) entries: Vec<NameKey>,
    pub(super) children: HashMap<OrganizationId, NameKey>,
}

/// Children by id, name, and what the name reads as.
struct Index<'a> {
    rows: &'a [ObservedChild],
    by_id: HashMap<OrganizationId, usize>,
    /// Sorted.
    by_name: Vec<(&'a str, usize)>,
}

impl<'a> Index<'a> {
    fn new(rows: &'a [ObservedChild]) -> Self {
        let mut by_id = HashMap::with_capacity(rows.len());
        let mut by_name = Vec::with_capacity(rows.len());
        for (index, row) in rows.iter().enumerate() {
            // A row that comes twice is one child.
            if let Entry::Vacant(place) = by_id.entry(row.id) {
                place.insert(index);
                by_name.extend(row.name.as_deref().map(|name| (name, index)));
            }
        }
        by_name.sort_unstable_by_key(|(name, index)| (*name, rows[*index].id));
        Self { rows, by_id, by_name }
    }

    /// Returns the children of exactly a name.
    fn named(&self, name: &str) -> &[(&'a str, usize)] {
        let start = self.by_name.partition_point(|(other, _)| *other < name);
        let length = self.by_name[start..].partition_point(|(other, _)| *other == name);
        &self.by_name[start..start + length]
    }

    /// Returns each child of the least id among those whose names read the same.
    fn by_key<'k>(&self, keys: &'k HashMap<OrganizationId, NameKey>) -> HashMap<&'k NameKey, usize> {
        let mut by_key = HashMap::with_capacity(keys.len());
        for (_, index) in &self.by_name {
            let id = self.rows[*index].id;
            let Some(key) = keys.get(&id) else { continue };
            let least = by_key.entry(key).or_insert(*index);
            if id < self.rows[*least].id {
                *least = *index;
            }
        }
        by_key
    }

    fn keys(&self, entries: &[Child]) -> Keys {
        let key = |(name, index): &(&str, usize)| (self.rows[*index].id, NameKey::new(name));
        Keys {
            entries: entries.iter().map(|child| NameKey::new(child.name.as_str())).collect(),
            children: self.by_name.iter().map(key).collect(),
        }
    }
}

impl<'a> Matching<'a> {
    pub(super) fn new(entries: &[Child], rows: &'a [ObservedChild]) -> Self {
        let index = Index::new(rows);
        let mut claims = Claims { by: vec![None; rows.len()], twice: vec![false; entries.len()] };
        let mut matches: Vec<Match<'a>> = vec![Ok(None); entries.len()];
        for (entry, child) in entries.iter().enumerate() {
            if let Some(row) = child.id.and_then(|id| index.by_id.get(&id)) {
                claims.claim(*row, entry);
                matches[entry] = Ok(Some(&rows[*row]));
            }
        }
        for (entry, child) in entries.iter().enumerate().filter(|(_, child)| child.id.is_none()) {
            matches[entry] = match index.named(child.name.as_str()) {
                [] => Ok(None),
                [(_, row)] => match claims.by[*row] {
                    Some(other) if entries[other].id.is_some() => Err(taken(&rows[*row], Some(&entries[other]))),
                    _ => {
                        claims.claim(*row, entry);
                        Ok(Some(&rows[*row]))
                    }
                },
                several => {
                    Err(StopKind::SeveralOfThatName { ids: several.iter().map(|(_, row)| rows[*row].id).collect() })
                }
            };
        }
        let is_absent = |(child, found): (&Child, &Match<'a>)| child.id.is_none() && *found == Ok(None);
        let mut keys = Keys::default();
        if entries.iter().zip(&matches).any(is_absent) {
            keys = index.keys(entries);
            look_for_names_that_read_the_same(entries, &index, &keys, &claims, &mut matches);
        }
        for (found, _) in matches.iter_mut().zip(&claims.twice).filter(|(_, twice)| **twice) {
            *found = Err(StopKind::NamedTwice);
        }
        let is_unclaimed = |(row, child): &(usize, &ObservedChild)| {
            claims.by[*row].is_none() && index.by_id.get(&child.id) == Some(row)
        };
        let unclaimed = rows.iter().enumerate().filter(is_unclaimed).map(|(_, child)| child).collect();
        Self { matches, unclaimed, keys }
    }
}

/// Which entry has which child.
struct Claims {
    /// The entry of each row.
    by: Vec<Option<usize>>,
    /// Whether an entry has a child that another has, too.
    twice: Vec<bool>,
}

impl Claims {
    fn claim(&mut self, row: usize, entry: usize) {
        if let Some(other) = self.by[row].replace(entry) {
            self.twice[other] = true;
            self.twice[entry] = true;
        }
    }
}

/// Stops entries that are no child yet where a child, or another entry, has a name that reads the same.
fn look_for_names_that_read_the_same(
    entries: &[Child],
    index: &Index<'_>,
    keys: &Keys,
    claims: &Claims,
    matches: &mut [Match<'_>],
) {
    let mut counts: HashMap<&NameKey, usize> = HashMap::with_capacity(keys.entries.len());
    for key in &keys.entries {
        *counts.entry(key).or_default() += 1;
    }
    let by_key = index.by_key(&keys.children);
    for (entry, (child, key)) in entries.iter().zip(&keys.entries).enumerate() {
        if child.id.is_some() || matches[entry] != Ok(None) {
            continue;
        }
        if let Some(row) = by_key.get(key) {
            matches[entry] = Err(taken(&index.rows[*row], claims.by[*row].map(|other| &entries[other])));
        } else if counts.get(key).is_some_and(|count| *count > 1) {
            matches[entry] = Err(StopKind::NamedTwice);
        }
    }
}

fn taken(row: &ObservedChild, entry: Option<&Child>) -> StopKind {
    let name = row.name.clone().unwrap_or_default();
    StopKind::NameTaken { id: row.id, name, entry: entry.map(|entry| entry.name.as_str().to_owned()) }
}
