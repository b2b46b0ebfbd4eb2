//! Replacement of files on disk, each in one step.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use super::error::EditError;
use crate::file::source::Source;

/// Writes each file beside the old one, and renames all when all are on disk. Each pair is the file as it was read and as it is to be.
pub(super) fn write<'a>(changed: impl Iterator<Item = (&'a Source, &'a Source)>) -> Result<(), EditError> {
    let mut drafts = Vec::new();
    for (before, after) in changed {
        if let Some(path) = &before.path {
            check(before, path)?;
            let draft = Draft::write(before, path, &after.text).map_err(|error| EditError::io(&before.name, error))?;
            drafts.push((before, path, draft));
        }
    }
    // What was written meanwhile is found as late as it can be.
    for (before, path, _) in &drafts {
        check(before, path)?;
    }
    let mut written = Vec::new();
    for (before, path, draft) in drafts {
        if let Err(error) = draft.rename(path) {
            return Err(EditError::io(&before.name, error).after(written));
        }
        written.push(before.name.to_string());
    }
    Ok(())
}

/// Refuses a file that is not what was read.
fn check(before: &Source, path: &Path) -> Result<(), EditError> {
    match fs::read(path) {
        Ok(_) if before.is_new => Err(EditError::exists(&before.name)),
        Ok(bytes) if bytes == before.text.as_bytes() => Ok(()),
        Err(error) if before.is_new && error.kind() == io::ErrorKind::NotFound => Ok(()),
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(EditError::io(&before.name, error)),
        _ => Err(EditError::changed(&before.name)),
    }
}

/// A file beside the one that it is to replace. It is removed unless it was renamed.
struct Draft(PathBuf);

impl Draft {
    fn write(before: &Source, path: &Path, text: &str) -> io::Result<Self> {
        let mut name = path.file_name().unwrap_or_default().to_owned();
        name.push(format!(".draft-{}", std::process::id()));
        let path_of_draft = path.with_file_name(name);
        // One that a killed process left behind is nobody's.
        drop(fs::remove_file(&path_of_draft));
        let mut file = OpenOptions::new().write(true).create_new(true).open(&path_of_draft)?;
        let draft = Self(path_of_draft);
        if !before.is_new {
            file.set_permissions(fs::metadata(path)?.permissions())?;
        }
        file.write_all(text.as_bytes())?;
        file.sync_all()?;
        Ok(draft)
    }

    fn rename(self, path: &Path) -> io::Result<()> {
        fs::rename(&self.0, path)?;
        // A rename is on disk when its folder is.
        if cfg!(unix) { File::open(folder(path))?.sync_all() } else { Ok(()) }
    }
}

/// Returns the folder of a file; of one that is named alone it is the present one.
fn folder(path: &Path) -> &Path {
    path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."))
}

impl Drop for Draft {
    fn drop(&mut self) {
        drop(fs::remove_file(&self.0));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_that_is_named_alone_is_in_the_present_folder() {
        assert_eq!(folder(Path::new("fleet.yaml")), Path::new("."));
        assert_eq!(folder(Path::new("fleets/eu.yaml")), Path::new("fleets"));
        assert_eq!(folder(Path::new("/fleet.yaml")), Path::new("/"));
    }
}
