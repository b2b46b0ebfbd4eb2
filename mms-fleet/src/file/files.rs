//! Files of a fleet and what they mean.

use std::path::{Path, PathBuf};

use super::disk::Found;
use super::problems::Problems;
use super::source::Source;
use super::{disk, merge};
use crate::fleet::Fleet;
use crate::place::Problem;

impl Fleet {
    /// Reads files and directories as one fleet.
    ///
    /// Of a directory all files are read that end in `.yaml` or `.yml`, by name, and none of its sub-directories. A file that is named twice is read once. The error
    /// has every problem of all files.
    pub fn read(paths: &[impl AsRef<Path>]) -> Result<Self, Problems> {
        FleetFiles::read(paths).map(FleetFiles::into_fleet)
    }

    /// Reads texts as one fleet, each under the name that problems call it by.
    ///
    /// ```
    /// use mms_fleet::Fleet;
    ///
    /// let text = "format: 1\norganization: 11\nchildren:\n  Acme Bakery: {credits: 20000}\n";
    /// let fleet = Fleet::parse(&[("fleet.yaml", text)])?;
    /// assert_eq!(fleet.children[0].name.as_str(), "Acme Bakery");
    ///
    /// let problems = Fleet::parse(&[("fleet.yaml", "format: 1\norganisation: 11\n")]).unwrap_err();
    /// assert!(problems.to_string().starts_with("fleet.yaml:2:1: the file has no key \"organisation\": did you mean organization?"));
    /// # Ok::<(), mms_fleet::Problems>(())
    /// ```
    pub fn parse(files: &[(&str, &str)]) -> Result<Self, Problems> {
        FleetFiles::parse(files).map(FleetFiles::into_fleet)
    }
}

/// Files of a fleet with their texts, to edit them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FleetFiles {
    pub(super) sources: Vec<Source>,
    pub(super) fleet: Fleet,
    pub(super) unread: Vec<PathBuf>,
}

impl FleetFiles {
    /// Reads files and directories as [`Fleet::read`] does, and keeps their texts.
    pub fn read(paths: &[impl AsRef<Path>]) -> Result<Self, Problems> {
        let Found { sources, problems, unread } = disk::read(paths);
        Ok(Self { unread, ..Self::of(sources, problems)? })
    }

    /// Reads texts as [`Fleet::parse`] does, and keeps them. Without files there is nothing to write to.
    pub fn parse(files: &[(&str, &str)]) -> Result<Self, Problems> {
        Self::of(files.iter().map(|(name, text)| Source::of_text(name, text)).collect(), Vec::new())
    }

    pub(super) fn of(sources: Vec<Source>, problems: Vec<Problem>) -> Result<Self, Problems> {
        let fleet = merge::fleet(&sources, problems)?;
        Ok(Self { sources, fleet, unread: Vec::new() })
    }

    /// Returns what the files ask for.
    #[must_use]
    pub fn fleet(&self) -> &Fleet {
        &self.fleet
    }

    /// Returns what the files ask for, without the texts.
    #[must_use]
    pub fn into_fleet(self) -> Fleet {
        self.fleet
    }

    /// Returns the sub-directories that have YAML files and were not read: a directory stands for the files in it alone.
    #[must_use]
    pub fn unread(&self) -> &[PathBuf] {
        &self.unread
    }

    /// Returns name and text of each file.
    pub fn texts(&self) -> impl Iterator<Item = (&str, &str)> {
        self.sources.iter().map(|source| (&*source.name, source.text.as_str()))
    }
}
