//! What this machine created, by name. A create of such a name is never made again, so that no plan may promise it.

use std::collections::HashMap;

use mms_types::{NameKey, OrganizationId};

use super::matching::Match;
use crate::fleet::child::Child;
use crate::observed::{Observed, ObservedChild};
use crate::plan::stop::StopKind;

/// The creates of this machine, and what became of their children.
pub(super) struct Creations<'a> {
    by_name: HashMap<NameKey, Vec<OrganizationId>>,
    listed: HashMap<OrganizationId, Listed<'a>>,
}

/// A child of the list.
#[derive(Clone, Copy)]
struct Listed<'a> {
    name: Option<&'a str>,
    /// The entry that is this child.
    entry: Option<&'a str>,
}

impl<'a> Creations<'a> {
    pub(super) fn new(entries: &'a [Child], observed: &'a Observed, matches: &[Match<'a>]) -> Self {
        let mut by_name = HashMap::<NameKey, Vec<OrganizationId>>::new();
        for known in &observed.known {
            by_name.entry(NameKey::new(&known.name)).or_default().push(known.id);
        }
        if by_name.is_empty() {
            return Self { by_name, listed: HashMap::new() };
        }
        let row = |child: &'a ObservedChild| (child.id, Listed { name: child.name.as_deref(), entry: None });
        let mut listed: HashMap<_, _> = observed.children.iter().map(row).collect();
        for (child, found) in entries.iter().zip(matches) {
            if let Ok(Some(row)) = found
                && let Some(listed) = listed.get_mut(&row.id)
            {
                listed.entry = Some(child.name.as_str());
            }
        }
        Self { by_name, listed }
    }

    /// Returns the listed child that was created under a name which no child has now: of several one that no entry is, and the latest.
    pub(super) fn renamed(&self, name: &NameKey) -> Option<OrganizationId> {
        self.found(name).map(|(id, _)| id)
    }

    /// Returns why an entry of such a name is not created.
    pub(super) fn stop(&self, name: &NameKey) -> Option<StopKind> {
        let (id, Listed { name, entry }) = self.found(name)?;
        Some(StopKind::CreatedAs { id, name: name.map(str::to_owned), entry: entry.map(str::to_owned) })
    }

    /// Returns the latest child that was created under a name and is not listed.
    pub(super) fn unlisted(&self, name: &NameKey) -> Option<OrganizationId> {
        self.of(name).filter(|id| !self.listed.contains_key(id)).max()
    }

    fn found(&self, name: &NameKey) -> Option<(OrganizationId, Listed<'a>)> {
        let listed = self.of(name).filter_map(|id| Some((id, *self.listed.get(&id)?)));
        listed.max_by_key(|(id, listed)| (listed.entry.is_none(), *id))
    }

    fn of(&self, name: &NameKey) -> impl Iterator<Item = OrganizationId> {
        self.by_name.get(name).into_iter().flatten().copied()
    }
}
