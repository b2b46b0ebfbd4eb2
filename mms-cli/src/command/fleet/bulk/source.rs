//! Tables as they are read: a file, or standard input.

use std::fs;
use std::io::{self, Read};
use std::path::Path;

use mms_fleet::{AllocationTable, Catalogue, NewChildDefaults, NewChildTable, Problems};

use crate::output::failure::{Failure, Hint, shell};
use crate::output::printer::Printer;
use crate::session::Asked;

/// Path that stands for standard input.
const STANDARD_INPUT: &str = "-";

/// Name of standard input in what is said.
const STANDARD_INPUT_NAME: &str = "standard input";

/// Text of a table of new children, and what its rows have by default.
pub(super) struct NewChildSource {
    pub(super) name: String,
    bytes: Vec<u8>,
    defaults: NewChildDefaults,
}

impl NewChildSource {
    pub(super) fn read(path: &Path, defaults: NewChildDefaults) -> Result<Self, Failure> {
        let (name, bytes) = read(path)?;
        Ok(Self { name, bytes, defaults })
    }

    /// Returns the table, unless something is wrong with it, regions and countries included where they are known.
    pub(super) fn table(&self, catalogue: Option<&Catalogue>) -> Result<NewChildTable, Failure> {
        let table = NewChildTable::read_checked(&self.name, &self.bytes, &self.defaults, catalogue);
        table.map_err(|problems| refused(&self.name, &problems))
    }
}

/// Reads a table of allocations. Returns its name, too.
pub(crate) fn allocations(path: &Path, printer: &Printer) -> Result<(String, AllocationTable), Failure> {
    let (name, bytes) = read(path)?;
    let table = AllocationTable::read(&name, &bytes).map_err(|problems| refused(&name, &problems))?;
    tell_ignored(printer, &name, table.ignored_columns());
    Ok((name, table))
}

/// Says which columns of a table are left out.
pub(super) fn tell_ignored(printer: &Printer, name: &str, ignored: &[String]) {
    if !ignored.is_empty() {
        let columns = ignored.iter().map(|title| format!("{title:?}")).collect::<Vec<_>>().join(", ");
        printer.note(&format!("{name}: not read, since they are no columns of such a table: {columns}."));
    }
}

/// Returns what a command asks for that reads a table, as the journal has it.
pub(crate) fn table_asked(words: &str, table: &str) -> Asked {
    let word = if table == STANDARD_INPUT_NAME { STANDARD_INPUT.into() } else { shell::word(table) };
    Asked { command: format!("{words} --from {word}"), files: vec![table.to_owned()] }
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
