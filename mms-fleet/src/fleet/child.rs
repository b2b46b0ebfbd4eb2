//! Child of a fleet: what is asked for, and where.

use std::collections::BTreeSet;

use jiff::civil::Date;
use mms_types::{EmailAddress, Operations, OrganizationId, OrganizationName, UserName};

use crate::place::Place;

/// A child as a file asks for it, with the defaults of its file filled in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Child {
    /// The name, which is the key of its entry.
    pub name: OrganizationName,
    /// The id by which it is bound to a child in Make, or that it has none yet.
    pub id: Option<OrganizationId>,
    /// Whether it may be created.
    pub create: CreateWhen,
    /// The id that another system has for it.
    pub external_id: Option<String>,
    /// The owner, which a create needs. No list of Make's shows it.
    pub owner: Option<Owner>,
    /// The region, which a create needs, and which never changes. No list of Make's shows it.
    pub region: Option<EnumRef>,
    /// The country, which a create needs.
    pub country: Option<EnumRef>,
    /// The allocation; nothing where the file leaves it to others.
    pub credits: Option<Operations>,
    /// What `credits` are on the days after a day.
    pub until: Option<Until>,
    /// The least allocation.
    pub minimum: Option<Operations>,
    /// The greatest allocation.
    pub maximum: Option<Operations>,
    /// Words to select and group by.
    pub labels: BTreeSet<String>,
    /// Whether it is shown and never changed.
    pub hold: bool,
    /// Who is served first where the pool does not suffice: the higher number. 0 by default.
    pub priority: i32,
    /// Whether it may be given less than it has consumed, so that its scenarios pause.
    pub allow_pause: bool,
    /// Whether it is given up: 0 credits, and no error once it is gone.
    pub retired: bool,
    /// Where its entry begins; nothing where no file has it.
    pub place: Option<Place>,
}

/// When a child that Make does not list may be created.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum CreateWhen {
    /// Where nothing suggests that it is a child of another name in Make (the default).
    #[default]
    NotRenamed,
    /// Always: the file says `id: new`.
    Always,
}

/// Owner of a child.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Owner {
    /// The e-mail address.
    pub email: EmailAddress,
    /// The name.
    pub name: UserName,
}

/// End of credits: from the day after `day` on, `then` is the allocation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Until {
    /// The last day of `credits`.
    pub day: Date,
    /// The allocation afterwards.
    pub then: Operations,
}

/// A region or country as the file names it, and where.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EnumRef {
    /// An id, name or code.
    pub text: String,
    /// Where it stands; nothing where no file has it.
    pub place: Option<Place>,
}

impl Child {
    /// Returns the allocation that is asked for on a day; nothing where the file leaves it to others.
    #[must_use]
    pub fn credits_on(&self, today: Date) -> Option<Operations> {
        match self.until {
            _ if self.retired => Operations::new(0).ok(),
            Some(until) if today > until.day => Some(until.then),
            _ => self.credits,
        }
    }
}
