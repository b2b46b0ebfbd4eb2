//! Send log in files, which outlives its process.

#[cfg(test)]
mod tests;

use std::fmt::Write as _;
use std::fs::{self, File, OpenOptions, TryLockError};
use std::io::{self, Read, Seek, Write};
use std::path::{Path, PathBuf};
use std::thread;
use std::time::{Duration, SystemTime};

use super::log::{Line, LogTime, SendLog, SendLogKey, Sent, joined, requests};
use super::schedule::MEMORY;

/// Size from which a file is compacted, in bytes: twice what a thousand requests a minute need.
const COMPACTION_SIZE: usize = 256 * 1024;

/// Time for which a line is kept: as long as the pace looks back, and some more for clocks that differ.
const RETENTION: Duration = Duration::from_secs(MEMORY.as_secs() + 60);

/// Wait between two tries for the lock, and the number of tries. It is held for as long as a small file takes.
const LOCK_WAIT: Duration = Duration::from_millis(1);
const LOCK_TRIES: u32 = 200;

/// Word in place of a sender where nobody knows what was sent.
const UNKNOWN: &str = "unknown";

/// Word before a limit that was learnt.
const LIMIT: &str = "limit";

/// Mark of a request that never left.
const UNSENT: &str = "unsent";

/// Mark of the time since the machine was started, before its milliseconds.
const SINCE_BOOT: char = '+';

/// Ending of a file of the log.
const ENDING: &str = ".sent";

/// A send log in a directory, with one small file for each root of an API and organization.
///
/// A line is written for every request: the milliseconds since the Unix epoch, who sent it, and the milliseconds since the machine
/// was started, so that a clock that is set hides nothing; one for every 429: until when to wait, too; and one for a limit that was
/// learnt, so that for two minutes nobody else asks. Requests that name no organization have a file of their own, which counts for
/// every organization of the root. Processes that share the directory keep the limit together, one after the other or side by side; each reads and writes under one lock on the
/// file. What cannot be read is replaced by a line that says so, and everyone takes it for a whole minute's worth that was
/// just sent.
///
/// Where the directory cannot be written, or somebody else holds the lock for a fifth of a second, a client warns, assumes a
/// whole minute's worth before its first request, and goes on without what others send.
///
/// The log slows its readers down and proves nothing: who can write to the directory can stop the pace, and so it is made for
/// its owner alone (0700, its files 0600).
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

    /// Opens the file of a key and takes its lock, which ends with the file.
    fn open(&self, key: &SendLogKey) -> io::Result<File> {
        make_directory(&self.directory)?;
        let file = options().open(self.directory.join(name(key)))?;
        for _ in 0..LOCK_TRIES {
            match file.try_lock() {
                Ok(()) => return Ok(file),
                Err(TryLockError::WouldBlock) => thread::sleep(LOCK_WAIT),
                Err(TryLockError::Error(error)) => return Err(error),
            }
        }
        Err(io::Error::new(io::ErrorKind::WouldBlock, "somebody else holds its lock"))
    }
}

impl SendLog for FileSendLog {
    fn exchange(
        &self,
        key: &SendLogKey,
        since: SystemTime,
        now: LogTime,
        next: &mut dyn FnMut(&[Sent]) -> Option<Sent>,
    ) -> io::Result<()> {
        let mut file = self.open(key)?;
        let mut bytes = Vec::new();
        file.read_to_end(&mut bytes)?;
        let mut is_stale = bytes.len() > COMPACTION_SIZE;
        let mut lines = read(&bytes).unwrap_or_else(|| {
            is_stale = true;
            vec![Line::noted(Sent::Unknown { at: now.wall }, now)]
        });
        for line in &mut lines {
            if let Some(redated) = line.redated(now) {
                is_stale = true;
                *line = redated;
            }
        }
        if is_stale {
            let oldest = now.wall.checked_sub(RETENTION);
            let kept = lines.iter().filter(|line| oldest.is_none_or(|oldest| line.sent.at() >= oldest));
            rewrite(&mut file, &kept.map(text).collect::<String>())?;
        }
        let beside = self.beside(key, since, now);
        if let Some(sent) = next(&joined(&sent_since(&lines, since), &beside)) {
            file.seek(io::SeekFrom::End(0))?;
            file.write_all(text(&Line::noted(sent, now)).as_bytes())?;
        }
        Ok(())
    }
}

