//! Modes of a journal's files.
//!
//! A program of its own: a fork of this process has its locks for a moment.
#![cfg(unix)]

use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;
use std::process::Command;

use mms_client::FileJournal;

/// In a process that the test starts: where to make a journal.
const PLACE: &str = "MMS_TEST_JOURNAL";

#[test]
fn file_lock_and_folder_are_their_owners_alone_under_any_umask() {
    if let Some(place) = std::env::var_os(PLACE) {
        FileJournal::open(place).unwrap();
        return;
    }
    // A umask belongs to a process, so each has one of its own.
    for umask in ["000", "022", "077"] {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("state/intents");
        let output = Command::new("sh")
            .args(["-c", &format!("umask {umask}; exec \"$0\"")])
            .arg(std::env::current_exe().unwrap())
            .env(PLACE, &path)
            .output()
            .unwrap();
        assert!(output.status.success(), "{output:?}");
        let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o7777;
        let modes = [path.parent().unwrap(), &path, &path.with_extension("lock")].map(mode);
        assert_eq!(modes, [0o700, 0o600, 0o600], "umask {umask}");
    }
}
