//! What an apply is asked to do: the files of a fleet, or a saved plan.

use std::fs;
use std::path::{Path, PathBuf};

use mms_fleet::{FleetFiles, SavedPlan};

use crate::output::failure::Failure;

/// File that is read where none is named.
pub(super) const DEFAULT_FILE: &str = "fleet.yaml";

/// What is to be applied.
#[derive(Debug)]
pub(super) enum Source {
    Fleet(Box<FleetFiles>),
    Saved(Box<SavedPlan>),
}

impl Source {
    /// Reads files and directories of a fleet, or one saved plan, which ends in `.json`.
    pub(super) fn read(files: &[PathBuf]) -> Result<Self, Failure> {
        match files {
            [file] if is_plan(file) => saved(file).map(|saved| Self::Saved(Box::new(saved))),
            files => match files.iter().find(|file| is_plan(file)) {
                Some(plan) => Err(Failure::usage(format!("{} is a saved plan, and more files are named", plan.display()))
                    .hint("apply one saved plan, or the files of a fleet")),
                None => super::files::read(files).map(|files| Self::Fleet(Box::new(files))),
            },
        }
    }

    /// Names what was read, for the journal.
    pub(super) fn names(&self, files: &[PathBuf]) -> Vec<String> {
        match files {
            [] => vec![DEFAULT_FILE.to_owned()],
            files => files.iter().map(|file| file.display().to_string()).collect(),
        }
    }

    /// Returns the id of a saved plan.
    pub(super) fn plan_id(&self) -> Option<String> {
        match self {
            Self::Fleet(_) => None,
            Self::Saved(saved) => Some(saved.origin.id.clone()),
        }
    }
}

fn is_plan(file: &Path) -> bool {
    file.extension().is_some_and(|extension| extension.eq_ignore_ascii_case("json"))
}

fn saved(file: &Path) -> Result<SavedPlan, Failure> {
    let refused = |error: &dyn std::fmt::Display| {
        Failure::usage(format!("{}: {error}", file.display()))
            .hint("make a plan with: mms plan --out plan.json")
    };
    let text = fs::read_to_string(file).map_err(|error| refused(&error))?;
    SavedPlan::read(&text).map_err(|error| refused(&error))
}
