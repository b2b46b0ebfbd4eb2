//! Regions and countries as a fleet names them: by id, name or code.

use std::collections::HashMap;

use mms_types::{Country, CountryId, NameKey, Region, RegionId};

use crate::fleet::child::EnumRef;
use crate::observed::Catalogue;
use crate::plan::stop::StopKind;

/// Least similarity of a name that is suggested: two letters mixed up or one left out, no more.
const SIMILAR: f64 = 0.88;

/// Most names that are suggested.
const MOST_NEAREST: usize = 5;

/// Regions and countries, to be found by what a fleet says.
pub(crate) struct Enums<'a> {
    pub(super) regions: Names<'a>,
    pub(super) countries: Names<'a>,
}

/// The things of one kind.
pub(super) struct Names<'a> {
    what: &'static str,
    items: Vec<Item<'a>>,
    /// What was found, by text: a fleet says the same few again and again.
    found: HashMap<String, Result<u64, StopKind>>,
}

struct Item<'a> {
    id: u64,
    name: &'a str,
    codes: [Option<&'a str>; 2],
}

impl<'a> Enums<'a> {
    pub(crate) fn new(catalogue: Option<&'a Catalogue>) -> Self {
        let regions = catalogue.map_or(&[][..], |catalogue| catalogue.regions.as_slice());
        let countries = catalogue.map_or(&[][..], |catalogue| catalogue.countries.as_slice());
        Self {
            regions: Names::new("region", regions.iter().map(Item::of_region).collect()),
            countries: Names::new("country", countries.iter().map(Item::of_country).collect()),
        }
    }

    /// Returns the region that is meant.
    pub(crate) fn region(&mut self, region: &EnumRef) -> Result<RegionId, StopKind> {
        self.regions.find(&region.text).map(RegionId::new)
    }

    /// Returns the country that is meant.
    pub(crate) fn country(&mut self, country: &EnumRef) -> Result<CountryId, StopKind> {
        self.countries.find(&country.text).map(CountryId::new)
    }
}

impl<'a> Item<'a> {
    fn of_region(region: &'a Region) -> Self {
        Self { id: region.id.get(), name: &region.name, codes: [None; 2] }
    }

    fn of_country(country: &'a Country) -> Self {
        let codes = [country.code.as_deref(), country.code2.as_deref()];
        Self { id: country.id.get(), name: &country.name, codes }
    }

    /// Returns what the name and the codes read as.
    fn keys(&self) -> impl Iterator<Item = NameKey> {
        std::iter::once(self.name).chain(self.codes.into_iter().flatten()).map(NameKey::new)
    }

    fn similarity(&self, key: &NameKey) -> f64 {
        let similarity = |own: NameKey| {
            let is_part = own.as_str().contains(key.as_str());
            if is_part { 1.0 } else { strsim::jaro_winkler(own.as_str(), key.as_str()) }
        };
        self.keys().map(similarity).fold(0.0, f64::max)
    }
}

impl<'a> Names<'a> {
    fn new(what: &'static str, items: Vec<Item<'a>>) -> Self {
        Self { what, items, found: HashMap::new() }
    }

    /// Says whether there are none, because they were not read.
    pub(super) fn is_empty(&self) -> bool {
        self.items.is_empty()
    }

    /// Returns the name of a thing, or its id where it has none.
    pub(super) fn name(&self, id: u64) -> String {
        self.items.iter().find(|item| item.id == id).map_or_else(|| id.to_string(), |item| item.name.to_owned())
    }

    /// Finds what a text means: an id or exact name, else a name or code that reads the same.
    pub(super) fn find(&mut self, text: &str) -> Result<u64, StopKind> {
        if let Some(found) = self.found.get(text) {
            return found.clone();
        }
        let found = self.search(text);
        self.found.insert(text.to_owned(), found.clone());
        found
    }

    fn search(&self, text: &str) -> Result<u64, StopKind> {
        let key = NameKey::new(text);
        let is_exact = |item: &&Item<'_>| item.name == text || id_of(text) == Some(item.id);
        let mut found: Vec<_> = self.items.iter().filter(is_exact).collect();
        if found.is_empty() && !key.is_empty() {
            found = self.items.iter().filter(|item| item.keys().any(|own| own == key)).collect();
        }
        match found.as_slice() {
            [one] => Ok(one.id),
            [] => Err(StopKind::UnknownEnum {
                what: self.what.to_owned(),
                text: text.to_owned(),
                nearest: self.nearest(&key),
            }),
            several => {
                let mut ids: Vec<_> = several.iter().map(|item| item.id).collect();
                ids.sort_unstable();
                Err(StopKind::AmbiguousEnum { what: self.what.to_owned(), text: text.to_owned(), ids })
            }
        }
    }

    fn nearest(&self, key: &NameKey) -> Vec<String> {
        if self.items.len() <= MOST_NEAREST || key.is_empty() {
            let mut names: Vec<_> = self.items.iter().map(|item| item.name.to_owned()).collect();
            names.sort_unstable();
            names.truncate(MOST_NEAREST);
            return names;
        }
        let scored = self.items.iter().map(|item| (item.similarity(key), item.name));
        let mut scored: Vec<_> = scored.filter(|(similarity, _)| *similarity >= SIMILAR).collect();
        scored.sort_by(|(left, left_name), (right, right_name)| {
            right.total_cmp(left).then_with(|| left_name.cmp(right_name))
        });
        scored.into_iter().take(MOST_NEAREST).map(|(_, name)| name.to_owned()).collect()
    }
}

/// Returns the id that a text is, without any list.
pub(super) fn id_of(text: &str) -> Option<u64> {
    let is_number = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    is_number.then(|| text.parse().ok()).flatten()
}
