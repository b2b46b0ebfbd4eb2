//! Tables as they are read: a file, or standard input.

use std::fs;
use std::io::{self, Read};
use std::path::Path;

use mms_fleet::{AllocationTable, NewChildDefaults, NewChildTable, Problems};

use crate::output::failure::{Failure, Hint, shell};

/// Path that stands for standard input.
const STANDARD_INPUT: &str = "-";

/// Name of standard input in what is said.
const STANDARD_INPUT_NAME: &str = "standard input";

/// Reads a table of new children. Returns its name, too.
pub(super) fn new_children(path: &Path, defaults: &NewChildDefaults) -> Result<(String, NewChildTable), Failure> {
    let (name, bytes) = read(path)?;
    let table = NewChildTable::read(&name, &bytes, defaults).map_err(|problems| refused(&name, &problems))?;
    Ok((name, table))
}

/// Reads a table of allocations. Returns its name, too.
pub(crate) fn allocations(path: &Path) -> Result<(String, AllocationTable), Failure> {
    let (name, bytes) = read(path)?;
    let table = AllocationTable::read(&name, &bytes).map_err(|problems| refused(&name, &problems))?;
    Ok((name, table))
}

/// Returns the words of a command that reads a table, as the journal has them.
pub(crate) fn command_with(words: &str, table: &str) -> String {
    let table = if table == STANDARD_INPUT_NAME { STANDARD_INPUT.into() } else { shell::word(table) };
    format!("{words} --from {table}")
}

fn read(path: &Path) -> Result<(String, Vec<u8>), Failure> {
    if path == Path::new(STANDARD_INPUT) {
        let mut bytes = Vec::new();
        return match io::stdin().lock().read_to_end(&mut bytes) {
            Ok(_) => Ok((STANDARD_INPUT_NAME.to_owned(), bytes)),
            Err(error) => Err(Failure::usage(format!("standard input cannot be read: {error}"))),
        };
    }
    let name = path.display().to_string();
    match fs::read(path) {
        Ok(bytes) => Ok((name, bytes)),
        Err(error) => Err(Failure::usage(format!("{name} cannot be read: {error}"))),
    }
}

/// Refuses a table with all that is wrong with it.
fn refused(name: &str, problems: &Problems) -> Failure {
    let mut all = problems.iter();
    if let (Some(problem), None) = (all.next(), all.next()) {
        let place = problem.place.as_ref().map_or_else(String::new, |place| format!("{place}: "));
        return Failure::usage(format!("{place}{}", problem.message)).hint(problem.help.clone());
    }
    let hint = Hint::new("mend these, nothing was sent:");
    let hint = problems.iter().map(ToString::to_string).fold(hint, Hint::step);
    Failure::usage(format!("{name} has {} mistakes", problems.len())).hint(hint)
}
