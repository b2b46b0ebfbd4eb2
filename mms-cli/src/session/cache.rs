//! Cache of what hardly ever changes, for a day and by place: regions, countries, and how large a page the server gives.
//!
//! It saves requests and nothing else: a cache that cannot be read or written is none.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::time::{Duration, SystemTime};
use std::{fs, io};

use mms_client::PageSize;
use mms_types::{Country, PageLimit, Region};
use serde::{Deserialize, Serialize};

use super::replaced_file::replace;

/// Time for which something is taken from the cache.
const LIFETIME: Duration = Duration::from_secs(24 * 60 * 60);

/// Cache of one place, in a file that serves all of them.
#[derive(Debug)]
pub(crate) struct Cache {
    file: PathBuf,
    place: String,
}

/// What is cached of a place.
#[derive(Debug, Default, Serialize, Deserialize)]
#[serde(default, rename_all = "camelCase")]
struct Entry {
    regions: Option<Dated<Vec<Region>>>,
    countries: Option<Dated<Vec<Country>>>,
    /// The server's own size of a page, and the largest that worked.
    page_size: Option<Dated<(PageLimit, PageLimit)>>,
}

/// A value, and when it was read.
#[derive(Debug, Clone, Serialize, Deserialize)]
struct Dated<T> {
    /// Seconds since 1970.
    at: u64,
    value: T,
}

impl<T> Dated<T> {
    fn now(value: T) -> Self {
        Self { at: seconds(SystemTime::now()), value }
    }

    /// Returns the value of the last day. One of a time that has not come is from before the clock was set back.
    fn fresh(self) -> Option<T> {
        let age = seconds(SystemTime::now()).checked_sub(self.at)?;
        (age < LIFETIME.as_secs()).then_some(self.value)
    }
}

fn seconds(time: SystemTime) -> u64 {
    time.duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default().as_secs()
}

impl Cache {
    /// Takes the file, and the place that is meant.
    pub(crate) fn new(file: PathBuf, place: &str) -> Self {
        Self { file, place: place.to_owned() }
    }

    /// Returns the regions.
    pub(super) fn regions(&self) -> Option<Vec<Region>> {
        self.entry().regions?.fresh()
    }

    /// Keeps the regions.
    pub(super) fn keep_regions(&self, regions: &[Region]) {
        self.change(|entry| entry.regions = Some(Dated::now(regions.to_vec())));
    }

    /// Returns the countries.
    pub(super) fn countries(&self) -> Option<Vec<Country>> {
        self.entry().countries?.fresh()
    }

    /// Keeps the countries.
    pub(super) fn keep_countries(&self, countries: &[Country]) {
        self.change(|entry| entry.countries = Some(Dated::now(countries.to_vec())));
    }

    /// Returns the sizes of pages that worked.
    pub(super) fn page_size(&self) -> Option<PageSize> {
        let (own, worked) = self.entry().page_size?.fresh()?;
        Some(PageSize { own, worked })
    }

    /// Keeps the sizes of pages that work now, if they are others than those from before.
    pub(super) fn keep_page_size(&self, before: Option<PageSize>, now: Option<PageSize>) {
        if before != now {
            self.change(|entry| entry.page_size = now.map(|size| Dated::now((size.own, size.worked))));
        }
    }

    fn entry(&self) -> Entry {
        self.read().remove(&self.place).unwrap_or_default()
    }

    fn read(&self) -> BTreeMap<String, Entry> {
        let text = fs::read(&self.file).unwrap_or_default();
        serde_json::from_slice(&text).unwrap_or_default()
    }

    fn change(&self, change: impl FnOnce(&mut Entry)) {
        let mut entries = self.read();
        change(entries.entry(self.place.clone()).or_default());
        let written =
            serde_json::to_vec(&entries).map_err(io::Error::from).and_then(|bytes| replace(&self.file, &bytes));
        if let Err(error) = written {
            tracing::debug!(%error, "the cache cannot be written");
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_kept_is_of_one_place_and_of_one_day() {
        let directory = tempfile::tempdir().unwrap();
        let cache = |place| Cache::new(directory.path().join("cache"), place);
        let region: Region = serde_json::from_str(r#"{"id":1,"name":"EU"}"#).unwrap();
        cache("one").keep_regions(std::slice::from_ref(&region));

        assert_eq!(cache("one").regions(), Some(vec![region]));
        assert_eq!((cache("two").regions(), cache("one").countries()), (None, None));
        for at in [0, u64::MAX] {
            assert_eq!(Dated { at, value: () }.fresh(), None, "{at}");
        }
    }

    #[test]
    fn a_cache_that_is_none_is_written_anew() {
        let directory = tempfile::tempdir().unwrap();
        let file = directory.path().join("cache");
        fs::write(&file, "{ torn").unwrap();
        let cache = Cache::new(file, "one");
        assert_eq!(cache.page_size(), None);

        let [own, worked] = [100, 1_000].map(|rows| PageLimit::new(rows).unwrap());
        cache.keep_page_size(None, Some(PageSize { own, worked }));
        assert_eq!(cache.page_size(), Some(PageSize { own, worked }));
    }
}
