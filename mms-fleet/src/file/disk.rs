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

/// How deep sub-directories are searched for what is not read.
const DEEPEST: usize = 8;

/// What paths stand for.
#[derive(Default)]
pub(super) struct Found {
    pub(super) sources: Vec<Source>,
    pub(super) problems: Vec<Problem>,
    /// Sub-directories that are not read and have YAML files.
    pub(super) unread: Vec<PathBuf>,
}

/// Reads files, and those of directories that end in `.yaml` or `.yml`, by name. A file that is named twice, or by two paths, is read once.
pub(super) fn read(paths: &[impl AsRef<Path>]) -> Found {
    let mut found = Found::default();
    let mut seen = HashSet::new();
    for path in paths {
        match files(path.as_ref(), &mut found.unread) {
            Ok(files) => {
                for file in files {
                    match source(&file, &mut seen) {
                        Ok(source) => found.sources.extend(source),
                        Err(problem) => found.problems.push(problem),
                    }
                }
            }
            Err(problem) => found.problems.push(problem),
        }
    }
    let is_named = |folder: &PathBuf| paths.iter().any(|path| is_same(path.as_ref(), folder));
    found.unread.retain(|folder| !is_named(folder));
    found
}

/// Returns the files that a path stands for, and adds the sub-directories that it does not stand for.
fn files(path: &Path, unread: &mut Vec<PathBuf>) -> Result<Vec<PathBuf>, Problem> {
    if !path.is_dir() {
        return Ok(vec![path.to_owned()]);
    }
    let (files, folders) = of_directory(path).map_err(|error| unreadable(path, &error))?;
    let folders: Vec<_> = folders.into_iter().filter(|folder| has_yaml(folder, DEEPEST)).collect();
    if files.is_empty() {
        let message = format!("{} has no file that ends in .yaml or .yml", path.display());
        let help = match folders.first() {
            Some(folder) => format!("name {}: sub-directories are not read by themselves", folder.display()),
            None => "name the files of the fleet, or write one with mms import".to_owned(),
        };
        return Err(problem(message, &help));
    }
    unread.extend(folders);
    Ok(files)
}

/// Returns the YAML files and the directories of a directory, without what is hidden.
fn of_directory(path: &Path) -> io::Result<(Vec<PathBuf>, Vec<PathBuf>)> {
    let entries = fs::read_dir(path).and_then(Iterator::collect::<io::Result<Vec<_>>>)?;
    let mut paths: Vec<PathBuf> = entries.into_iter().map(|entry| entry.path()).collect();
    paths.retain(|path| !is_hidden(path));
    paths.sort();
    let (folders, mut files): (Vec<_>, Vec<_>) = paths.into_iter().partition(|path| path.is_dir());
    let is_yaml = |extension: &OsStr| extension == "yaml" || extension == "yml";
    files.retain(|file| file.extension().is_some_and(is_yaml));
    Ok((files, folders))
}

/// Says whether a directory has a YAML file, itself or below. What cannot be read has none, and links are not followed.
fn has_yaml(folder: &Path, depth: usize) -> bool {
    let is_link = folder.symlink_metadata().is_ok_and(|metadata| metadata.is_symlink());
    match of_directory(folder) {
        Ok((files, folders)) if !is_link => {
            !files.is_empty() || (depth > 0 && folders.iter().any(|folder| has_yaml(folder, depth - 1)))
        }
        _ => false,
    }
}

/// Says whether two paths are one place.
fn is_same(left: &Path, right: &Path) -> bool {
    matches!((fs::canonicalize(left), fs::canonicalize(right)), (Ok(left), Ok(right)) if left == right)
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
