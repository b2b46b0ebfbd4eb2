//! Merge of files into one fleet, with the checks across entries and files.

use std::collections::HashMap;
use std::hash::Hash;

use mms_types::{NameKey, OrganizationId};

use super::child::{check_defaults, child};
use super::decode::{Decode, Found, Reading};
use super::document::{Defaults, Document, GuardFields};
use super::problems::{Problems, in_order};
use super::source::Source;
use super::yaml::{At, tree};
use crate::fleet::child::Child;
use crate::fleet::guards::Guards;
use crate::fleet::{Fleet, Target};
use crate::place::{Place, Problem};

/// The beginning of a file.
const BEGINNING: At = At { line: 1, column: 1 };

/// Reads sources as one fleet. `problems` are those of files that could not be read at all.
pub(super) fn fleet(sources: &[Source], mut problems: Vec<Problem>) -> Result<Fleet, Problems> {
    let mut merge = Merge { names_organization: !problems.is_empty(), ..Merge::default() };
    for source in sources {
        problems.extend(in_order(merge.add(source)));
    }
    if !merge.names_organization {
        problems.push(Problem {
            place: sources.first().map(|source| source.place(BEGINNING)),
            message: "no file has the organization".to_owned(),
            help: "write organization: and the id of the distributor, such as organization: 11".to_owned(),
        });
    }
    match merge.organization {
        Some((organization, _)) if problems.is_empty() => Ok(Fleet {
            target: Target { zone: merge.zone.map(|(zone, _)| zone), organization },
            guards: merge.guards.map(|(guards, _)| guards).unwrap_or_default(),
            children: merge.children,
        }),
        _ => Err(Problems::new(problems)),
    }
}

/// What the files so far have said, and where.
#[derive(Default)]
struct Merge {
    zone: Option<(String, Place)>,
    organization: Option<(OrganizationId, Place)>,
    guards: Option<(Guards, Place)>,
    children: Vec<Child>,
    names: HashMap<NameKey, Place>,
    ids: HashMap<OrganizationId, Place>,
    external_ids: HashMap<String, Place>,
    /// Whether a file has the organization, or could not be read as far as that.
    names_organization: bool,
}

impl Merge {
    /// Adds a file and returns its problems.
    fn add(&mut self, source: &Source) -> Vec<Problem> {
        let mut problems = Vec::new();
        let Some(root) = tree(source, &mut problems) else {
            if problems.is_empty() {
                problems.push(source.problem(BEGINNING, "the file is empty", "write format: 1 and organization: 11"));
            }
            self.names_organization = true;
            return problems;
        };
        let mut reading = Reading::new(source);
        if let Some(document) = Document::decode(&root, "the file", &mut reading) {
            let has_key = root.mapping().is_some_and(|mapping| mapping.get("organization").is_some());
            self.names_organization |= has_key;
            self.document(document, &mut reading);
        } else {
            self.names_organization = true;
        }
        problems.extend(reading.into_problems());
        problems
    }

    fn document(&mut self, document: Document, reading: &mut Reading<'_>) {
        let is_unreadable = document.defaults.is_none() && document.unusable.has("defaults");
        let Document { format: _, zone, organization, defaults, guards, children, unusable: _ } = document;
        if let Some(Found { value: zone, at }) = zone {
            agreed(&mut self.zone, zone.0, at, "zone", reading);
        }
        if let Some(Found { value: organization, at }) = organization {
            agreed(&mut self.organization, organization, at, "organization", reading);
        }
        if let Some(Found { value: fields, at }) = guards {
            let guards = of_fields(&fields);
            match &self.guards {
                Some((earlier, place)) if *earlier != guards => {
                    let message = format!("the guards differ from those at {place}");
                    reading.problem(at, message, "keep guards in one file of the fleet");
                }
                Some(_) => {}
                None => self.guards = Some((guards, reading.place(at))),
            }
        }
        let defaults = match defaults {
            Some(found) => found.value,
            None if is_unreadable => Defaults::unreadable(),
            None => Defaults::default(),
        };
        check_defaults(&defaults, reading);
        for named in children.map(|found| found.value.0).unwrap_or_default() {
            if let Some(name) = &named.name {
                let child = child(name, named.at, &named.entry, &defaults, reading);
                let id = named.entry.id.as_ref().map_or(named.at, |found| found.at);
                let external_id = named.entry.external_id.as_ref().map_or(named.at, |found| found.at);
                self.child(child, [named.at, id, external_id], reading);
            }
        }
    }

    /// Adds a child, unless another one is the same. `at` is where its name, its id and its external id stand.
    fn child(&mut self, child: Child, at: [At; 3], reading: &mut Reading<'_>) {
        let [name, id, external_id] = at.map(|at| (at, reading.place(at)));
        if let Some(earlier) = insert(&mut self.names, NameKey::new(child.name.as_str()), name.1) {
            let message = format!("child {:?} is there already, at {earlier}", child.name.as_str());
            reading.problem(
                name.0,
                message,
                "keep one of them: names that differ in case or spaces alone are one name",
            );
        }
        if let Some(known) = child.id
            && let Some(earlier) = insert(&mut self.ids, known, id.1)
        {
            reading.problem(id.0, format!("id {known} is there already, at {earlier}"), "keep it at one child");
        }
        if let Some(known) = &child.external_id
            && let Some(earlier) = insert(&mut self.external_ids, known.clone(), external_id.1)
        {
            let message = format!("external_id {known:?} is there already, at {earlier}");
            reading.problem(external_id.0, message, "keep it at one child");
        }
        self.children.push(child);
    }
}

/// Adds a place under a key, or returns the place that is there.
fn insert<K: Eq + Hash>(places: &mut HashMap<K, Place>, key: K, place: Place) -> Option<Place> {
    use std::collections::hash_map::Entry;

    match places.entry(key) {
        Entry::Occupied(earlier) => Some(earlier.get().clone()),
        Entry::Vacant(free) => {
            free.insert(place);
            None
        }
    }
}

/// Takes what a file says, or reports that another file says something else.
fn agreed<T: PartialEq + std::fmt::Display>(
    earlier: &mut Option<(T, Place)>,
    value: T,
    at: At,
    key: &str,
    reading: &mut Reading<'_>,
) {
    match earlier {
        Some((known, place)) if *known != value => {
            let message = format!("{key} {value} is not {known}, as at {place}");
            reading.problem(at, message, format!("write the same {key}, or plan the file by itself"));
        }
        Some(_) => {}
        None => *earlier = Some((value, reading.place(at))),
    }
}

fn of_fields(fields: &GuardFields) -> Guards {
    Guards {
        max_creates: fields.max_creates.as_ref().map(|share| share.value.0),
        max_change: fields.max_change.as_ref().map(|share| share.value.0),
        pool_reserve: fields.pool_reserve.as_ref().map_or(0, |reserve| reserve.value.0),
    }
}
