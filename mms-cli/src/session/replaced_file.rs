//! File that is written whole or not at all.

use std::fs::{self, OpenOptions};
use std::io::{self, Write};
use std::path::Path;

/// Writes a file of its own, for its owner alone, and puts it into place, so that another command reads the old one or the new one.
pub(crate) fn replace(file: &Path, bytes: &[u8]) -> io::Result<()> {
    let new = file.with_extension(std::process::id().to_string());
    let mut options = OpenOptions::new();
    options.write(true).create(true).truncate(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let written = options.open(&new).and_then(|mut new| new.write_all(bytes));
    written.and_then(|()| fs::rename(&new, file)).inspect_err(|_| drop(fs::remove_file(&new)))
}

#[cfg(test)]
#[cfg(target_os = "linux")]
mod tests {
    use super::*;

    #[test]
    fn what_a_full_disk_cuts_off_takes_no_place_and_is_not_left_behind() {
        let directory = tempfile::tempdir().unwrap();
        let file = directory.path().join("names");
        fs::write(&file, "old").unwrap();
        let new = file.with_extension(std::process::id().to_string());
        std::os::unix::fs::symlink("/dev/full", &new).unwrap();

        assert!(replace(&file, b"new").is_err());
        assert_eq!(fs::read_to_string(&file).unwrap(), "old");
        assert!(fs::symlink_metadata(&new).is_err());
    }
}
