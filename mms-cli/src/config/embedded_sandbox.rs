//! Embedded sandbox of one command: the data in a file, and the journal of its creates beside it.

use std::ffi::OsString;
use std::fs;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use mms_client::FileJournal;
use mms_sandbox::Sandbox;

use crate::output::failure::{Failure, journal_unusable};

/// Name by which a sandbox's journal knows the sandbox, whose address changes with every command.
pub(crate) const API_NAME: &str = "sandbox";

/// Starts the sandbox in a file. `command` tells other processes who holds the file.
pub(super) async fn start(file: &Path, command: &str) -> Result<Sandbox, Failure> {
    remove_stale_journal(file)?;
    Ok(Sandbox::builder().data(file).holder(format!("mms --sandbox {command}")).start().await?)
}

/// Returns the file of a sandbox's journal, which goes where the sandbox's own file goes.
pub(crate) fn journal_beside(sandbox: &Path) -> PathBuf {
    beside(sandbox, ".intents")
}

/// Returns the file of the names that commands on a sandbox saw lately.
pub(super) fn names_beside(sandbox: &Path) -> PathBuf {
    beside(sandbox, ".names")
}

fn beside(sandbox: &Path, extension: &str) -> PathBuf {
    let mut name = sandbox.file_name().map_or_else(OsString::new, OsString::from);
    name.push(extension);
    sandbox.with_file_name(name)
}

/// Removes the journal of a sandbox whose file was removed to start afresh: its creates are gone with the file.
fn remove_stale_journal(sandbox: &Path) -> Result<(), Failure> {
    let journal = &journal_beside(sandbox);
    // What cannot be seen, or is a link to nowhere, is not gone.
    let is_gone = fs::symlink_metadata(sandbox).is_err_and(|error| error.kind() == ErrorKind::NotFound);
    if !is_gone || !journal.is_file() {
        return Ok(());
    }
    // What does not read as a journal, or is in use, is somebody else's.
    let opened = FileJournal::open(journal).map_err(|error| journal_unusable(&error))?;
    let removed = fs::remove_file(journal);
    drop(opened);
    removed.map_err(|error| {
        let journal = journal.display();
        Failure::failed(format!("{journal} belongs to a sandbox that is gone, and cannot be removed: {error}"))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sandboxs_journal_lies_beside_its_file() {
        assert_eq!(journal_beside(Path::new("data/own.db")), Path::new("data/own.db.intents"));
        assert_eq!(journal_beside(Path::new("own.db")), Path::new("own.db.intents"));
    }
}
