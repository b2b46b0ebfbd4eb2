//! Names that commands saw in the last ten minutes, by place and distributor, for the completions of a shell.

use std::time::Duration;

use mms_types::{ChildOrganization, Country, OrganizationId, Region};
use serde::{Deserialize, Serialize};

use super::dated_file::{Dated, DatedFile};
use crate::config::NamesPlace;

/// Time for which a name is offered.
const LIFETIME: Duration = Duration::from_secs(10 * 60);

/// Most children whose names are kept: nobody leafs through more, and every list would write them.
const MOST: usize = 10_000;

/// Names of one place and distributor.
#[derive(Debug)]
pub(crate) struct Names(DatedFile<Entry>);

/// What is kept of a place and distributor.
#[derive(Debug, Default, Serialize, Deserialize)]
#[serde(default, rename_all = "camelCase")]
struct Entry {
    children: Option<Dated<Vec<(OrganizationId, String)>>>,
    regions: Option<Dated<Vec<Region>>>,
    countries: Option<Dated<Vec<Country>>>,
}

impl Names {
    /// Takes the place of the names.
    pub(crate) fn new(place: &NamesPlace) -> Self {
        Self(DatedFile::new(place.file.clone(), place.key.clone()))
    }

    /// Returns the children's ids and names.
    pub(crate) fn children(&self) -> Vec<(OrganizationId, String)> {
        self.0.entry().children.and_then(|children| children.younger_than(LIFETIME)).unwrap_or_default()
    }

    /// Returns the regions.
    pub(crate) fn regions(&self) -> Vec<Region> {
        self.0.entry().regions.and_then(|regions| regions.younger_than(LIFETIME)).unwrap_or_default()
    }

    /// Returns the countries.
    pub(crate) fn countries(&self) -> Vec<Country> {
        self.0.entry().countries.and_then(|countries| countries.younger_than(LIFETIME)).unwrap_or_default()
    }

    /// Keeps the names of children, unless they are too many.
    pub(super) fn keep_children(&self, children: &[ChildOrganization]) {
        if children.len() > MOST {
            return;
        }
        let named = |child: &ChildOrganization| Some((child.organization_id, child.organization_name.clone()?));
        let children = children.iter().filter_map(named).collect();
        self.0.save(|entry| entry.children = Some(Dated::now(children)));
    }

    /// Keeps the regions.
    pub(super) fn keep_regions(&self, regions: &[Region]) {
        self.0.save(|entry| entry.regions = Some(Dated::now(regions.to_vec())));
    }

    /// Keeps the countries.
    pub(super) fn keep_countries(&self, countries: &[Country]) {
        self.0.save(|entry| entry.countries = Some(Dated::now(countries.to_vec())));
    }
}
