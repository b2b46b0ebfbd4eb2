//! Meaning of edits: what the fleet is to be afterwards, without a look at the text.

use std::collections::HashMap;
use std::sync::Arc;

use mms_types::{Operations, OrganizationId, OrganizationName};

use super::scalar::scalar;
use crate::file::child::child;
use crate::file::decode::{Credits, EnumText, ExternalId, Found, Id, Mail, OwnerName, Reading};
use crate::file::document::{Defaults, Entry, OwnerFields};
use crate::file::source::Source;
use crate::file::yaml::At;
use crate::fleet::Fleet;
use crate::fleet::child::{Child, CreateWhen, EnumRef, Owner};

/// One change of a fleet file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Edit {
    /// The entry gets an id, in place of `new` too.
    Bind {
        /// The name of the entry.
        name: OrganizationName,
        /// The id.
        id: OrganizationId,
    },
    /// The entry gets credits of its own, or others.
    SetCredits {
        /// The name of the entry.
        name: OrganizationName,
        /// The credits.
        credits: Operations,
    },
    /// The entry gets a comment in the line above it. Where it has no line of its own, nothing is written.
    Remark {
        /// The name of the entry.
        name: OrganizationName,
        /// The comment, in one line and without `#`.
        text: String,
    },
    /// A child is added after the others.
    Add(NewChild),
}

impl Edit {
    /// Returns the name of the entry.
    pub(super) const fn name(&self) -> &OrganizationName {
        match self {
            Self::Bind { name, .. } | Self::SetCredits { name, .. } | Self::Remark { name, .. } => name,
            Self::Add(child) => &child.name,
        }
    }
}

/// An entry to be written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewChild {
    /// The name.
    pub name: OrganizationName,
    /// The id in Make.
    pub id: Option<OrganizationId>,
    /// The id that another system has.
    pub external_id: Option<String>,
    /// The owner.
    pub owner: Option<Owner>,
    /// The region by id, name or code.
    pub region: Option<String>,
    /// The country by id, name or code.
    pub country: Option<String>,
    /// The allocation.
    pub credits: Option<Operations>,
    /// The least allocation.
    pub minimum: Option<Operations>,
    /// The greatest allocation.
    pub maximum: Option<Operations>,
}

impl NewChild {
    /// Returns an entry that asks for nothing.
    #[must_use]
    pub fn new(name: OrganizationName) -> Self {
        Self {
            name,
            id: None,
            external_id: None,
            owner: None,
            region: None,
            country: None,
            credits: None,
            minimum: None,
            maximum: None,
        }
    }

    /// Returns keys and values as they are written, in the order of the format.
    pub(super) fn pairs(&self) -> Vec<(&'static str, String)> {
        let owner = self.owner.as_ref().map(|owner| {
            let [email, name] = [owner.email.as_str(), owner.name.as_str()].map(|text| scalar(text, true));
            format!("{{email: {email}, name: {name}}}")
        });
        let text = |text: &Option<String>| text.as_ref().map(|text| scalar(text, true));
        let number = |credits: Option<Operations>| credits.map(|credits| credits.to_string());
        [
            ("id", self.id.map(|id| id.to_string())),
            ("external_id", text(&self.external_id)),
            ("owner", owner),
            ("region", text(&self.region)),
            ("country", text(&self.country)),
            ("credits", number(self.credits)),
            ("minimum", number(self.minimum)),
            ("maximum", number(self.maximum)),
        ]
        .into_iter()
        .filter_map(|(key, value)| Some((key, value?)))
        .collect()
    }

    /// Returns the entry as a reader would find it.
    fn entry(&self) -> Entry {
        let credits = |credits: Option<Operations>| credits.map(|credits| found(Credits(credits)));
        let text = |text: &Option<String>| text.clone().map(|text| found(EnumText(text)));
        Entry {
            id: self.id.map(|id| found(Id::Known(id))),
            external_id: self.external_id.clone().map(|id| found(ExternalId(id))),
            owner: self.owner.clone().map(|Owner { email, name }| {
                found(OwnerFields {
                    email: Some(found(Mail(email))),
                    name: Some(found(OwnerName(name))),
                    ..OwnerFields::default()
                })
            }),
            region: text(&self.region),
            country: text(&self.country),
            credits: credits(self.credits),
            minimum: credits(self.minimum),
            maximum: credits(self.maximum),
            ..Entry::default()
        }
    }
}

fn found<T>(value: T) -> Found<T> {
    Found { value, at: At { line: 1, column: 1 } }
}

/// The fleet in the course of edits.
pub(in crate::file) struct Meaning {
    fleet: Fleet,
    indices: HashMap<String, usize>,
}

impl Meaning {
    pub(super) fn of(fleet: &Fleet) -> Self {
        let names = fleet.children.iter().enumerate();
        let indices = names.map(|(index, child)| (child.name.as_str().to_owned(), index)).collect();
        Self { fleet: fleet.clone(), indices }
    }

    /// Makes a change of a child that is there.
    pub(super) fn change(&mut self, edit: &Edit) {
        let index = self.indices.get(edit.name().as_str()).copied();
        let Some(child) = index.and_then(|index| self.fleet.children.get_mut(index)) else { return };
        match edit {
            Edit::Bind { id, .. } => {
                child.id = Some(*id);
                child.create = CreateWhen::NotRenamed;
            }
            Edit::SetCredits { credits, .. } => child.credits = Some(*credits),
            Edit::Remark { .. } | Edit::Add(_) => {}
        }
    }

    /// Adds children after those of a file, with its defaults.
    pub(super) fn add(&mut self, new: &[&NewChild], defaults: &Defaults, source: &Source) {
        let mut reading = Reading::new(source);
        let at = At { line: 1, column: 1 };
        let children: Vec<Child> =
            new.iter().map(|new| child(&new.name, at, &new.entry(), defaults, &mut reading)).collect();
        let is_of_file =
            |child: &Child| child.place.as_ref().is_some_and(|place| Arc::ptr_eq(&place.file, &source.name));
        // New children come into the first file.
        let after = self.fleet.children.iter().rposition(is_of_file).map_or(0, |index| index + 1);
        self.fleet.children.splice(after..after, children);
        self.indices.clear();
        let names = self.fleet.children.iter().enumerate();
        self.indices.extend(names.map(|(index, child)| (child.name.as_str().to_owned(), index)));
    }

    pub(super) fn fleet(&self) -> &Fleet {
        &self.fleet
    }
}

/// Says whether two fleets ask for the same, wherever it stands.
pub(super) fn is_same(left: &Fleet, right: &Fleet) -> bool {
    left.target == right.target
        && left.guards == right.guards
        && left.children.len() == right.children.len()
        && left.children.iter().zip(&right.children).all(|(left, right)| without_place(left) == without_place(right))
}

fn without_place(child: &Child) -> Child {
    let text = |found: &Option<EnumRef>| found.as_ref().map(|found| EnumRef { text: found.text.clone(), place: None });
    Child { region: text(&child.region), country: text(&child.country), place: None, ..child.clone() }
}
