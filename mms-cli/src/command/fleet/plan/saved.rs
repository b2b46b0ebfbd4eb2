//! Files of saved plans: for their owner alone, written whole or not at all.

use std::fs;
use std::io::ErrorKind;
use std::path::Path;

use mms_fleet::{SavedPlan, SavedPlanError};

use crate::output::failure::{Failure, shell};
use crate::session::replace;

/// What to do about a file that is no saved plan.
const NAME_IT: &str = "name the file that `mms plan --out` wrote";

/// Says whether a file is a saved plan, by what is in it: a fleet may be in JSON, and a plan have any name.
pub(in crate::command::fleet) fn is_plan(file: &Path) -> bool {
    // What can be read once alone, such as a pipe, is left to whoever reads it.
    file.is_file() && fs::read_to_string(file).is_ok_and(|text| SavedPlan::is_meant(&text))
}

/// Makes the failure of a saved plan that is named where the files of a fleet belong.
pub(in crate::command::fleet) fn not_a_fleet(file: &Path) -> Failure {
    let name = shell::word(&file.display().to_string()).into_owned();
    Failure::usage(format!("{name} is a saved plan, and no file of a fleet")).hint(format!(
        "`mms plan show {name}` shows it, `mms apply {name}` carries it out, and a plan is made of the fleet's files"
    ))
}

/// Refuses a file that holds anything but a saved plan, or whose folder is not there; nothing was sent.
pub(in crate::command::fleet) fn check(file: &Path) -> Result<(), Failure> {
    let name = file.display();
    let folder = file.parent().filter(|folder| !folder.as_os_str().is_empty());
    if let Some(folder) = folder.filter(|folder| !folder.is_dir()) {
        return Err(Failure::usage(format!("--out {name}: there is no folder {}", folder.display()))
            .hint("make the folder, or name another file"));
    }
    let is_free = match fs::read_to_string(file) {
        Ok(text) => match SavedPlan::read(&text) {
            Ok(_) | Err(SavedPlanError::OtherFormat { .. } | SavedPlanError::Changed) => true,
            Err(_) => text.is_empty(),
        },
        Err(error) => error.kind() == ErrorKind::NotFound,
    };
    if is_free {
        return Ok(());
    }
    Err(Failure::usage(format!("--out {name}: there is something else than a saved plan, which stays as it is"))
        .hint("name another file"))
}

/// Writes a plan.
pub(in crate::command::fleet) fn write(file: &Path, plan: &SavedPlan) -> Result<(), Failure> {
    let text = plan.to_json().map_err(|error| Failure::failed(error.to_string()))?;
    replace(file, format!("{text}\n").as_bytes())
        .map_err(|error| Failure::failed(format!("{} cannot be written: {error}", file.display())))
}

/// Reads a plan.
pub(in crate::command::fleet) fn read(file: &Path) -> Result<SavedPlan, Failure> {
    let name = file.display();
    let text = fs::read_to_string(file)
        .map_err(|error| Failure::usage(format!("{name} cannot be read: {error}")).hint(NAME_IT))?;
    SavedPlan::read(&text).map_err(|error| {
        let failure = Failure::usage(format!("{name}: {error}"));
        match error {
            SavedPlanError::Unreadable { .. } => failure.hint(NAME_IT),
            _ => failure,
        }
    })
}
