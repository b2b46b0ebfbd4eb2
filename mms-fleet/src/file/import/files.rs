//! Import into files: the edits, made in the texts.

use std::path::Path;

use super::matching;
use super::options::ImportOptions;
use super::report::ImportReport;
use crate::file::edit::{EditError, EditedFiles};
use crate::file::files::FleetFiles;
use crate::file::problems::Problems;
use crate::file::source::Source;
use crate::fleet::Target;
use crate::observed::Observed;

impl FleetFiles {
    /// Begins a fleet with one file, without a child. It exists when it was written, and only if nothing is there.
    pub fn begin(path: impl AsRef<Path>, target: &Target) -> Result<Self, Problems> {
        let zone = target.zone.as_ref().map_or(String::new(), |zone| format!("zone: {zone}\n"));
        let text = format!("format: 1\n{zone}organization: {}\nchildren:\n", target.organization);
        let name = path.as_ref().display().to_string();
        let source = Source { name: name.into(), path: Some(path.as_ref().to_owned()), is_new: true, text };
        Self::of(vec![source], Vec::new())
    }

    /// Writes what exists into the texts.
    ///
    /// - A child that no entry names is added at the end of the first file, with its id, country and credits. Added children are in the
    ///   natural order of their names, as they read.
    /// - A child that an entry without an id may be, by the rules of a plan, is left out and told: with an entry of its own, the plan
    ///   would ask no more and create a second one.
    /// - An entry without an id, or a new one, gets that of the one child of exactly its name, if no entry has that id and the list is
    ///   complete.
    /// - An entry whose child has another name, or is not in a complete list, gets a comment above it, once.
    ///
    /// Import after import changes nothing. The report says what was done, and what has to be done by hand.
    pub fn import(
        &self,
        observed: &Observed,
        options: &ImportOptions,
    ) -> Result<(EditedFiles, ImportReport), EditError> {
        let editors = self.editors();
        let (edits, mut report) = matching::edits(self, &editors, observed, options);
        let (edited, by_hand) = self.edit_what_can_be(&edits, editors)?;
        report.leave(by_hand);
        Ok((edited, report))
    }
}
