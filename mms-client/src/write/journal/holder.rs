//! Holder of a journal's lock, as it names itself to those who come after.

use std::ffi::OsStr;
use std::fmt;
use std::path::Path;
use std::time::{Duration, SystemTime};

use mms_types::is_invisible;
use serde::{Deserialize, Serialize};

use super::record::Moment;

/// Process that holds a journal.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Holder {
    pid: u32,
    program: String,
    pub(super) since: Moment,
    /// Why it holds the journal, as it was told; nothing for a program that is at work.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    reason: Option<String>,
    /// When it lets go at the latest, if it was told for how long it holds the journal.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) until: Option<Moment>,
}

/// Hold of a journal that keeps others from it: why, and for how long at most.
pub(super) type Hold<'a> = (&'a str, Duration);

/// Longest reason that is shown, in characters.
const LONGEST_REASON: usize = 200;

impl Holder {
    pub(super) fn is_this_process(&self) -> bool {
        self.pid == std::process::id()
    }

    /// Names this process.
    pub(super) fn this(now: SystemTime, hold: Option<Hold<'_>>) -> Self {
        let executable = std::env::current_exe().ok();
        let program = executable.as_deref().and_then(Path::file_name).map(OsStr::to_string_lossy);
        Self {
            pid: std::process::id(),
            program: program.unwrap_or_default().into_owned(),
            since: now.into(),
            reason: hold.map(|(reason, _)| reason.to_owned()),
            until: hold.and_then(|(_, length)| now.checked_add(length)).map(Moment::from),
        }
    }

    /// Returns why it holds the journal.
    pub(super) fn reason(&self) -> Option<String> {
        self.reason.as_deref().map(|reason| shown(reason, LONGEST_REASON)).filter(|reason| !reason.is_empty())
    }
}

/// Returns a text as it may be shown: whoever can write the file can write anything into it.
fn shown(text: &str, longest: usize) -> String {
    text.chars().filter(|character| !is_invisible(*character)).take(longest).collect()
}

impl fmt::Display for Holder {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{} (process {})", shown(&self.program, 60), self.pid)
    }
}
