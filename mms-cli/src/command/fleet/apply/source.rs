//! What an apply is asked to do: the files of a fleet, or a saved plan.

use std::path::PathBuf;

use mms_fleet::{FleetFiles, SavedPlan};

use super::planned_files::PlannedFiles;
use crate::args::ApplyArgs;
use crate::command::fleet::files;
use crate::command::fleet::plan::saved;
use crate::output::failure::{Failure, shell};

/// What is to be applied.
#[derive(Debug)]
pub(super) enum Source {
    Fleet(Box<FleetFiles>),
    Saved(Box<SavedPlan>, PlannedFiles),
}

impl Source {
    /// Reads files and directories of a fleet, or one saved plan: they are told apart by what is in them.
    pub(super) fn read(paths: &[PathBuf]) -> Result<Self, Failure> {
        match paths {
            [file] if saved::is_plan(file) => {
                let plan = saved::read(file)?;
                let files = PlannedFiles::of(&plan);
                Ok(Self::Saved(Box::new(plan), files))
            }
            paths => match paths.iter().find(|file| saved::is_plan(file)) {
                Some(plan) => {
                    Err(Failure::usage(format!("{} is a saved plan, and more files are named", plan.display()))
                        .hint("apply one saved plan, or the files of a fleet"))
                }
                None => files::read(paths).map(|files| Self::Fleet(Box::new(files))),
            },
        }
    }

    /// Refuses flags that a saved plan would not keep, since it is as it was made; nothing was sent.
    pub(super) fn refuse_flags(&self, arguments: &ApplyArgs) -> Result<(), Failure> {
        let (Self::Saved(..), words, Some(file)) = (self, arguments.guards.words(), arguments.files.first()) else {
            return Ok(());
        };
        if words.is_empty() {
            return Ok(());
        }
        let (file, words) = (shell::word(&file.display().to_string()).into_owned(), words.join(" "));
        Err(Failure::usage(format!("{file} is a saved plan, which is as it was made: it takes no {words}"))
            .hint(format!("nothing was sent: make the plan with them, `mms plan --out {file} {words}`")))
    }

    /// Names what was read.
    pub(super) fn names(&self, paths: &[PathBuf]) -> Vec<String> {
        match self {
            Self::Fleet(files) => files::names(files),
            Self::Saved(..) => paths.iter().map(|file| file.display().to_string()).collect(),
        }
    }

    /// Returns the files of the fleet; nothing of a saved plan whose files are not there.
    pub(super) fn files(&self) -> Option<&FleetFiles> {
        match self {
            Self::Fleet(files) => Some(files),
            Self::Saved(_, files) => files.same(),
        }
    }

    /// Returns the id of a saved plan.
    pub(super) fn plan_id(&self) -> Option<String> {
        match self {
            Self::Fleet(_) => None,
            Self::Saved(saved, _) => Some(saved.origin.id.clone()),
        }
    }
}
