//! Rights of the files that this machine keeps: nobody else may read what is secret, or write anything.

use std::fs::{self, Metadata, OpenOptions};
use std::io::{self, ErrorKind};
use std::path::{Path, PathBuf};

use super::check::Check;
use super::setup::Setup;
use crate::output::failure::{ExitCode, shell};

/// What others may not do with a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    /// It holds a token: nobody else may read it.
    Secret,
    /// It holds names and addresses: nobody else should read it, or may write it.
    Private,
}

/// Checks the rights of every file that the settings lead to, and that the state directory can be written.
pub(super) fn examine(setup: &Setup) -> Vec<Check> {
    let mut paths: Vec<(PathBuf, Kind)> = Vec::new();
    if let Some(config) = &setup.config {
        paths.push((config.clone(), Kind::Private));
        paths.extend(tree(&config.with_file_name("tokens")).into_iter().map(|path| (path, Kind::Secret)));
    }
    for secret in &setup.secrets {
        if !paths.iter().any(|(path, _)| path == secret) {
            paths.push((secret.clone(), Kind::Secret));
        }
    }
    let kept = setup.state_dir.iter().cloned().chain(setup.kept.iter().flat_map(|path| tree(path)));
    paths.extend(kept.map(|path| (path, Kind::Private)));

    let number = paths.iter().filter(|(path, _)| path.exists()).count();
    let mut checks: Vec<_> = paths.iter().filter_map(|(path, kind)| of_path(path, *kind)).collect();
    checks.extend(setup.state_dir.as_deref().and_then(unwritable));
    if checks.is_empty() {
        checks.push(Check::ok(
            "files",
            match number {
                0 => "none yet".to_owned(),
                1 => "1 file or directory, yours alone".to_owned(),
                number => format!("{number} files and directories, yours alone"),
            },
        ));
    }
    checks
}

/// Returns a file, or a directory and what is in it.
fn tree(path: &Path) -> Vec<PathBuf> {
    let mut within: Vec<_> = fs::read_dir(path).into_iter().flatten().flatten().map(|entry| entry.path()).collect();
    within.sort();
    within.insert(0, path.to_owned());
    within
}

/// Checks one file or directory; nothing where it is well, or not there.
fn of_path(path: &Path, kind: Kind) -> Option<Check> {
    match fs::metadata(path) {
        Ok(metadata) => of_mode(path, &metadata, kind),
        Err(error) if matches!(error.kind(), ErrorKind::NotFound | ErrorKind::NotADirectory) => None,
        Err(error) => Some(Check::problem(
            "files",
            ExitCode::Usage,
            format!("{} cannot be looked at: {error}", path.display()),
            "make it and the directories above it readable for you",
        )),
    }
}

#[cfg(unix)]
fn of_mode(path: &Path, metadata: &Metadata, kind: Kind) -> Option<Check> {
    use std::os::unix::fs::PermissionsExt;

    let mode = metadata.permissions().mode() & 0o777;
    let is_directory = metadata.is_dir();
    if !is_directory && !metadata.is_file() {
        return None;
    }
    let is_writable = mode & 0o022 != 0;
    let is_readable = mode & 0o044 != 0 && !is_directory;
    let name = path.display().to_string();
    let advice = format!("`chmod {} {}`", if is_directory { 700 } else { 600 }, shell::word(&name));
    let others = match (is_writable, is_readable) {
        (true, _) => "other users may write to",
        (false, true) => "other users may read",
        (false, false) => return None,
    };
    let found = format!("{others} {name}: mode {mode:04o}");
    Some(if is_writable || kind == Kind::Secret {
        Check::problem("files", ExitCode::Usage, found, advice)
    } else {
        Check::warning("files", found, advice)
    })
}

#[cfg(not(unix))]
fn of_mode(_: &Path, _: &Metadata, _: Kind) -> Option<Check> {
    None
}

/// Checks that files can be made in the state directory. One that is not there is made by the first command that needs it.
fn unwritable(directory: &Path) -> Option<Check> {
    let error = probe(directory).err()?;
    let name = directory.display().to_string();
    Some(Check::problem(
        "files",
        ExitCode::Usage,
        format!("the state directory {name} cannot be written: {error}"),
        format!("`mkdir -p {0} && chmod 700 {0}`, or name another with --state-dir", shell::word(&name)),
    ))
}

/// Makes a file in a directory, or in the next one above that is there, and removes it.
fn probe(directory: &Path) -> io::Result<()> {
    let mut above = directory;
    while fs::symlink_metadata(above).is_err_and(|error| error.kind() == ErrorKind::NotFound) {
        above = above.parent().ok_or(ErrorKind::NotFound)?;
    }
    let file = above.join(format!(".mms-doctor-{}", std::process::id()));
    OpenOptions::new().write(true).create_new(true).open(&file)?;
    fs::remove_file(&file)
}

#[cfg(test)]
#[cfg(unix)]
mod tests {
    use std::os::unix::fs::PermissionsExt;

    use super::super::check::State;
    use super::*;

    fn state(mode: u32, kind: Kind) -> Option<State> {
        let directory = tempfile::tempdir().unwrap();
        let file = directory.path().join("file");
        fs::write(&file, "").unwrap();
        fs::set_permissions(&file, fs::Permissions::from_mode(mode)).unwrap();
        of_path(&file, kind).map(|check| check.state)
    }

    #[test]
    fn a_secret_is_its_owners_alone_and_nothing_may_be_written_by_others() {
        assert_eq!((state(0o600, Kind::Secret), state(0o400, Kind::Private)), (None, None));
        assert_eq!(state(0o640, Kind::Secret), Some(State::Problem));
        assert_eq!(state(0o644, Kind::Private), Some(State::Warning));
        assert_eq!(state(0o620, Kind::Private), Some(State::Problem));
    }

    #[test]
    fn a_directory_may_be_listed_by_others_and_not_written() {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("state");
        fs::create_dir(&path).unwrap();
        for (mode, is_well) in [(0o700, true), (0o755, true), (0o770, false)] {
            fs::set_permissions(&path, fs::Permissions::from_mode(mode)).unwrap();
            assert_eq!(of_path(&path, Kind::Private).is_none(), is_well, "{mode:o}");
        }
    }

    #[test]
    fn a_directory_that_is_not_there_is_well_where_it_can_be_made() {
        let directory = tempfile::tempdir().unwrap();
        assert_eq!(unwritable(&directory.path().join("a/b")), None);
        assert_eq!(fs::read_dir(directory.path()).unwrap().count(), 0);
        fs::write(directory.path().join("file"), "").unwrap();
        assert!(unwritable(&directory.path().join("file")).is_some());
    }
}
