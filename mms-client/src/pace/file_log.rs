//! A send log that outlives its process.

#[cfg(test)]
mod tests;

use std::fmt::Write as _;
use std::fs::{self, File, OpenOptions};
use std::io::{self, Read, Seek, Write};
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

use super::log::{SendLog, SendLogKey, Sent};
use super::schedule::MEMORY;

/// From how many bytes on a file is written anew with what is left of use: twice what a thousand requests a minute need.
const LONG: usize = 256 * 1024;

/// How long a line is of use: as long as the pace looks back, and some more for clocks that differ.
const USE: Duration = Duration::from_secs(MEMORY.as_secs() + 60);

/// What stands in place of a sender where nobody knows what was sent.
const UNKNOWN: &str = "unknown";

/// A send log in a directory, with one small file for each root of an API and organization.
///
/// A line is written for every request: the milliseconds since the Unix epoch, and who sent it. Processes that share the
/// directory keep the limit together, one after the other or side by side; each reads and writes under a lock on the file. What
/// cannot be read is replaced by a line that says so, and everyone takes it for a whole minute's worth that was just sent.
///
/// The log slows its readers down and proves nothing: who can write to the directory can stop the pace, and so it is made for
/// its owner alone.
#[derive(Debug, Clone)]
pub struct FileSendLog {
    directory: PathBuf,
}

impl FileSendLog {
    /// Returns the log in a directory, which is made with the first request.
    #[must_use]
    pub fn new(directory: impl Into<PathBuf>) -> Self {
        Self { directory: directory.into() }
    }

    /// Opens the file of a key and waits for its lock, which ends with the file.
    fn open(&self, key: &SendLogKey) -> io::Result<File> {
        make_directory(&self.directory)?;
        let file = options().open(self.directory.join(name(key)))?;
        file.lock()?;
        Ok(file)
    }
}

impl SendLog for FileSendLog {
    fn load(&self, key: &SendLogKey, since: SystemTime, now: SystemTime) -> io::Result<Vec<Sent>> {
        let mut file = self.open(key)?;
        let mut bytes = Vec::new();
        file.read_to_end(&mut bytes)?;
        let read = read(&bytes);
        let is_damaged = read.is_none();
        let lines = read.unwrap_or_else(|| vec![Sent::Unknown { at: now }]);
        if is_damaged || bytes.len() > LONG {
            let oldest = lines.iter().map(Sent::at).max().and_then(|latest| latest.checked_sub(USE));
            let kept = lines.iter().filter(|sent| oldest.is_none_or(|oldest| sent.at() >= oldest));
            rewrite(&mut file, &kept.map(line).collect::<String>())?;
        }
        Ok(lines.into_iter().filter(|sent| sent.at() >= since).collect())
    }

    fn append(&self, key: &SendLogKey, sent: Sent) -> io::Result<()> {
        let mut file = self.open(key)?;
        file.seek(io::SeekFrom::End(0))?;
        file.write_all(line(&sent).as_bytes())
    }
}

/// Writes a shorter text over a file. A death in between leaves a line that cannot be read, and never an empty file.
fn rewrite(file: &mut File, text: &str) -> io::Result<()> {
    file.rewind()?;
    file.write_all(text.as_bytes())?;
    file.set_len(u64::try_from(text.len()).map_err(io::Error::other)?)
}

/// Reads the lines of a file; nothing where one of them cannot be read, or the last has no end.
fn read(bytes: &[u8]) -> Option<Vec<Sent>> {
    let text = std::str::from_utf8(bytes).ok()?;
    if !text.is_empty() && !text.ends_with('\n') {
        return None;
    }
    text.lines().map(parse).collect()
}

fn parse(line: &str) -> Option<Sent> {
    let (milliseconds, sender) = line.split_once(' ')?;
    let at = SystemTime::UNIX_EPOCH.checked_add(Duration::from_millis(milliseconds.parse().ok()?))?;
    if sender == UNKNOWN {
        return Some(Sent::Unknown { at });
    }
    let is_whole = sender.len() == 16;
    u64::from_str_radix(sender, 16).ok().filter(|_| is_whole).map(|sender| Sent::Request { at, sender })
}

fn line(sent: &Sent) -> String {
    let since = sent.at().duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default();
    match sent {
        Sent::Request { sender, .. } => format!("{} {sender:016x}\n", since.as_millis()),
        Sent::Unknown { .. } => format!("{} {UNKNOWN}\n", since.as_millis()),
    }
}

/// Names the file of a key: the root of the API and the organization, every other sign escaped.
fn name(key: &SendLogKey) -> String {
    let mut name = String::new();
    for byte in key.base_url.bytes() {
        match byte {
            b'a'..=b'z' | b'0'..=b'9' | b'.' | b'-' => name.push(char::from(byte)),
            // Writing to a string does not fail.
            other => drop(write!(name, "_{other:02x}")),
        }
    }
    match key.organization_id {
        Some(id) => drop(write!(name, "_{id}.sent")),
        None => name.push_str("_none.sent"),
    }
    name
}

fn make_directory(path: &Path) -> io::Result<()> {
    let mut builder = fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(path)
}

fn options() -> OpenOptions {
    let mut options = OpenOptions::new();
    options.read(true).write(true).create(true).truncate(false);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options
}
