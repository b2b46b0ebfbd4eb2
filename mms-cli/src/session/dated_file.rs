//! File of what was read lately, by place: one that cannot be read is none.

use std::collections::BTreeMap;
use std::marker::PhantomData;
use std::path::PathBuf;
use std::time::{Duration, SystemTime};
use std::{fs, io};

use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use super::replaced_file::replace;

/// Most places in a file: sandboxes come and go at ever new ports, and each command reads and writes all of it.
const MOST_PLACES: usize = 32;

/// Entry of one place, in a file that serves all of them.
#[derive(Debug, Clone)]
pub(crate) struct DatedFile<E> {
    file: PathBuf,
    place: String,
    entry: PhantomData<E>,
}

impl<E: Default + Serialize + DeserializeOwned> DatedFile<E> {
    /// Takes the file, and the place that is meant.
    pub(crate) fn new(file: PathBuf, place: String) -> Self {
        Self { file, place, entry: PhantomData }
    }

    /// Returns the entry of the place.
    pub(crate) fn entry(&self) -> E {
        self.read().remove(&self.place).map_or_else(E::default, |entry| entry.value)
    }

    /// Changes the entry of the place, in one step and for the file's owner alone.
    pub(crate) fn change(&self, change: impl FnOnce(&mut E)) -> io::Result<()> {
        self.change_at(seconds(SystemTime::now()), change)
    }

    /// Changes the entry of the place where it saves requests and nothing else: that it cannot be kept is no matter.
    pub(super) fn save(&self, change: impl FnOnce(&mut E)) {
        if let Err(error) = self.change(change) {
            tracing::debug!(%error, file = %self.file.display(), "what was read cannot be kept");
        }
    }

    /// Changes the entry at a time; of too many places that which was changed longest ago is forgotten.
    fn change_at(&self, at: u64, change: impl FnOnce(&mut E)) -> io::Result<()> {
        let mut entries = self.read();
        let mut value = entries.remove(&self.place).map_or_else(E::default, |entry| entry.value);
        while entries.len() >= MOST_PLACES {
            let oldest = entries.iter().min_by_key(|(_, entry)| entry.at).map(|(place, _)| place.clone());
            oldest.and_then(|place| entries.remove(&place));
        }
        change(&mut value);
        entries.insert(self.place.clone(), Dated { at, value });
        replace(&self.file, &serde_json::to_vec(&entries)?)
    }

    fn read(&self) -> BTreeMap<String, Dated<E>> {
        let text = fs::read(&self.file).unwrap_or_default();
        serde_json::from_slice(&text).unwrap_or_default()
    }
}

/// A value, and when it was read.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) struct Dated<T> {
    /// Seconds since 1970.
    at: u64,
    value: T,
}

impl<T> Dated<T> {
    /// Dates a value that was read just now.
    pub(super) fn now(value: T) -> Self {
        Self { at: seconds(SystemTime::now()), value }
    }

    /// Returns the value if it is younger than this. One of a time that has not come is from before the clock was set back.
    pub(super) fn younger_than(self, lifetime: Duration) -> Option<T> {
        let age = seconds(SystemTime::now()).checked_sub(self.at)?;
        (age < lifetime.as_secs()).then_some(self.value)
    }
}

fn seconds(time: SystemTime) -> u64 {
    time.duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default().as_secs()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_value_is_forgotten_with_its_time_and_when_the_clock_was_set_back() {
        let day = Duration::from_secs(24 * 60 * 60);
        assert_eq!(Dated::now(()).younger_than(day), Some(()));
        for at in [0, u64::MAX] {
            assert_eq!(Dated { at, value: () }.younger_than(day), None, "{at}");
        }
    }

    #[test]
    fn of_too_many_places_the_one_that_was_changed_longest_ago_is_forgotten() {
        let directory = tempfile::tempdir().unwrap();
        let file = directory.path().join("file");
        let dated = |place: usize| DatedFile::<Option<usize>>::new(file.clone(), place.to_string());
        for (at, place) in (1..).zip(0..MOST_PLACES) {
            dated(place).change_at(at, |entry| *entry = Some(place)).unwrap();
        }
        dated(0).change_at(100, |entry| *entry = Some(7)).unwrap();
        assert_eq!((dated(0).entry(), dated(1).entry()), (Some(7), Some(1)));
        dated(MOST_PLACES).change_at(101, |entry| *entry = Some(8)).unwrap();
        assert_eq!((dated(0).entry(), dated(1).entry(), dated(MOST_PLACES).entry()), (Some(7), None, Some(8)));
    }

    #[test]
    fn a_file_that_is_none_is_written_anew() {
        let directory = tempfile::tempdir().unwrap();
        let file = directory.path().join("file");
        fs::write(&file, "{ torn").unwrap();
        let dated = |place: &str| DatedFile::<Option<u8>>::new(file.clone(), place.to_owned());
        assert_eq!(dated("one").entry(), None);

        dated("one").change(|entry| *entry = Some(1)).unwrap();
        assert_eq!((dated("one").entry(), dated("two").entry()), (Some(1), None));
    }
}
