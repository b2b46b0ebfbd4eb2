//! Header check of a database file, before anything is written to it.

use std::fs::File;
use std::io::{ErrorKind, Read};
use std::path::Path;

use crate::store::open_error::OpenError;
use crate::store::schema::{APPLICATION_ID, VERSION};

/// The fixed beginning of a file of SQLite: its magic text, and fields in big-endian order.
/// See <https://sqlite.org/fileformat.html#the_database_header>.
const LENGTH: u64 = 100;
const MAGIC: &[u8] = b"SQLite format 3\0";
const PAGE_SIZE: usize = 16;
const WRITE_VERSION: usize = 18;
const READ_VERSION: usize = 19;
const USER_VERSION: usize = 60;
const APPLICATION: usize = 68;

/// Refuses a file that is no sandbox's, or of a later version than this one reads. A missing or empty file is fine.
pub(super) fn check(file: &Path) -> Result<(), OpenError> {
    if file.exists() && !file.is_file() {
        return Err(OpenError::foreign(file, "a directory or a device"));
    }
    let header = read_header(file).map_err(|source| OpenError::file("cannot read", file, source))?;
    if header.is_empty() {
        return Ok(());
    }
    if !header.starts_with(MAGIC) {
        return Err(OpenError::foreign(file, "no SQLite database"));
    }
    if field(&header, APPLICATION) != Some(APPLICATION_ID) {
        return Err(OpenError::foreign(file, "a database of another program"));
    }
    if let Some(version) = field(&header, USER_VERSION).filter(|version| *version > VERSION) {
        return Err(OpenError::newer(file, version, VERSION));
    }
    let length = file.metadata().map_err(|source| OpenError::file("cannot read", file, source))?.len();
    match page_size(&header) {
        Some(size) if length % size == 0 && has_known_versions(&header) => Ok(()),
        _ => Err(OpenError::damaged(file, "its header does not fit its length")),
    }
}

/// Returns the size of a page in bytes; the header writes 65,536 as 1.
fn page_size(header: &[u8]) -> Option<u64> {
    let size = header.get(PAGE_SIZE..)?.first_chunk().map(|bytes| u16::from_be_bytes(*bytes))?;
    match size {
        0 => None,
        1 => Some(65_536),
        size => Some(size.into()),
    }
}

/// Says whether the file asks for a journal that SQLite knows, to be written and to be read.
fn has_known_versions(header: &[u8]) -> bool {
    [WRITE_VERSION, READ_VERSION].into_iter().all(|place| matches!(header.get(place), Some(1 | 2)))
}

fn read_header(file: &Path) -> std::io::Result<Vec<u8>> {
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
