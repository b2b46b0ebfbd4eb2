//! Files of a fleet, and what is wrong with them.

use std::path::PathBuf;

use mms_fleet::{EditError, FleetFiles, Problem, Problems};

use crate::args::DEFAULT_FLEET;
use crate::output::data::grouped;
use crate::output::failure::{Failure, Hint, shell};
use crate::output::printer::Printer;

/// Most mistakes that are shown.
const MOST_PROBLEMS: usize = 100;

/// Reads files and directories as one fleet, or says every mistake in them.
pub(super) fn read(paths: &[PathBuf]) -> Result<FleetFiles, Failure> {
    FleetFiles::read(paths).map_err(|problems| refused(&problems))
}

/// Warns of sub-directories that are not read and have what may be files of the fleet.
pub(super) fn tell_unread(printer: &Printer, files: &FleetFiles) {
    for folder in files.unread() {
        let folder = folder.display();
        printer.warn(&format!("{folder} has YAML files and is not read: name it, too, if they are of the fleet"));
    }
}

/// Returns the names of the files.
pub(super) fn names(files: &FleetFiles) -> Vec<String> {
    files.texts().map(|(name, _)| name.to_owned()).collect()
}

/// Makes the failure of files that cannot be used; nothing was sent.
pub(super) fn refused(problems: &Problems) -> Failure {
    let mut all = problems.iter();
    match (problems.len(), all.next()) {
        (1, Some(Problem { place, message, help })) => {
            let place = place.as_ref().map_or_else(String::new, |place| format!("{place}: "));
            Failure::usage(format!("{place}{message}")).hint(help.clone())
        }
        (count, _) => {
            let steps = problems.iter().take(MOST_PROBLEMS).map(ToString::to_string);
            let more = count.checked_sub(MOST_PROBLEMS).filter(|rest| *rest > 0);
            let more = more.map(|rest| format!("and {} more", grouped(rest as u64)));
            let hint = steps.chain(more).fold(Hint::new("mend these, nothing was sent:"), Hint::step);
            Failure::usage(format!("the fleet has {} mistakes", grouped(count as u64))).hint(hint)
        }
    }
}

/// Makes the failure of files that were not changed.
pub(super) fn not_edited(error: &EditError) -> Failure {
    let failure = Failure::failed(error.to_string());
    if error.is_changed() {
        failure.hint("nothing was written: run it again")
    } else {
        failure.hint("nothing was written")
    }
}

/// Returns the words of a command about files, which stay unnamed where they are those that it takes by itself.
pub(super) fn with_names(command: &str, paths: &[PathBuf]) -> String {
    let is_default = |paths: &[PathBuf]| matches!(paths, [only] if only.as_os_str() == DEFAULT_FLEET);
    let names = if is_default(paths) { &[] } else { paths };
    names.iter().fold(command.to_owned(), |words, name| words + " " + &shell::word(&name.display().to_string()))
}
