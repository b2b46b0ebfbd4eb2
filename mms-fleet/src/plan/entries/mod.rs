//! Entries of a fleet, one at a time: what is written for each, and what stands against it.

mod candidates;
mod creations;
pub(crate) mod enums;
mod lookalikes;
mod matching;
pub(crate) mod unsure;

use std::collections::HashMap;

use jiff::civil::Date;
use mms_types::{CreateChildOrganizationRequest, NameKey, Operations, OrganizationId, RegionId};

use super::draft::Draft;
use super::drift::{Drift, DriftKind, NotCompared};
use super::needs::CatalogueNeed;
use super::step::{Action, Step};
use super::stop::StopKind;
use super::{Binding, HeldChild};
use crate::appearance::Appearance;
use crate::fleet::Fleet;
use crate::fleet::child::{Child, CreateWhen, EnumRef};
use crate::observed::{KnownChild, Observed, ObservedChild};
use candidates::{Candidates, Facts};
use creations::Creations;
use enums::{Enums, Names, id_of};
use lookalikes::Lookalikes;
use matching::Matching;

/// Drafts the plan of a fleet.
pub(super) fn draft(fleet: &Fleet, observed: &Observed, today: Date) -> Draft {
    let matching = Matching::new(&fleet.children, &observed.children);
    let mut entries = Entries {
        fleet,
        observed,
        today,
        enums: Enums::new(observed.catalogue.as_ref()),
        known: observed.known.iter().map(|known| (known.id, known)).collect(),
        matching: &matching,
        nameless: matching.unclaimed.iter().filter(|child| child.name.is_none()).map(|child| child.id).min(),
        creations: None,
        candidates: None,
        lookalikes: None,
        named: None,
        draft: Draft::default(),
    };
    for (index, (child, found)) in fleet.children.iter().zip(&matching.matches).enumerate() {
        match found {
            Ok(Some(row)) => entries.present(child, row),
            Ok(None) => entries.absent(child, index),
            Err(kind) => entries.draft.stop(kind.clone(), child),
        }
    }
    let mut draft = entries.draft;
    draft.unmanaged = matching.unclaimed.iter().map(|child| (*child).into()).collect();
    draft
}

struct Entries<'a> {
    fleet: &'a Fleet,
    observed: &'a Observed,
    today: Date,
    enums: Enums<'a>,
    known: HashMap<OrganizationId, &'a KnownChild>,
    matching: &'a Matching<'a>,
    /// A child without a name that no entry is.
    nameless: Option<OrganizationId>,
    /// These four are made when the first entry asks for them.
    creations: Option<Creations<'a>>,
    candidates: Option<Candidates<'a>>,
    lookalikes: Option<Lookalikes<'a>>,
    /// The children that no entry is, by name.
    named: Option<HashMap<&'a str, OrganizationId>>,
    draft: Draft,
}

impl<'a> Entries<'a> {
    /// Plans an entry whose child is there.
    fn present(&mut self, child: &Child, row: &ObservedChild) {
        let name = child.name.as_str();
        if child.id.is_none() {
            self.draft.bound.push(Binding { name: name.to_owned(), organization_id: row.id });
        }
        self.drift(child, row);
        let Some(after) = child.credits_on(self.today) else {
            self.draft.unchanged += 1;
            return;
        };
        let Some(before) = row.credits else {
            if child.hold {
                self.hold(child, Some(row), after);
            } else {
                self.draft.stop(StopKind::AllocationUnknown { id: row.id }, child);
            }
            return;
        };
        if i128::from(before) == i128::from(after.get()) {
            self.draft.unchanged += 1;
        } else if child.hold {
            self.hold(child, Some(row), after);
        } else {
            let may_pause = child.allow_pause || child.retired;
            let consumed = self.observed.consumption.as_ref().and_then(|all| all.get(&row.id)).copied();
            let action = Action::Allocate { organization_id: row.id, before, after, consumed, may_pause };
            let step = Step { name: name.to_owned(), priority: child.priority, action };
            self.draft.change(step, self.observed, child.place.as_ref());
        }
    }

    /// Notes a child that is not changed though it would be.
    fn hold(&mut self, child: &Child, row: Option<&ObservedChild>, after: Operations) {
        self.draft.held.push(HeldChild {
            name: child.name.as_str().to_owned(),
            organization_id: row.map(|row| row.id),
            before: row.and_then(|row| row.credits),
            after,
        });
    }

