//! State directory: what outlives a command, the journal of creates and the log of sent requests.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use etcetera::BaseStrategy;
use mms_client::{FileSendLog, LogTime, SendLog, SendLogKey, SystemClock};

use super::environment::STATE_DIR;
use super::key::Key;
use super::settings::Settings;
use crate::output::failure::Failure;
use crate::output::printer::Printer;

/// State directory. What is made in it is made for its owner alone.
#[derive(Debug)]
pub(crate) struct StateDir {
    directory: PathBuf,
}

impl StateDir {
    /// Chooses the directory: what is said, else `mms` in the user's state directory. Nothing is made yet.
    /// A relative one is made absolute, and that is said: from another folder it would be another journal.
    pub(crate) fn find(settings: &Settings, printer: &Printer) -> Result<Self, Failure> {
        let Some(found) = settings.get(Key::StateDir)? else {
            return default_directory().map(|directory| Self { directory });
        };
        let directory = PathBuf::from(found.text);
        if directory.is_absolute() {
            return Ok(Self { directory });
        }
        let absolute = std::path::absolute(&directory).map_err(|error| {
            Failure::usage(format!("the state directory {} cannot be found: {error}", directory.display()))
        })?;
        printer.note(&format!("The state directory is {}: name it so from other folders.", absolute.display()));
        Ok(Self { directory: absolute })
    }

    /// Returns the directory itself.
    pub(crate) fn path(&self) -> &Path {
        &self.directory
    }

    /// Returns the file of what `mms doctor` saw last, which serves every server.
    pub(super) fn observations(&self) -> PathBuf {
        self.directory.join("observations")
    }

    /// Returns the file of the journal, which serves every server and distributor.
    pub(crate) fn journal(&self) -> PathBuf {
        self.directory.join("intents")
    }

    /// Returns the file of the allocations that were set a moment ago, which serves every server.
    pub(super) fn allocations(&self) -> PathBuf {
        self.directory.join("allocations")
    }

    /// Returns the file of the cache, which serves every server.
    pub(super) fn cache(&self) -> PathBuf {
        self.directory.join("cache")
    }

    /// Returns the file of the names that were seen lately, which serves every server.
    pub(super) fn names(&self) -> PathBuf {
        self.directory.join("names")
    }

    /// Returns whatever is kept in the directory, where it is there: other files in it are not ours.
    pub(crate) fn kept(&self) -> Vec<PathBuf> {
        let lock = self.directory.join("intents.lock");
        let files = [self.journal(), lock, self.allocations(), self.cache(), self.names(), self.observations()];
        files.into_iter().chain([self.sent()]).collect()
    }

    fn sent(&self) -> PathBuf {
        self.directory.join("sent")
    }

    /// Returns the log of when requests were sent. Where none can be kept, that is said, and the client counts a whole minute as used:
    /// reading is possible all the same.
    pub(super) fn send_log(&self, key: &SendLogKey, printer: &Printer) -> Arc<dyn SendLog> {
        let log = FileSendLog::new(self.sent());
        let now = LogTime::read(&SystemClock);
        if let Err(error) = log.exchange(key, now.wall, now, &mut |_| None) {
            let directory = self.directory.display();
            printer.warn(&format!(
                "the state directory {directory} cannot be used ({error}): nobody knows what other commands have sent in this minute, \
                 so that this one waits for the next"
            ));
        }
        Arc::new(log)
    }
}

fn default_directory() -> Result<PathBuf, Failure> {
    let strategy = etcetera::choose_base_strategy().map_err(|error| {
        Failure::usage(format!("the user's state directory is unknown: {error}"))
            .hint(format!("name one with --state-dir or {STATE_DIR}"))
    })?;
    // Windows has no directory for state.
    Ok(strategy.state_dir().unwrap_or_else(|| strategy.data_dir()).join("mms"))
}
