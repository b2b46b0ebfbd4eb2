//! File of what was seen last, by API and distributor.

use std::io;
use std::path::PathBuf;

use mms_types::OrganizationId;

use super::observation::Observation;
use crate::session::DatedFile;

/// Place of one observation in the file that serves every server.
#[derive(Debug, Clone)]
pub(super) struct Kept(DatedFile<Option<Observation>>);

impl Kept {
    pub(super) fn new(file: PathBuf, api: &str, organization_id: Option<OrganizationId>) -> Self {
        let organization = organization_id.map_or_else(|| "-".to_owned(), |id| id.to_string());
        Self(DatedFile::new(file, format!("{api} {organization}")))
    }

    /// Returns what was seen last; nothing where nothing was kept, or it cannot be read.
    pub(super) fn last(&self) -> Option<Observation> {
        self.0.entry()
    }

    /// Puts an observation into the place of the last one.
    pub(super) fn put(&self, observation: &Observation) -> io::Result<()> {
        self.0.change(|last| *last = Some(observation.clone()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_seen_is_kept_by_api_and_distributor_and_a_torn_file_has_nothing() {
        let directory = tempfile::tempdir().unwrap();
        let file = directory.path().join("observations");
        let kept = |api, id| Kept::new(file.clone(), api, Some(OrganizationId::new(id)));
        let seen = Observation { at: 7, is_visible: Some(true), ..Observation::default() };
        kept("one", 11).put(&seen).unwrap();

        assert_eq!(kept("one", 11).last(), Some(seen));
        assert_eq!((kept("one", 12).last(), kept("two", 11).last()), (None, None));
        std::fs::write(&file, "{ torn").unwrap();
        assert_eq!(kept("one", 11).last(), None);
    }
}
