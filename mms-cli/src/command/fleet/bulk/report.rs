//! Report: a CSV file with a line for each row, written once its outcome is known.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use mms_types::OrganizationId;

use crate::output::failure::Failure;

/// The titles, by which an earlier report is known.
const TITLES: [&str; 7] = ["line", "name", "external_id", "outcome", "id", "credits", "error"];

/// Report of a table, whose file is made anew with its first line.
#[derive(Debug)]
pub(crate) struct Report {
    path: PathBuf,
    file: Mutex<Option<File>>,
}

/// Row of a report.
#[derive(Debug, Clone, Copy)]
pub(crate) struct ReportRow<'a> {
    /// The line of the table.
    pub(crate) line: usize,
    pub(crate) name: &'a str,
    pub(crate) external_id: Option<&'a str>,
    pub(crate) outcome: &'a str,
    pub(crate) id: Option<OrganizationId>,
    pub(crate) credits: Option<i64>,
    pub(crate) error: Option<&'a str>,
}

impl Report {
    /// Makes sure that a report can be written: to a new file, an empty one, or an earlier report, which stays until the first
    /// line.
    pub(crate) fn checked(path: &Path) -> Result<Self, Failure> {
        let name = path.display();
        let unusable = |error: io::Error| Failure::usage(format!("the report {name} cannot be written: {error}"));
        match fs::read(path) {
            Ok(bytes) if bytes.is_empty() || bytes.starts_with(&line(TITLES)) => {}
            Ok(_) => {
                return Err(Failure::usage(format!("{name} is there and is no report of this command"))
                    .hint("name a new file: only an earlier report is replaced"));
            }
            Err(error) if error.kind() == io::ErrorKind::NotFound => {}
            Err(error) => return Err(unusable(error)),
        }
        // Whether it can be written is known before the first request.
        OpenOptions::new().create(true).append(true).open(path).map_err(unusable)?;
        Ok(Self { path: path.to_owned(), file: Mutex::new(None) })
    }

    /// Writes a line, the titles before the first. What was written is with the operating system when this returns.
    pub(crate) fn write(&self, row: ReportRow<'_>) -> io::Result<()> {
        let mut file = self.file.lock().unwrap_or_else(PoisonError::into_inner);
        if file.is_none() {
            let mut opened = File::create(&self.path)?;
            opened.write_all(&line(TITLES))?;
            *file = Some(opened);
        }
        let Some(file) = &mut *file else { return Ok(()) };
        let text = |value: Option<String>| value.unwrap_or_default();
        file.write_all(&line([
            row.line.to_string(),
            safe(row.name),
            safe(row.external_id.unwrap_or_default()),
            row.outcome.to_owned(),
            text(row.id.map(|id| id.to_string())),
            text(row.credits.map(|credits| credits.to_string())),
            safe(row.error.unwrap_or_default()),
        ]))
    }

    /// Returns its path as it is shown.
    pub(crate) fn name(&self) -> String {
        self.path.display().to_string()
    }
}

/// Returns a text that no spreadsheet takes for a formula.
fn safe(text: &str) -> String {
    let mark = if text.trim_start().starts_with(['=', '+', '-', '@']) { "'" } else { "" };
    format!("{mark}{text}")
}

/// Returns a line of CSV.
fn line(cells: [impl AsRef<[u8]>; 7]) -> Vec<u8> {
    let mut writer = csv::Writer::from_writer(Vec::new());
    // A vector takes whatever is written to it.
    let _ = writer.write_record(cells);
    writer.into_inner().unwrap_or_default()
}
