//! Ledger: the state that the records of a journal add up to.

use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;

use mms_types::OrganizationId;

use super::record::{AllocationIntent, AllocationOutcome, Intent, IntentId, IntentOutcome, Moment, Record, Run};
use super::{Claim, History, OpenIntent, Written};

/// Every intent, in the order in which they were written down, with the last that is known of each.
#[derive(Debug, Default)]
pub(super) struct Ledger {
    entries: Vec<Entry>,
    places: HashMap<IntentId, usize>,
    /// The entries that became each child; an id may be that of several distributors or APIs.
    by_child: HashMap<OrganizationId, Vec<usize>>,
    allocations: Vec<AllocationEntry>,
    allocation_places: HashMap<IntentId, usize>,
    runs: Vec<Run>,
    /// Every intent of either kind.
    order: Vec<Place>,
    /// The children of each distributor of an API before its last intent.
    by_distributor: HashMap<(String, OrganizationId), Arc<BTreeSet<OrganizationId>>>,
}

#[derive(Debug)]
struct Entry {
    /// The intent, without its `ids_before` when it is settled.
    intent: Intent,
    last: Option<(Moment, IntentOutcome)>,
}

#[derive(Debug)]
struct AllocationEntry {
    intent: AllocationIntent,
    last: Option<(Moment, AllocationOutcome)>,
}

impl AllocationEntry {
    fn is_open(&self) -> bool {
        self.last.as_ref().is_none_or(|(_, outcome)| !outcome.is_final())
    }
}

/// Place of an intent among those of its kind.
#[derive(Debug, Clone, Copy)]
enum Place {
    Create(usize),
    Allocation(usize),
}

impl Ledger {
    /// Takes the records of a file; the number of the one that does not fit and why, from 1.
    pub(super) fn read(records: Vec<Record>) -> Result<Self, (u64, String)> {
        let mut ledger = Self::default();
        for (record, number) in records.into_iter().zip(1..) {
            ledger.check(&record).map_err(|reason| (number, reason))?;
            ledger.apply(record);
        }
        Ok(ledger)
    }

    /// Returns an intent as it is written after those that are here.
    pub(super) fn record(&self, intent: &Intent) -> Record {
        let fleet = self.by_distributor.get(&distributor(intent)).map(Arc::clone).unwrap_or_default();
        let intent = intent.clone();
        Record::Intent {
            appeared: intent.ids_before.difference(&fleet).copied().collect(),
            gone: fleet.difference(&intent.ids_before).copied().collect(),
            intent: Intent { ids_before: Arc::default(), ..intent },
        }
    }

    /// Says why a record does not fit what was written before.
    pub(super) fn check(&self, record: &Record) -> Result<(), String> {
        match record {
            Record::Intent { intent: Intent { id, .. }, .. } | Record::Allocation(AllocationIntent { id, .. })
                if self.places.contains_key(id) || self.allocation_places.contains_key(id) =>
            {
                Err(format!("the intent {id} is written down already"))
            }
            Record::Run(run) if self.runs.iter().any(|other| other.id == run.id) => {
                Err(format!("the run {} is written down already", run.id))
            }
            Record::Intent { .. } | Record::Allocation(_) | Record::Run(_) => Ok(()),
            Record::Allocated { intent, .. } => match self.allocation(intent) {
                None => Err(format!("there is no intent {intent}")),
                Some(entry) if !entry.is_open() => Err(format!("the intent {intent} is settled already")),
                Some(_) => Ok(()),
            },
            Record::Outcome { intent, .. } => match self.entry(intent) {
                None => Err(format!("there is no intent {intent}")),
                Some(entry) if !entry.is_open() => Err(format!("the intent {intent} is settled already")),
                Some(_) => Ok(()),
            },
        }
    }