    /// Plans an entry whose child is not there.
    fn absent(&mut self, child: &Child, index: usize) {
        let is_proof = self.observed.is_complete;
        if !is_proof {
            self.draft.needs.proven_list = true;
        }
        match child.id {
            Some(_) if child.retired && is_proof => self.draft.gone.push(child.name.as_str().to_owned()),
            None if child.retired && is_proof => match self.still_there(child, index) {
                Some(kind) => self.draft.stop(kind, child),
                None => self.draft.gone.push(child.name.as_str().to_owned()),
            },
            Some(id) if is_proof => {
                let named = self.unclaimed_of(child.name.as_str());
                self.draft.stop(StopKind::NoSuchChild { id, named }, child);
            }
            Some(_) => self.draft.stop(StopKind::ListIncomplete, child),
            None if child.retired => self.draft.stop(StopKind::ListIncomplete, child),
            None if child.hold => {
                if let Some(after) = child.credits_on(self.today) {
                    self.hold(child, None, after);
                }
            }
            None => self.create(child, index),
        }
    }

    /// Returns the child of exactly a name that no entry is; of several that of the least id.
    fn unclaimed_of(&mut self, name: &str) -> Option<OrganizationId> {
        let unclaimed = &self.matching.unclaimed;
        let named = self.named.get_or_insert_with(|| {
            let mut named = HashMap::with_capacity(unclaimed.len());
            for child in unclaimed {
                let Some(name) = child.name.as_deref() else { continue };
                let least = named.entry(name).or_insert(child.id);
                *least = child.id.min(*least);
            }
            named
        });
        named.get(name).copied()
    }

    fn create(&mut self, child: &Child, index: usize) {
        self.draft.needs.proven_list = true;
        if let Some(id) = self.nameless {
            self.draft.stop(StopKind::NameUnknown { id }, child);
            return;
        }
        if self.enums.regions.is_empty() || self.enums.countries.is_empty() {
            self.draft.needs.catalogue(CatalogueNeed::Create);
            self.draft.stop(StopKind::CatalogueUnknown, child);
            return;
        }
        let region = self.meant(child, child.region.as_ref(), Enums::region);
        let country = self.meant(child, child.country.as_ref(), Enums::country);
        let (Ok(region), Ok(country)) = (region, country) else { return };
        let doubts = self.doubts(child, index, region);
        if !doubts.is_empty() {
            for kind in doubts {
                self.draft.stop(kind, child);
            }
            return;
        }
        let credits = child.credits_on(self.today);
        let (Some(owner), Some(region_id), Some(country_id), Some(operations)) =
            (&child.owner, region, country, credits)
        else {
            let keys = [
                ("owner", child.owner.is_none()),
                ("region", region.is_none()),
                ("country", country.is_none()),
                ("credits", credits.is_none()),
            ];
            let missing = keys.into_iter().filter(|(_, is_missing)| *is_missing).map(|(key, _)| key.to_owned());
            self.draft.stop(StopKind::Incomplete { missing: missing.collect() }, child);
            return;
        };
        let request = CreateChildOrganizationRequest {
            user_email: owner.email.clone(),
            user_name: owner.name.clone(),
            organization_name: child.name.clone(),
            region_id,
            country_id,
            operations,
        };
        let name = child.name.as_str().to_owned();
        self.draft.steps.push(Step { name, priority: child.priority, action: Action::Create { request } });
    }

    /// Returns why an entry may be a child that exists, or another entry: all that `id: new` lifts, or what it does not.
    fn doubts(&mut self, child: &Child, index: usize, region: Option<RegionId>) -> Vec<StopKind> {
        let key = self.key(child, index);
        if let Some(kind) = self.creations().stop(&key) {
            return vec![kind];
        }
        if child.create == CreateWhen::Always {
            return Vec::new();
        }
        let (matching, observed, fleet) = (self.matching, self.observed, self.fleet);
        let lookalikes = self.lookalikes.get_or_insert_with(|| {
            Lookalikes::new(&fleet.children, &observed.children, &matching.matches, &matching.keys)
        });
        let alike = Appearance::of(&key).and_then(|appearance| lookalikes.stop(child.name.as_str(), &appearance));
        let maybe = match self.creations().unlisted(&key) {
            Some(id) => Some(StopKind::CreatedBefore { id }),
            None => self.candidates().stop(child, &key, &facts(child, region)),
        };
        let maybe = maybe.filter(|maybe| !says_no_more(maybe, alike.as_ref()));
        alike.into_iter().chain(maybe).collect()
    }

    /// Returns why an entry that is given up may be a child that still has its credits.
    fn still_there(&mut self, child: &Child, index: usize) -> Option<StopKind> {
        let key = self.key(child, index);
        if let Some(kind) = self.creations().stop(&key) {
            return Some(kind);
        }
        if self.creations().unlisted(&key).is_some() {
            return None;
        }
        let region = child.region.as_ref().and_then(|region| self.enums.region(region).ok());
        self.candidates().stop(child, &key, &facts(child, region))
    }

