//! Cache of what hardly ever changes, for a day and by place: regions, countries, and how large a page the server gives.

use std::path::PathBuf;
use std::time::Duration;

use mms_client::PageSize;
use mms_types::{Country, PageLimit, Region};
use serde::{Deserialize, Serialize};

use super::dated_file::{Dated, DatedFile};

/// Time for which something is taken from the cache.
const LIFETIME: Duration = Duration::from_secs(24 * 60 * 60);

/// Cache of one place.
#[derive(Debug)]
pub(crate) struct Cache(DatedFile<Entry>);

/// What is cached of a place.
#[derive(Debug, Default, Serialize, Deserialize)]
#[serde(default, rename_all = "camelCase")]
struct Entry {
    regions: Option<Dated<Vec<Region>>>,
    countries: Option<Dated<Vec<Country>>>,
    /// The server's own size of a page, and the largest that worked.
    page_size: Option<Dated<(PageLimit, PageLimit)>>,
}

impl Cache {
    /// Takes the file, and the place that is meant.
    pub(crate) fn new(file: PathBuf, place: &str) -> Self {
        Self(DatedFile::new(file, place.to_owned()))
    }

    /// Returns the regions.
    pub(super) fn regions(&self) -> Option<Vec<Region>> {
        self.0.entry().regions?.younger_than(LIFETIME)
    }

    /// Keeps the regions.
    pub(super) fn keep_regions(&self, regions: &[Region]) {
        self.0.save(|entry| entry.regions = Some(Dated::now(regions.to_vec())));
    }

    /// Returns the countries.
    pub(super) fn countries(&self) -> Option<Vec<Country>> {
        self.0.entry().countries?.younger_than(LIFETIME)
    }

    /// Keeps the countries.
    pub(super) fn keep_countries(&self, countries: &[Country]) {
        self.0.save(|entry| entry.countries = Some(Dated::now(countries.to_vec())));
    }

    /// Returns the sizes of pages that worked.
    pub(super) fn page_size(&self) -> Option<PageSize> {
        let (own, worked) = self.0.entry().page_size?.younger_than(LIFETIME)?;
        Some(PageSize { own, worked })
    }

    /// Keeps the sizes of pages that work now, if they are others than those from before.
    pub(super) fn keep_page_size(&self, before: Option<PageSize>, now: Option<PageSize>) {
        if before != now {
            self.0.save(|entry| entry.page_size = now.map(|size| Dated::now((size.own, size.worked))));
        }
    }

    /// Forgets the place.
    pub(super) fn forget(&self) {
        self.0.save(|entry| *entry = Entry::default());
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_kept_is_of_one_place() {
        let directory = tempfile::tempdir().unwrap();
        let cache = |place| Cache::new(directory.path().join("cache"), place);
        let region: Region = serde_json::from_str(r#"{"id":1,"name":"EU"}"#).unwrap();
        let [own, worked] = [100, 1_000].map(|rows| PageLimit::new(rows).unwrap());
        cache("one").keep_regions(std::slice::from_ref(&region));
        cache("one").keep_page_size(None, Some(PageSize { own, worked }));

        assert_eq!(cache("one").regions(), Some(vec![region]));
        assert_eq!(cache("one").page_size(), Some(PageSize { own, worked }));
        assert_eq!((cache("two").regions(), cache("one").countries()), (None, None));
        cache("two").forget();
        assert!(cache("one").regions().is_some());
        cache("one").forget();
        assert_eq!(cache("one").regions(), None);
    }
}
