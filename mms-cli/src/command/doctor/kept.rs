//! File of what was seen last, by API and distributor.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::{fs, io};

use mms_types::OrganizationId;

use super::observation::Observation;
use crate::session::replace;

/// Most places of which something is kept: each start of a sandbox is one of its own.
const MOST_PLACES: usize = 32;

/// Place of one observation in the file that serves every server.
#[derive(Debug, Clone)]
pub(super) struct Kept {
    file: PathBuf,
    key: String,
}

impl Kept {
    pub(super) fn new(file: PathBuf, api: &str, organization_id: Option<OrganizationId>) -> Self {
        let organization = organization_id.map_or_else(|| "-".to_owned(), |id| id.to_string());
        Self { file, key: format!("{api} {organization}") }
    }

    /// Returns what was seen last; nothing where nothing was kept, or it cannot be read.
    pub(super) fn last(&self) -> Option<Observation> {
        self.read().remove(&self.key)
    }

    /// Puts an observation into the place of the last one, in one step and for its owner alone.
    pub(super) fn put(&self, observation: &Observation) -> io::Result<()> {
        let mut all = self.read();
        while all.len() >= MOST_PLACES && !all.contains_key(&self.key) {
            let oldest = all.iter().min_by_key(|(_, observation)| observation.at).map(|(key, _)| key.clone());
            oldest.and_then(|key| all.remove(&key));
        }
        all.insert(self.key.clone(), observation.clone());
        replace(&self.file, &serde_json::to_vec(&all)?)
    }

    fn read(&self) -> BTreeMap<String, Observation> {
        serde_json::from_slice(&fs::read(&self.file).unwrap_or_default()).unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn of_too_many_places_the_oldest_is_forgotten() {
        let directory = tempfile::tempdir().unwrap();
        let file = directory.path().join("observations");
        let kept = |place: usize| Kept::new(file.clone(), &place.to_string(), None);
        for (at, place) in (1..).zip(0..=MOST_PLACES) {
            kept(place).put(&Observation { at, ..Observation::default() }).unwrap();
        }
        assert_eq!((kept(0).last(), kept(1).last().map(|seen| seen.at)), (None, Some(2)));
        assert!(kept(MOST_PLACES).last().is_some());
    }

    #[test]
    fn what_was_seen_is_kept_by_api_and_distributor_and_a_torn_file_has_nothing() {
        let directory = tempfile::tempdir().unwrap();
        let file = directory.path().join("observations");
        let kept = |api, id| Kept::new(file.clone(), api, Some(OrganizationId::new(id)));
        let seen = Observation { at: 7, is_visible: Some(true), ..Observation::default() };
        kept("one", 11).put(&seen).unwrap();

        assert_eq!(kept("one", 11).last(), Some(seen));
        assert_eq!((kept("one", 12).last(), kept("two", 11).last()), (None, None));
        fs::write(&file, "{ torn").unwrap();
        assert_eq!(kept("one", 11).last(), None);
    }
}
