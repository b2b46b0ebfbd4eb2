//! Files and directories of a fleet on disk.

use std::collections::HashSet;
use std::ffi::OsStr;
use std::fs::{self, File};
use std::io::{self, Read};
use std::path::{Path, PathBuf};

use super::source::Source;
use crate::place::{Place, Problem};

/// The most bytes of a file: some 100,000 children.
const MAX_BYTES: u64 = 16 * 1024 * 1024;

/// Reads files, and those of directories that end in `.yaml` or `.yml`, by name. A file that is named twice, or by two paths, is read once.
pub(super) fn read(paths: &[impl AsRef<Path>]) -> (Vec<Source>, Vec<Problem>) {
    let mut sources = Vec::new();
    let mut problems = Vec::new();
    let mut seen = HashSet::new();
    for path in paths {
        match files(path.as_ref()) {
            Ok(files) => {
                for file in files {
                    match source(&file, &mut seen) {
                        Ok(source) => sources.extend(source),
                        Err(problem) => problems.push(problem),
                    }
                }
            }
            Err(problem) => problems.push(problem),
        }
    }
    (sources, problems)
}

/// Returns the files that a path stands for.
fn files(path: &Path) -> Result<Vec<PathBuf>, Problem> {
    if !path.is_dir() {
        return Ok(vec![path.to_owned()]);
    }
    let entries = fs::read_dir(path).and_then(Iterator::collect::<io::Result<Vec<_>>>);
    let entries = entries.map_err(|error| unreadable(path, &error))?;
    let is_yaml = |path: &PathBuf| {
        let extension = path.extension().and_then(OsStr::to_str);
        extension.is_some_and(|extension| ["yaml", "yml"].contains(&extension)) && !is_hidden(path) && !path.is_dir()
    };
    let mut files: Vec<PathBuf> = entries.into_iter().map(|entry| entry.path()).filter(is_yaml).collect();
    files.sort();
    if files.is_empty() {
        let message = format!("{} has no file that ends in .yaml or .yml", path.display());
        return Err(problem(message, "name the files of the fleet, or write one with mms import"));
    }
    Ok(files)
}

fn is_hidden(path: &Path) -> bool {
    path.file_name().is_some_and(|name| name.as_encoded_bytes().starts_with(b"."))
}

/// Reads a file, unless it was read.
fn source(path: &Path, seen: &mut HashSet<PathBuf>) -> Result<Option<Source>, Problem> {
    let real = fs::canonicalize(path).map_err(|error| unreadable(path, &error))?;
    if !seen.insert(real.clone()) {
        return Ok(None);
    }
    let bytes = bytes(&real).map_err(|error| unreadable(path, &error))?;
    if bytes.len() as u64 > MAX_BYTES {
        let message = format!("{} has more than {MAX_BYTES} bytes", path.display());
        return Err(problem(message, "split the fleet into several files of one directory"));
    }
    let name = path.display().to_string();
    match String::from_utf8(bytes) {
        Ok(text) => Ok(Some(Source { name: name.into(), path: Some(real), is_new: false, text })),
        Err(error) => Err(no_text(&name, &error)),
    }
}

/// Reads at most one byte more than a file may have.
fn bytes(path: &Path) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    File::open(path)?.take(MAX_BYTES + 1).read_to_end(&mut bytes)?;
    Ok(bytes)
}

fn no_text(name: &str, error: &std::string::FromUtf8Error) -> Problem {
    let before = &error.as_bytes()[..error.utf8_error().valid_up_to()];
    let before = String::from_utf8_lossy(before);
    let line = before.matches('\n').count() + 1;
    let column = before.rsplit('\n').next().map_or(0, |line| line.chars().count()) + 1;
    Problem {
        place: Some(Place { file: name.into(), line, column }),
        message: "the file is no UTF-8".to_owned(),
        help: "save it as UTF-8".to_owned(),
    }
}

fn unreadable(path: &Path, error: &io::Error) -> Problem {
    let help = match error.kind() {
        io::ErrorKind::NotFound => "name the file of the fleet, or write one with mms import",
        io::ErrorKind::PermissionDenied => "ask its owner for the permission to read it",
        _ => "see that it can be read",
    };
    problem(format!("{} cannot be read: {error}", path.display()), help)
}

fn problem(message: String, help: &str) -> Problem {
    Problem { place: None, message, help: help.to_owned() }
}
