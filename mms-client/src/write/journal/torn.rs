//! Torn record of a journal: what is kept of it, and what can be read.

use std::fmt;
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use super::private_file;
use super::record::Moment;

/// Most characters of a torn record that are shown.
const EXCERPT: usize = 200;

/// A record whose writer died in the midst of it, or that the disk lost a part of.
///
/// Nothing is sent before its intent is on disk, as far as the disk says. One that acknowledges what it has not written can lose the
/// end of an intent whose create was sent: whoever creates the same name again looks in Make first. The text says where it is:
///
/// ```text
/// line 12 of /var/lib/provisioning/intents was torn and is kept in /var/lib/provisioning/intents.torn: {"line":12,"record":{"int
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Torn {
    /// The journal.
    pub journal: PathBuf,
    /// The line, from 1.
    pub line: u64,
    /// When it was found.
    pub found_at: Moment,
    /// The file that has its bytes now, behind those of earlier ones.
    pub kept_in: PathBuf,
    /// Its beginning, as far as it is text.
    pub text: String,
    /// Whether it may be an intent: a create that nobody knows of.
    pub is_intent: bool,
}

impl Torn {
    pub(super) fn new(journal: &Path, line: u64, bytes: &[u8], now: SystemTime) -> Self {
        let mut kept_in = journal.as_os_str().to_owned();
        kept_in.push(".torn");
        let text = String::from_utf8_lossy(bytes);
        Self {
            journal: journal.to_owned(),
            line,
            found_at: now.into(),
            kept_in: kept_in.into(),
            is_intent: !text.contains(r#""record":{"o"#),
            text: text.chars().filter(|character| *character != '\0').take(EXCERPT).collect(),
        }
    }

    /// Adds the bytes to the file of those that were torn, durably.
    pub(super) fn keep(&self, bytes: &[u8]) -> io::Result<()> {
        let mut file = private_file::options().append(true).open(&self.kept_in)?;
        file.write_all(bytes)?;
        file.write_all(b"\n")?;
        file.sync_all()
    }
}

impl fmt::Display for Torn {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { journal, line, kept_in, text, .. } = self;
        write!(formatter, "line {line} of {} was torn and is kept in {}: {text}", journal.display(), kept_in.display())
    }
}