    /// Returns what the name of an entry reads as.
    fn key(&self, child: &Child, index: usize) -> NameKey {
        self.matching.keys.entries.get(index).cloned().unwrap_or_else(|| NameKey::new(child.name.as_str()))
    }

    fn creations(&mut self) -> &Creations<'a> {
        let (matching, observed, fleet) = (self.matching, self.observed, self.fleet);
        self.creations.get_or_insert_with(|| Creations::new(&fleet.children, observed, &matching.matches))
    }

    fn candidates(&mut self) -> &Candidates<'a> {
        let (matching, observed) = (self.matching, self.observed);
        self.candidates.get_or_insert_with(|| Candidates::new(observed, &matching.unclaimed, &matching.keys.children))
    }

    /// Finds what an entry names; stops where there is no such thing.
    fn meant<T>(
        &mut self,
        child: &Child,
        named: Option<&EnumRef>,
        find: impl Fn(&mut Enums<'a>, &EnumRef) -> Result<T, StopKind>,
    ) -> Result<Option<T>, ()> {
        named.map(|named| find(&mut self.enums, named)).transpose().map_err(|kind| {
            let place = named.and_then(|named| named.place.clone()).or_else(|| child.place.clone());
            self.draft.stop_at(kind, child.name.as_str(), place);
        })
    }

    /// Notes what differs between an entry and its child, and no write can mend.
    fn drift(&mut self, child: &Child, row: &ObservedChild) {
        let drift = |kind, wanted: &str, found: String| Drift {
            name: child.name.as_str().to_owned(),
            organization_id: row.id,
            kind,
            wanted: wanted.to_owned(),
            found,
        };
        if let Some(found) = row.name.as_deref().filter(|found| *found != child.name.as_str()) {
            self.draft.drift.push(drift(DriftKind::Name, child.name.as_str(), found.to_owned()));
        }
        let unknown = |kind, wanted: &EnumRef| NotCompared {
            name: child.name.as_str().to_owned(),
            organization_id: row.id,
            kind,
            wanted: wanted.text.clone(),
        };
        if let (Some(wanted), Some(found)) = (&child.country, row.country) {
            match compared(&mut self.enums.countries, wanted, found.get()) {
                Compared::Same => {}
                Compared::Other(found) => self.draft.drift.push(drift(DriftKind::Country, &wanted.text, found)),
                Compared::Unknown => self.draft.not_compared(unknown(DriftKind::Country, wanted)),
            }
        }
        let Some(known) = self.known.get(&row.id) else { return };
        if let (Some(wanted), Some(found)) = (&child.region, known.region) {
            match compared(&mut self.enums.regions, wanted, found.get()) {
                Compared::Same => {}
                Compared::Other(found) => self.draft.drift.push(drift(DriftKind::Region, &wanted.text, found)),
                Compared::Unknown => self.draft.not_compared(unknown(DriftKind::Region, wanted)),
            }
        }
        if let (Some(wanted), Some(found)) = (&child.owner, &known.owner)
            && wanted.email.as_str().to_lowercase() != found.to_lowercase()
        {
            self.draft.drift.push(drift(DriftKind::Owner, wanted.email.as_str(), found.clone()));
        }
    }
}

/// Returns what an entry says that a child may contradict.
fn facts(child: &Child, region: Option<RegionId>) -> Facts {
    Facts::new(child.owner.as_ref().map(|owner| owner.email.as_str()), region)
}

/// Says whether a stop names only the child that another names already.
fn says_no_more(maybe: &StopKind, alike: Option<&StopKind>) -> bool {
    match (maybe, alike) {
        (StopKind::MaybeRenamed { candidates, others: 0 }, Some(StopKind::LooksLikeChild { id, .. })) => {
            candidates.iter().all(|candidate| candidate.organization_id == *id)
        }
        _ => false,
    }
}

/// What a region or country of an entry is to that of its child.
enum Compared {
    Same,
    /// Another one, of this name.
    Other(String),
    /// Nobody knows without the list of them.
    Unknown,
}

fn compared(names: &mut Names<'_>, wanted: &EnumRef, found: u64) -> Compared {
    let id = id_of(&wanted.text);
    if id == Some(found) {
        Compared::Same
    } else if names.is_empty() && id.is_none() {
        Compared::Unknown
    } else if names.find(&wanted.text) == Ok(found) {
        Compared::Same
    } else {
        Compared::Other(names.name(found))
    }
}
