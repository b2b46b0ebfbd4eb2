//! Seed file: what is read as one, how much of it, and on which thread.

use std::fs::{self, File, FileType};
use std::io::{self, Read};
use std::path::{Path, PathBuf};
use std::thread;

use mms_types::sandbox::SandboxState;
use tokio::sync::oneshot;

use crate::http::body::MAX_STATE_BYTES;
use crate::sandbox_error::SandboxError;
use crate::schema_check::{from_json, from_yaml};

/// The buffer to begin with for what does not say how long it is, in bytes.
const FIRST_STEP: usize = 64 * 1024;

/// Reads a seed file: JSON where its name ends in `.json`, YAML otherwise; a regular file or a pipe, of at most as many bytes as
/// the control side takes for a state.
///
/// A thread of its own reads, because a pipe may never be written: it ends with the process where nobody waits any more.
pub(crate) async fn read(file: PathBuf) -> Result<SandboxState, SandboxError> {
    let failed = |message| SandboxError::seed(&file, message);
    let (result, is_read) = oneshot::channel();
    let name = file.clone();
    thread::Builder::new()
        .name("mms-sandbox-seed".to_owned())
        .spawn(move || {
            // Fails where the start was given up.
            let _ = result.send(read_here(&name));
        })
        .map_err(|error| failed(format!("no thread can be started: {error}")))?;
    match is_read.await {
        Ok(read) => read.map_err(failed),
        Err(_) => Err(failed("the thread that read it ended too early".to_owned())),
    }
}

/// Reads a seed file on this thread.
fn read_here(path: &Path) -> Result<SandboxState, String> {
    let message = |error: io::Error| error.to_string();
    // Before it is opened, because opening a device may do something.
    check_type(fs::metadata(path).map_err(message)?.file_type())?;
    let file = File::open(path).map_err(message)?;
    let metadata = file.metadata().map_err(message)?;
    check_type(metadata.file_type())?;
    let length = usize::try_from(metadata.len()).unwrap_or(usize::MAX);
    if length > MAX_STATE_BYTES {
        return Err(too_large(MAX_STATE_BYTES));
    }
    // One byte more, so that a file which is as long as it says is read in one step.
    let bytes = read_at_most(file, (length + 1).max(FIRST_STEP), MAX_STATE_BYTES)?;
    let is_json = path.extension().is_some_and(|extension| extension.eq_ignore_ascii_case("json"));
    if is_json { from_json(&bytes) } else { from_yaml(&bytes) }
}

/// Refuses what is neither a regular file nor a pipe.
fn check_type(found: FileType) -> Result<(), String> {
    #[cfg(unix)]
    let is_pipe = std::os::unix::fs::FileTypeExt::is_fifo(&found);
    #[cfg(not(unix))]
    let is_pipe = false;
    if found.is_file() || is_pipe {
        return Ok(());
    }
    let found = if found.is_dir() { "a folder" } else { "a device or a socket" };
    Err(format!("it is {found}: a seed is a regular file or a pipe"))
}

/// Reads to the end, in steps of which each doubles what is there; more than `limit` bytes are an error, and are never kept.
fn read_at_most(mut source: impl Read, first_step: usize, limit: usize) -> Result<Vec<u8>, String> {
    let mut bytes = Vec::new();
    let mut step = first_step;
    loop {
        // One byte more tells what ends at the limit from what goes on.
        let room = step.min(limit + 1 - bytes.len());
        bytes.try_reserve_exact(room).map_err(|error| error.to_string())?;
        let step_end = u64::try_from(room).unwrap_or(u64::MAX);
        let read = source.by_ref().take(step_end).read_to_end(&mut bytes).map_err(|error| error.to_string())?;
        if bytes.len() > limit {
            return Err(too_large(limit));
        }
        if read < room {
            return Ok(bytes);
        }
        step = bytes.len();
    }
}

fn too_large(limit: usize) -> String {
    format!("it has more than {limit} bytes")
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A source that never ends, and counts what was read of it.
    struct Endless(usize);

    impl Read for Endless {
        fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
            self.0 += buffer.len();
            Ok(buffer.len())
        }
    }

    #[test]
    fn a_source_without_end_is_an_error_at_the_limit_and_no_byte_beyond_it_is_asked_for() {
        for first_step in [1, 7, 64, 1_000, 5_000] {
            let mut endless = Endless(0);
            assert_eq!(read_at_most(&mut endless, first_step, 1_000).unwrap_err(), "it has more than 1000 bytes");
            assert_eq!(endless.0, 1_001, "{first_step}");
        }
    }

    #[test]
    fn what_ends_at_the_limit_or_before_is_read_whole_into_no_more_memory_than_the_limit() {
        for length in [0, 1, 63, 64, 65, 128, 999, 1_000] {
            let source = vec![b'x'; length];
            let bytes = read_at_most(source.as_slice(), 64, 1_000).unwrap();
            assert_eq!(bytes, source, "{length}");
            assert!(bytes.capacity() <= 1_001, "{length}: {}", bytes.capacity());
        }
        assert!(read_at_most([b'x'; 1_001].as_slice(), 64, 1_000).is_err());
    }

    #[cfg(unix)]
    #[test]
    fn folders_and_devices_are_refused_before_they_are_opened() {
        let directory = tempfile::tempdir().unwrap();
        for (path, expected) in [
            (directory.path(), "it is a folder: a seed is a regular file or a pipe"),
            (Path::new("/dev/zero"), "it is a device or a socket: a seed is a regular file or a pipe"),
            (Path::new("/dev/null"), "it is a device or a socket: a seed is a regular file or a pipe"),
        ] {
            assert_eq!(read_here(path).unwrap_err(), expected, "{}", path.display());
        }
    }

    #[test]
    fn a_file_that_says_that_it_is_too_long_is_not_read() {
        let file = tempfile::NamedTempFile::new().unwrap();
        file.as_file().set_len(u64::try_from(MAX_STATE_BYTES).unwrap() + 1).unwrap();
        assert_eq!(read_here(file.path()).unwrap_err(), "it has more than 536870912 bytes");
    }

    #[test]
    fn a_seed_file_that_cannot_be_read_names_the_place_of_the_mistake() {
        let directory = tempfile::tempdir().unwrap();
        for (name, text, expected) in [
            ("seed.yaml", "distributors:\n  - organizationid: 11\n", "line 2"),
            ("seed.json", "{\"distributors\": [}", "column 19"),
            ("null.yaml", "usageSeed: null\ndistributors: []\n", "usageSeed"),
            ("array.json", "{\"distributors\": [[11, \"A\", 5]]}", "expected an object"),
            ("text.yaml", "distributors: [{ organizationId: \"11\", operations: 5 }]\n", "organizationId"),
            ("deep.yaml", &"[".repeat(100_000), "more than 64 levels deep at line 1"),
            ("return.yaml", &format!("distributors:\r{}a\n", "- ".repeat(100)), "more than 64 levels deep at line 1"),
            ("mark.yaml", &format!("\u{feff}{}a\n", "- ".repeat(100)), "more than 64 levels deep at line 1"),
            ("value.yaml", &format!("? a\n: {}a\n", "- ".repeat(100)), "more than 64 levels deep at line 2"),
            ("deeper.yaml", &format!("distributors:\n{}a\n", "- ".repeat(100)), "more than 64 levels deep at line 2"),
        ] {
            let file = directory.path().join(name);
            fs::write(&file, text).unwrap();
            let error = read_here(&file).unwrap_err();
            assert!(error.contains(expected), "{name}: {error}");
        }
    }
}
