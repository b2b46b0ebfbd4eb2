//! Document of a fleet file: which keys there are, and what they mean.
//!
//! Each mapping is declared once. Its reader and its JSON Schema come from the declaration.

use mms_types::{OrganizationId, OrganizationName};

use super::decode::{
    Credits, Day, Decode, EnumText, ExternalId, Flag, Format, Id, Labels, Mail, OwnerName, Priority, Reading, Share,
    Unusable, Whole, Zone, fields,
};
use super::yaml::{At, Node};

fields! {
    /// The child organizations of a Make distributor. What is not listed is never touched.
    Document, as "format: 1", required &[("format", "format: 1")], null false {
        /// The version of this format: 1.
        format: Format,
        /// The zone that the fleet is for; an apply to another one is refused.
        zone: Zone,
        /// The id of the distributor; an apply to another one is refused.
        organization: OrganizationId,
        /// Values for the children of this file whose entries do not say otherwise.
        defaults: Defaults,
        /// Limits of what one apply may change.
        guards: GuardFields,
        /// The child organizations by name.
        children: Children,
    }
}

fields! {
    /// Values for the children of one file.
    Defaults, as "credits: 10000", required &[], null true {
        /// The region of new children: its id, name or code.
        region: EnumText,
        /// The country of new children: its id, name or code.
        country: EnumText,
        /// The allocation in credits, a multiple of 10,000.
        credits: Credits,
        /// The owner of new children.
        owner: OwnerFields,
        /// Words to select and group by, which every child of this file has beside its own. The label hold freezes a child: it is shown
        /// and never changed.
        labels: Labels,
        /// Who is served first where the pool does not suffice: the higher number.
        priority: Priority,
        /// The least allocation.
        minimum: Credits,
        /// The greatest allocation.
        maximum: Credits,
        /// Whether a child may be given less than it has consumed, so that its scenarios pause.
        allow_pause: Flag,
    }
}

fields! {
    /// Limits of what one apply may change. Each is checked before the first write.
    GuardFields, as "max_creates: 5", required &[], null true {
        /// The most children that one apply may create: a number, or a share that counts from ten children on.
        max_creates: Share,
        /// The most children whose allocation one apply may change: a number, or a share that counts from ten children on.
        max_change: Share,
        /// Credits that stay in the pool.
        pool_reserve: Whole,
    }
}

fields! {
    /// A child organization. Nothing at all binds the name and asks for what the defaults say.
    Entry, as "credits: 10000", required &[], null true {
        /// The id of the child in Make, which import and apply write; new says that it surely does not exist yet.
        id: Id,
        /// The id that another system has for it.
        external_id: ExternalId,
        /// The owner, which a new child needs.
        owner: OwnerFields,
        /// The region, which a new child needs: its id, name or code.
        region: EnumText,
        /// The country, which a new child needs: its id, name or code.
        country: EnumText,
        /// The allocation in credits, a multiple of 10,000. Without it others decide.
        credits: Credits,
        /// The last day of these credits; afterwards it has what then says.
        until: Day,
        /// The allocation after the day of until.
        then: Credits,
        /// The least allocation.
        minimum: Credits,
        /// The greatest allocation.
        maximum: Credits,
        /// Words to select and group by, beside those of the defaults. The label hold freezes the child: it is shown and never changed.
        labels: Labels,
        /// The same as the label hold.
        hold: Flag,
        /// Who is served first where the pool does not suffice: the higher number.
        priority: Priority,
        /// Whether it may be given less than it has consumed, so that its scenarios pause.
        allow_pause: Flag,
        /// Whether it is given up: it gets 0 credits, and its absence from Make is no error.
        retired: Flag,
    }
}

fields! {
    /// The owner of a new child, who may or may not have an account with Make.
    OwnerFields, as "email: ada@acme.example", required &[("email", "email: ada@acme.example"), ("name", "name: Ada Owner")], null false {
        /// The e-mail address.
        email: Mail,
        /// The name.
        name: OwnerName,
    }
}

impl Defaults {
    /// Returns what takes the place of defaults that cannot be read: nobody knows what they say.
    pub(super) fn unreadable() -> Self {
        Self { unusable: Unusable::all(Self::KEYS), ..Self::default() }
    }
}

impl Entry {
    /// Returns what takes the place of an entry that cannot be read: nobody knows what it says.
    fn unreadable() -> Self {
        Self { unusable: Unusable::all(Self::KEYS), ..Self::default() }
    }
}

/// The children of one file, in its order.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Children(pub(super) Vec<Named>);

/// An entry under its name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Named {
    /// The name; nothing where it cannot be one.
    pub(super) name: Option<OrganizationName>,
    pub(super) at: At,
    pub(super) entry: Entry,
}

impl Decode for Children {
    fn decode(node: &Node<'_>, key: &str, reading: &mut Reading<'_>) -> Option<Self> {
        let entries = reading.entries(node, key, "Acme Bakery: {credits: 10000}")?;
        let named = entries.iter().filter_map(|entry| {
            let at = entry.key.at;
            let Some(name) = entry.key.scalar() else {
                reading.problem(at, "the name of a child is no text", "write it in quotes");
                return None;
            };
            let words = format!("child {:?}", name.text);
            let name = match name.text.parse::<OrganizationName>() {
                Ok(name) => Some(name),
                Err(_) if name.text == "<<" => {
                    reading.problem(at, "merge keys (<<) are of YAML 1.1 and not read", "use defaults instead");
                    return None;
                }
                Err(error) => {
                    reading.problem(at, error.to_string(), "write the name as it is to be in Make");
                    None
                }
            };
            let entry = Entry::decode(entry.value.resolved(), &words, reading).unwrap_or_else(Entry::unreadable);
            Some(Named { name, at, entry })
        });
        Some(Self(named.collect()))
    }
}