    /// Says why a record is not to be written after those that are here. A child came of one intent alone.
    pub(super) fn check_new(&self, record: &Record) -> Result<(), String> {
        self.check(record)?;
        let Record::Outcome { intent: id, outcome, .. } = record else { return Ok(()) };
        let (Some(child), Some(entry)) = (outcome.organization_id(), self.entry(id)) else { return Ok(()) };
        let is_here =
            |other: &&Entry| other.intent.parent == entry.intent.parent && other.intent.api == entry.intent.api;
        let of_child = self.by_child.get(&child).into_iter().flatten();
        match of_child.filter_map(|place| self.entries.get(*place)).find(is_here) {
            Some(other) => Err(format!("child {child} came of intent {}", other.intent.id)),
            None => Ok(()),
        }
    }

    /// Takes a record that fits.
    pub(super) fn apply(&mut self, record: Record) {
        match record {
            Record::Intent { mut intent, appeared, gone } => {
                let fleet = self.by_distributor.entry(distributor(&intent)).or_default();
                let ids = Arc::make_mut(fleet);
                ids.extend(appeared);
                for id in gone {
                    ids.remove(&id);
                }
                intent.ids_before = Arc::clone(fleet);
                self.places.insert(intent.id.clone(), self.entries.len());
                self.order.push(Place::Create(self.entries.len()));
                self.entries.push(Entry { intent, last: None });
            }
            Record::Allocation(intent) => {
                self.allocation_places.insert(intent.id.clone(), self.allocations.len());
                self.order.push(Place::Allocation(self.allocations.len()));
                self.allocations.push(AllocationEntry { intent, last: None });
            }
            Record::Allocated { intent, at, outcome } => {
                let place = self.allocation_places.get(&intent).copied();
                if let Some(entry) = place.and_then(|place| self.allocations.get_mut(place)) {
                    entry.last = Some((at, outcome));
                }
            }
            Record::Run(run) => self.runs.push(run),
            Record::Outcome { intent, at, outcome } => {
                let Some(place) = self.places.get(&intent).copied() else { return };
                if let Some(child) = outcome.organization_id() {
                    self.by_child.entry(child).or_default().push(place);
                }
                if let Some(entry) = self.entries.get_mut(place) {
                    entry.last = Some((at, outcome));
                    if !entry.is_open() {
                        entry.intent.ids_before = Arc::default();
                    }
                }
            }
        }
    }

    fn entry(&self, id: &IntentId) -> Option<&Entry> {
        self.entries.get(*self.places.get(id)?)
    }

    fn allocation(&self, id: &IntentId) -> Option<&AllocationEntry> {
        self.allocations.get(*self.allocation_places.get(id)?)
    }

    pub(super) fn open_allocations(&self) -> Vec<AllocationIntent> {
        let open = self.allocations.iter().filter(|entry| entry.is_open());
        open.map(|entry| entry.intent.clone()).collect()
    }

    pub(super) fn history(&self) -> History {
        let written = |place: &Place| match *place {
            Place::Create(place) => {
                let Entry { intent, last } = self.entries.get(place)?;
                Some(Written::Create { intent: intent.clone(), outcome: last.clone() })
            }
            Place::Allocation(place) => {
                let AllocationEntry { intent, last } = self.allocations.get(place)?;
                Some(Written::Allocation { intent: intent.clone(), outcome: last.clone() })
            }
        };
        History { runs: self.runs.clone(), writes: self.order.iter().filter_map(written).collect() }
    }

    pub(super) fn open_intents(&self) -> Vec<OpenIntent> {
        let open = self.entries.iter().filter(|entry| entry.is_open());
        open.map(|Entry { intent, last }| {
            let stopped = last.as_ref().map(|(_, outcome)| outcome.clone());
            OpenIntent { intent: intent.clone(), stopped }
        })
        .collect()
    }

    pub(super) fn claims(&self) -> Vec<Claim> {
        let claim = |Entry { intent, last }: &Entry| {
            let (at, outcome) = last.as_ref()?;
            Some(Claim::new(intent, outcome.organization_id()?, *at))
        };
        self.entries.iter().filter_map(claim).collect()
    }
}

fn distributor(intent: &Intent) -> (String, OrganizationId) {
    (intent.api.clone(), intent.parent)
}

impl Entry {
    fn is_open(&self) -> bool {
        self.last.as_ref().is_none_or(|(_, outcome)| !outcome.is_final())
    }
}
