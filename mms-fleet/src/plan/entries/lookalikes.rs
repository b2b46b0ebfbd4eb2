//! Names that look like that of an entry which would be created: those of children, and of other entries.

use std::collections::HashMap;

use super::matching::{Keys, Match};
use crate::appearance::Appearance;
use crate::fleet::child::Child;
use crate::observed::ObservedChild;
use crate::plan::stop::StopKind;

/// Children and entries by what their names look like: one look at each name, however many entries ask.
pub(super) struct Lookalikes<'a> {
    /// Of each appearance one child: that which no entry is, if there is one, and of several that of the least id.
    children: HashMap<Appearance, (Option<&'a str>, &'a ObservedChild)>,
    /// The first and the last entry of each appearance by their names.
    entries: HashMap<Appearance, (&'a str, &'a str)>,
}

impl<'a> Lookalikes<'a> {
    /// Takes what the names read as, and which entry is which child. An entry that is given up creates nothing, and asks nothing.
    pub(super) fn new(entries: &'a [Child], rows: &'a [ObservedChild], matches: &[Match<'a>], keys: &Keys) -> Self {
        let has = |(child, found): (&'a Child, &Match<'a>)| match found {
            Ok(Some(row)) => Some((row.id, child.name.as_str())),
            _ => None,
        };
        let owners: HashMap<_, _> = entries.iter().zip(matches).filter_map(has).collect();
        let mut children = HashMap::<_, (Option<&str>, &ObservedChild)>::with_capacity(keys.children.len());
        for row in rows {
            let Some(appearance) = keys.children.get(&row.id).and_then(Appearance::of) else { continue };
            let found = (owners.get(&row.id).copied(), row);
            let best = children.entry(appearance).or_insert(found);
            if rank(found) < rank(*best) {
                *best = found;
            }
        }
        let mut names = HashMap::<_, (&str, &str)>::with_capacity(keys.entries.len());
        for (child, key) in entries.iter().zip(&keys.entries).filter(|(child, _)| !child.retired) {
            let (Some(appearance), name) = (Appearance::of(key), child.name.as_str()) else { continue };
            let (first, last) = names.entry(appearance).or_insert((name, name));
            *first = name.min(first);
            *last = name.max(last);
        }
        Self { children, entries: names }
    }

    /// Returns why an entry may be meant for another; nothing where no name looks like it.
    pub(super) fn stop(&self, name: &str, appearance: &Appearance) -> Option<StopKind> {
        if let Some((entry, row)) = self.children.get(appearance) {
            let (id, name) = (row.id, row.name.clone().unwrap_or_default());
            return Some(StopKind::LooksLikeChild { id, name, entry: entry.map(str::to_owned) });
        }
        let (first, last) = self.entries.get(appearance)?;
        let other = if *first == name { last } else { first };
        (*other != name).then(|| StopKind::LooksLikeEntry { name: (*other).to_owned() })
    }
}

fn rank((entry, row): (Option<&str>, &ObservedChild)) -> impl Ord + use<> {
    (entry.is_some(), row.id)
}
