//! Holder of a journal's lock, as it names itself to those who come after.

use std::ffi::OsStr;
use std::fmt;
use std::path::Path;
use std::time::SystemTime;

use mms_types::is_invisible;
use serde::{Deserialize, Serialize};

use super::record::Moment;

/// Process that holds a journal.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Holder {
    pid: u32,
    program: String,
    pub(super) since: Moment,
}

impl Holder {
    pub(super) fn is_this_process(&self) -> bool {
        self.pid == std::process::id()
    }

    /// Names this process.
    pub(super) fn this(now: SystemTime) -> Self {
        let executable = std::env::current_exe().ok();
        let program = executable.as_deref().and_then(Path::file_name).map(OsStr::to_string_lossy);
        Self { pid: std::process::id(), program: program.unwrap_or_default().into_owned(), since: now.into() }
    }
}

impl fmt::Display for Holder {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        // Whoever can write the file can write anything into it.
        let program: String = self.program.chars().filter(|character| !is_invisible(*character)).take(60).collect();
        write!(formatter, "{program} (process {})", self.pid)
    }
}
