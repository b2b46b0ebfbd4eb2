//! Looking at a file before anything is written to it.

use std::fs::File;
use std::io::{ErrorKind, Read};
use std::path::Path;

use super::schema::{APPLICATION_ID, VERSION};
use crate::sandbox_error::SandboxError;

/// The fixed beginning of a file of SQLite: its magic text, and two fields in big-endian order.
/// See <https://sqlite.org/fileformat.html#the_database_header>.
const LENGTH: u64 = 100;
const MAGIC: &[u8] = b"SQLite format 3\0";
const USER_VERSION: usize = 60;
const APPLICATION: usize = 68;

/// Refuses a file that is no sandbox's, or of a later version than this one reads. A missing or empty file is fine.
pub(super) fn check(file: &Path) -> Result<(), SandboxError> {
    if file.exists() && !file.is_file() {
        return Err(SandboxError::foreign(file, "a directory or a device"));
    }
    let header = read(file).map_err(|source| SandboxError::file("cannot read", file, source))?;
    if header.is_empty() {
        return Ok(());
    }
    if !header.starts_with(MAGIC) {
        return Err(SandboxError::foreign(file, "no SQLite database"));
    }
    if field(&header, APPLICATION) != Some(APPLICATION_ID) {
        return Err(SandboxError::foreign(file, "a database of another program"));
    }
    match field(&header, USER_VERSION) {
        Some(version) if version > VERSION => Err(SandboxError::newer(file, version, VERSION)),
        _ => Ok(()),
    }
}

fn read(file: &Path) -> std::io::Result<Vec<u8>> {
    let opened = match File::open(file) {
        Ok(opened) => opened,
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(Vec::new()),
        Err(error) => return Err(error),
    };
    let mut header = Vec::new();
    opened.take(LENGTH).read_to_end(&mut header)?;
    Ok(header)
}

fn field(header: &[u8], offset: usize) -> Option<i32> {
    header.get(offset..)?.first_chunk().map(|bytes| i32::from_be_bytes(*bytes))
}
