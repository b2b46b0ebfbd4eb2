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
    options.open(&new)?.write_all(bytes)?;
    fs::rename(&new, file).inspect_err(|_| drop(fs::remove_file(&new)))
}
