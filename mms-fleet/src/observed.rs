//! Observation of a distributor: what a plan is made by.

use std::collections::HashMap;

use mms_client::{ExpectedChild, Look};
use mms_types::{Centicredits, ChildOrganization, Country, CountryId, NameKey, OrganizationId, Region, RegionId};

use crate::plan::step::Step;

/// A distributor as it was seen at one time.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Observed {
    /// The children, in the server's order.
    pub children: Vec<ObservedChild>,
    /// Whether the server proved that these are all. What an incomplete list lacks may exist, so that nothing is created by it.
    pub is_complete: bool,
    /// What is left in the pool, in credits; nothing where the token may not read it.
    pub pool: Option<i64>,
    /// Requests a minute; nothing where it is not known.
    pub requests_per_minute: Option<u32>,
    /// What the children have consumed; nothing where that was not read. A child that is not among them is not reported, which is not
    /// the same as 0.
    pub consumption: Option<HashMap<OrganizationId, Centicredits>>,
    /// Regions and countries; nothing where they were not read.
    pub catalogue: Option<Catalogue>,
    /// Children that the journal of this machine knows.
    pub known: Vec<KnownChild>,
}

/// A child as the list shows it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ObservedChild {
    /// The id.
    pub id: OrganizationId,
    /// The name; nothing where the server sent none.
    pub name: Option<String>,
    /// The allocation in credits; nothing where the server sent none.
    pub credits: Option<i64>,
    /// The country; nothing where the server sent none.
    pub country: Option<CountryId>,
}

/// Regions and countries of Make.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Catalogue {
    /// The regions.
    pub regions: Vec<Region>,
    /// The countries.
    pub countries: Vec<Country>,
}

/// A child that a create of this machine made, with what no list shows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KnownChild {
    /// The id.
    pub id: OrganizationId,
    /// The name that was sent.
    pub name: String,
    /// The owner's e-mail address that was sent; nothing where the journal does not say.
    pub owner: Option<String>,
    /// The region that was sent; nothing where the journal does not say.
    pub region: Option<RegionId>,
}

impl Observed {
    /// Returns what the children of steps are known by, for [`Apply::expecting`](crate::Apply::expecting): their name, where step and
    /// list agree on it. One that is called otherwise is known by its id alone, so that two children whose names were swapped can be
    /// served.
    #[must_use]
    pub fn expected(&self, steps: &[Step]) -> HashMap<OrganizationId, ExpectedChild> {
        let names: HashMap<_, _> = self.children.iter().map(|child| (child.id, child.name.as_ref())).collect();
        let expected = steps.iter().filter_map(|step| {
            let id = step.organization_id()?;
            let name = names.get(&id).copied().flatten()?;
            let is_agreed = NameKey::new(name) == NameKey::new(&step.name);
            is_agreed.then(|| (id, ExpectedChild { name: Some(name.clone()), ..ExpectedChild::default() }))
        });
        expected.collect()
    }
}

impl From<&Look> for Observed {
    fn from(look: &Look) -> Self {
        let license = look.organization().and_then(|organization| organization.license.as_ref());
        Self {
            children: look.children().iter().map(ObservedChild::from).collect(),
            is_complete: look.is_complete(),
            pool: license.and_then(|license| license.operations),
            requests_per_minute: license.and_then(|license| license.api_limit).and_then(|limit| limit.try_into().ok()),
            ..Self::default()
        }
    }
}

impl From<&ChildOrganization> for ObservedChild {
    fn from(child: &ChildOrganization) -> Self {
        Self {
            id: child.organization_id,
            name: child.organization_name.clone(),
            credits: child.operations_allocated,
            country: child.country_id,
        }
    }
}
