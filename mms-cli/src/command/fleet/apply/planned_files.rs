//! Files that a saved plan was made of, as they are now.

use std::path::Path;

use mms_fleet::{FleetFiles, SavedPlan};

use crate::output::failure::Failure;

/// What became of the files of a saved plan since it was made.
#[derive(Debug)]
pub(super) enum PlannedFiles {
    /// None of them is here, as where a plan is applied on another machine.
    Absent,
    /// They ask for the same.
    Same(Box<FleetFiles>),
    /// They ask for something else, or cannot be read any more.
    Changed(String),
}

impl PlannedFiles {
    /// Reads the files that a plan names.
    pub(super) fn of(plan: &SavedPlan) -> Self {
        let paths = &plan.origin.files;
        if !paths.iter().any(|path| Path::new(path).exists()) {
            return Self::Absent;
        }
        let names = paths.join(", ");
        match FleetFiles::read(paths) {
            Ok(files) if plan.is_of(files.fleet()) => Self::Same(Box::new(files)),
            Ok(_) => Self::Changed(format!("{names} asks for something else than when the plan was made")),
            Err(problems) => {
                let first = problems.iter().next().map(ToString::to_string).unwrap_or_default();
                Self::Changed(format!("{names} could be read when the plan was made, and cannot be now: {first}"))
            }
        }
    }

    /// Returns the files that ask for the same.
    pub(super) fn same(&self) -> Option<&FleetFiles> {
        if let Self::Same(files) = self { Some(files) } else { None }
    }

    /// Refuses a plan of older files.
    pub(super) fn refuse_changed(&self, plan_again: &str) -> Result<(), Failure> {
        match self {
            Self::Absent | Self::Same(_) => Ok(()),
            Self::Changed(how) => Err(Failure::failed(format!("nothing was sent: {how}")).hint(format!(
                "{plan_again}; or run it in the folder that the plan was made in, if this is another one"
            ))),
        }
    }
}