impl FileSendLog {
    /// Returns what counts beside the lines of a key: of an organization those that name none, else those of the busiest one. They
    /// are read without a lock, since whoever has one waits for no other; what cannot be read is left to whoever has it.
    fn beside(&self, key: &SendLogKey, since: SystemTime, now: LogTime) -> Vec<Sent> {
        let read = |path: &Path| -> Vec<Sent> {
            let bytes = fs::read(path).unwrap_or_default();
            let whole = bytes.iter().rposition(|byte| *byte == b'\n').map_or(0, |end| end + 1);
            let lines = read(&bytes[..whole]).unwrap_or_default();
            let lines: Vec<_> = lines.into_iter().map(|line| line.redated(now).unwrap_or(line)).collect();
            sent_since(&lines, since)
        };
        if key.organization_id.is_some() {
            return read(&self.directory.join(name(&SendLogKey { organization_id: None, ..key.clone() })));
        }
        let (own, prefix) = (name(key), prefix(&key.base_url));
        let files = fs::read_dir(&self.directory).into_iter().flatten().flatten();
        let others = files.filter(|file| {
            let name = file.file_name();
            let name = name.to_string_lossy();
            let organization = name.strip_prefix(&prefix).and_then(|rest| rest.strip_suffix(ENDING));
            *name != own && organization.is_some_and(|id| id.bytes().all(|byte| byte.is_ascii_digit()))
        });
        others.map(|file| read(&file.path())).max_by_key(|lines| requests(lines)).unwrap_or_default()
    }
}

fn sent_since(lines: &[Line], since: SystemTime) -> Vec<Sent> {
    lines.iter().map(|line| line.sent).filter(|sent| sent.at() >= since).collect()
}

/// Writes a text over a file. A death in between leaves old lines behind new ones, or one that cannot be read, and never an empty
/// file: it errs on the side of waiting.
fn rewrite(file: &mut File, text: &str) -> io::Result<()> {
    file.rewind()?;
    file.write_all(text.as_bytes())?;
    file.set_len(u64::try_from(text.len()).map_err(io::Error::other)?)
}

/// Reads the lines of a file; nothing where one of them cannot be read, or the last has no end.
fn read(bytes: &[u8]) -> Option<Vec<Line>> {
    let text = std::str::from_utf8(bytes).ok()?;
    if !text.is_empty() && !text.ends_with('\n') {
        return None;
    }
    text.lines().map(parse).collect()
}

fn parse(line: &str) -> Option<Line> {
    let (line, since_boot) = match line.rsplit_once(SINCE_BOOT) {
        Some((line, milliseconds)) => {
            (line.strip_suffix(' ')?, Some(Duration::from_millis(milliseconds.parse().ok()?)))
        }
        None => (line, None),
    };
    let mut words = line.split(' ');
    let at = moment(words.next()?)?;
    let sent = match (words.next()?, words.next()) {
        (UNKNOWN, None) => Sent::Unknown { at },
        (sender, None) => Sent::Request { at, sender: number(sender)? },
        (sender, Some(UNSENT)) => Sent::Unsent { at, sender: number(sender)? },
        (sender, Some(LIMIT)) => {
            let per_minute = words.next()?.parse().ok().filter(|limit| *limit > 0)?;
            Sent::Limit { at, sender: number(sender)?, per_minute }
        }
        (sender, Some(until)) => Sent::Refused { at, sender: number(sender)?, until: moment(until)? },
    };
    words.next().is_none().then_some(Line { sent, since_boot })
}

fn moment(milliseconds: &str) -> Option<SystemTime> {
    SystemTime::UNIX_EPOCH.checked_add(Duration::from_millis(milliseconds.parse().ok()?))
}

fn number(sender: &str) -> Option<u64> {
    u64::from_str_radix(sender, 16).ok().filter(|_| sender.len() == 16)
}

fn text(line: &Line) -> String {
    let at = milliseconds(line.sent.at());
    let sent = match &line.sent {
        Sent::Request { sender, .. } => format!("{at} {sender:016x}"),
        Sent::Unsent { sender, .. } => format!("{at} {sender:016x} {UNSENT}"),
        Sent::Refused { sender, until, .. } => format!("{at} {sender:016x} {}", milliseconds(*until)),
        Sent::Limit { sender, per_minute, .. } => format!("{at} {sender:016x} {LIMIT} {per_minute}"),
        Sent::Unknown { .. } => format!("{at} {UNKNOWN}"),
    };
    match line.since_boot {
        Some(since) => format!("{sent} {SINCE_BOOT}{}\n", since.as_millis()),
        None => format!("{sent}\n"),
    }
}

fn milliseconds(time: SystemTime) -> u64 {
    let since = time.duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default();
    u64::try_from(since.as_millis()).unwrap_or(u64::MAX)
}

/// Names the file of a key: the root of the API and the organization.
fn name(key: &SendLogKey) -> String {
    let prefix = prefix(&key.base_url);
    match key.organization_id {
        Some(id) => format!("{prefix}{id}{ENDING}"),
        None => format!("{prefix}none{ENDING}"),
    }
}

/// Returns how the names of all files of a root begin: with the root, every other sign escaped.
fn prefix(base_url: &str) -> String {
    let mut name = String::new();
    for byte in base_url.bytes() {
        match byte {
            b'a'..=b'z' | b'0'..=b'9' | b'.' | b'-' => name.push(char::from(byte)),
            // Writing to a string does not fail.
            other => drop(write!(name, "_{other:02x}")),
        }
    }
    name.push('_');
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
