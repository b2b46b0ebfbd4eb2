//! Journal in a file, which outlives its process and a loss of power.

#[cfg(test)]
mod tests;

use std::fs::{self, File, TryLockError};
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use super::error::JournalError;
use super::holder::Hold;
use super::ledger::Ledger;
use super::line::{Damage, encode, read};
use super::lock::Lock;
use super::private_file::{self, folder, make_folder, sync_folder};
use super::record::{AllocationIntent, AllocationOutcome, Intent, IntentId, IntentOutcome, Moment, Record, Run};
use super::torn::{self, Torn};
use super::{Claim, History, Journal, OpenIntent, WriteJournal};
use crate::env::clock::{Clock, SystemClock};

/// A journal in a file to which lines are only added.
///
/// Each line is a record in JSON that ends with a checksum, and outlives the process when a call returns. Intents to create, their
/// outcomes and runs outlive a power cut, too: the file is synchronised after each of them, and its folder when the file is made.
/// Allocations, whose state any list shows, and their outcomes are synchronised with the next of those records, with the first allocation
/// that begins a second or more after the latest that was, and when the journal is [synchronised](Self::synchronise) or dropped: a power
/// cut may take those since. A record whose writer died in the
/// midst of it was never acknowledged, and is moved to `<file>.torn` when the file is opened next: [`torn`](Self::torn), [`torn_intent_of`](Self::torn_intent_of). Any other record that cannot be read is an error that names file and line, and the
/// file stays as it is.
///
/// Of the children that a distributor had before an intent, a line has those that came and went since its intent before; the
/// first one has them all. So 5,000 creates take some 3 MB, whatever the size of the fleet.
///
/// File and lock are made for their owner alone (0600, in a folder of 0700), for they hold names and e-mail addresses. One
/// journal at a time has the file, under a lock that the system ends with the process; the error of the others names the owner.
/// A file system that does not keep locks, such as some network ones, does not keep this promise.
///
/// Keep the file as long as the children that it is about, and where it is not lost: without it an unknown outcome of an
/// earlier run is nobody's.
///
/// ```
/// use mms_client::{FileJournal, Journal};
///
/// # let folder = tempfile::tempdir()?;
/// # let folder = folder.path();
/// let path = folder.join("state/intents");
/// let journal = FileJournal::open(&path)?;
/// assert!(journal.open_intents()?.is_empty());
/// assert!(FileJournal::open(&path).unwrap_err().is_locked());
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug)]
pub struct FileJournal {
    path: PathBuf,
    state: Mutex<State>,
    torn: Option<Torn>,
    _lock: Lock,
}

#[derive(Debug)]
struct State {
    file: File,
    ledger: Ledger,
    lines: u64,
    /// Whether something was written since the file was synchronised.
    is_behind: bool,
    /// When the latest [`Durability::EachSecond`] record was written that was put on disk, and all before it with it.
    synchronised: Option<Moment>,
    /// Whether a write failed. Nobody knows how much of it is on disk, so nothing may follow it.
    has_failed: bool,
}

impl FileJournal {
    /// Opens the journal in a file, and makes file and folder where they are missing.
    pub fn open(path: impl Into<PathBuf>) -> Result<Self, JournalError> {
        Self::open_by(path.into(), None, &SystemClock)
    }

    /// Opens the journal to keep others from it, for a reason and up to a time that their error names: [`JournalError::reason`],
    /// [`JournalError::held_until`]. The time is what the others are told; whoever holds the journal lets it go.
    ///
    /// ```
    /// use std::time::Duration;
    ///
    /// use mms_client::FileJournal;
    ///
    /// # let folder = tempfile::tempdir()?;
    /// let path = folder.path().join("intents");
    /// let _held = FileJournal::open_for(&path, "month-end, ask ada", Duration::from_secs(3_600))?;
    /// let error = FileJournal::open(&path).unwrap_err();
    /// assert_eq!(error.reason().as_deref(), Some("month-end, ask ada"));
    /// assert!(error.held_until() > error.held_since());
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn open_for(path: impl Into<PathBuf>, reason: &str, length: Duration) -> Result<Self, JournalError> {
        Self::open_by(path.into(), Some((reason, length)), &SystemClock)
    }

    fn open_by(path: PathBuf, hold: Option<Hold<'_>>, clock: &dyn Clock) -> Result<Self, JournalError> {
        let folder = folder(&path);
        make_folder(folder).map_err(|error| JournalError::io("make the folder", folder, error))?;
        let lock = Lock::acquire(&path, clock.wall(), hold)?;

        let mut file =
            private_file::options().append(true).open(&path).map_err(|error| JournalError::io("open", &path, error))?;
        check_regular(&file).map_err(|error| JournalError::io("read", &path, error))?;
        // The lock beside it can be removed by whoever tidies up; nobody removes this one and has the journal still.
        match file.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => return Err(JournalError::locked(&path, None, None, None)),
            Err(TryLockError::Error(error)) => return Err(JournalError::io("lock", &path, error)),
        }
        let mut bytes = Vec::new();
        file.read_to_end(&mut bytes).map_err(|error| JournalError::io("read", &path, error))?;
        let contents = read(&bytes).map_err(|Damage { line, reason }| JournalError::damaged(&path, line, reason))?;
        let lines = u64::try_from(contents.records.len()).unwrap_or(u64::MAX);
        let (whole, lacks_end) = (contents.whole, contents.lacks_end);
        let ledger =
            Ledger::read(contents.records).map_err(|(line, reason)| JournalError::damaged(&path, line, reason))?;
        let torn = (whole < bytes.len()).then(|| Torn::new(&path, lines + 1, &bytes[whole..], clock.wall()));
        if let Some(torn) = &torn {
            torn.keep(&bytes[whole..]).map_err(|error| JournalError::io("write", &torn.kept_in, error))?;
        }
        if whole < bytes.len() || lacks_end {
            mend(&mut file, whole, lacks_end).map_err(|error| JournalError::io("mend", &path, error))?;
        }
        sync_folder(folder).map_err(|error| JournalError::io("synchronise the folder", folder, error))?;

        let state = State { file, ledger, lines, is_behind: false, synchronised: None, has_failed: false };
        Ok(Self { path, state: Mutex::new(state), torn, _lock: lock })
    }

    /// Reads the children that intents became, without taking the journal: another process may have it and write to it. For commands
    /// that only read, which then see a child that the server does not list yet. A journal that is not there has none.
    ///
    /// ```
    /// use mms_client::FileJournal;
    ///
    /// assert!(FileJournal::read_claims("/nowhere/intents")?.is_empty());
    /// # Ok::<(), mms_client::JournalError>(())
    /// ```
    pub fn read_claims(path: impl AsRef<Path>) -> Result<Vec<Claim>, JournalError> {
        Ok(Self::read_ledger(path.as_ref())?.claims())
    }

    /// Reads the intents without a final outcome in the same way.
    pub fn read_open_intents(path: impl AsRef<Path>) -> Result<Vec<OpenIntent>, JournalError> {
        Ok(Self::read_ledger(path.as_ref())?.open_intents())
    }

    /// Reads the allocations without a final outcome in the same way.
    pub fn read_open_allocations(path: impl AsRef<Path>) -> Result<Vec<AllocationIntent>, JournalError> {
        Ok(Self::read_ledger(path.as_ref())?.open_allocations())
    }

    /// Reads all that is written down of writes in the same way.
    pub fn read_history(path: impl AsRef<Path>) -> Result<History, JournalError> {
        Ok(Self::read_ledger(path.as_ref())?.history())
    }

    /// Says who has the journal, if another process has it: an error that [`is_locked`](JournalError::is_locked). Nothing is made, mended
    /// or written, and a journal that is not there is free.
    ///
    /// ```
    /// use mms_client::FileJournal;
    ///
    /// assert!(FileJournal::check_free("/nowhere/intents").is_ok());
    /// ```
    pub fn check_free(path: impl AsRef<Path>) -> Result<(), JournalError> {
        Lock::check(path.as_ref(), SystemClock.wall())
    }

    fn read_ledger(path: &Path) -> Result<Ledger, JournalError> {
        let bytes = match fs::read(path) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Ledger::default()),
            read => read.map_err(|error| JournalError::io("read", path, error))?,
        };
        let contents = read(&bytes).map_err(|Damage { line, reason }| JournalError::damaged(path, line, reason))?;
        Ledger::read(contents.records).map_err(|(line, reason)| JournalError::damaged(path, line, reason))
    }

    /// Returns the torn record that was found at the end of the file when it was opened, if there was one.
    #[must_use]
    pub fn torn(&self) -> Option<&Torn> {
        self.torn.as_ref()
    }

    /// Returns the file of torn records, if one of them may be an intent to create a name: of this opening or of an earlier one. Its
    /// create may have been sent, as far as the journal knows, so whoever creates the name looks in Make first, and then removes the
    /// file.
    pub fn torn_intent_of(&self, organization_name: &str) -> Result<Option<PathBuf>, JournalError> {
        let file = torn::kept_in(&self.path);
        let kept = match fs::read(&file) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
            read => read.map_err(|error| JournalError::io("read", &file, error))?,
        };
        Ok(torn::has_intent_of(organization_name, &kept).then_some(file))
    }

    /// Puts on disk what a power cut could still take: the last allocations and their outcomes. Where there is nothing of that it costs
    /// nothing. A journal that is dropped does so itself, and can but trace an error.
    ///
    /// ```
    /// use mms_client::FileJournal;
    ///
    /// # let folder = tempfile::tempdir()?;
    /// let journal = FileJournal::open(folder.path().join("intents"))?;
    /// // After the last allocation of a run, where the program goes on and keeps the journal.
    /// journal.synchronise()?;
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn synchronise(&self) -> Result<(), JournalError> {
        let mut state = self.state();
        if state.has_failed {
            return Err(JournalError::failed(&self.path));
        }
        state.synchronise().map_err(|error| JournalError::io("write", &self.path, error))
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn record(&self, record: impl FnOnce(&Ledger) -> Record) -> Result<(), JournalError> {
        self.record_as(Durability::OnDisk, record)
    }

    fn record_as(&self, durability: Durability, record: impl FnOnce(&Ledger) -> Record) -> Result<(), JournalError> {
        let mut state = self.state();
        if state.has_failed {
            return Err(JournalError::failed(&self.path));
        }
        let (is_on_disk, at) = match durability {
            Durability::OnDisk => (true, None),
            Durability::WithTheNext => (false, None),
            Durability::EachSecond(at) => (is_due(state.synchronised, at), Some(at)),
        };
        let record = record(&state.ledger);
        state.ledger.check_new(&record).map_err(JournalError::misfit)?;
        let line = encode(state.lines + 1, &record).map_err(JournalError::other)?;
        let written = append(&mut state.file, &line, is_on_disk).and_then(|()| check_in_place(&state.file, &self.path));
        state.has_failed = written.is_err();
        written.map_err(|error| JournalError::io("write", &self.path, error))?;
        state.is_behind = !is_on_disk;
        if is_on_disk && at.is_some() {
            state.synchronised = at;
        }
        state.lines += 1;
        state.ledger.apply(record);
        Ok(())
    }
}

impl State {
    fn synchronise(&mut self) -> io::Result<()> {
        if self.has_failed || !self.is_behind {
            return Ok(());
        }
        let synchronised = self.file.sync_all();
        // A later call may succeed, and what this one could not write be lost all the same.
        self.has_failed = synchronised.is_err();
        self.is_behind = false;
        synchronised
    }
}

impl Drop for FileJournal {
    fn drop(&mut self) {
        let state = self.state.get_mut().unwrap_or_else(PoisonError::into_inner);
        if let Err(error) = state.synchronise() {
            let path = self.path.display();
            tracing::warn!(%error, %path, "the last allocations in the journal may be lost with the power");
        }
    }
}

impl Journal for FileJournal {
    fn open_intents(&self) -> Result<Vec<OpenIntent>, JournalError> {
        Ok(self.state().ledger.open_intents())
    }

    fn claims(&self) -> Result<Vec<Claim>, JournalError> {
        Ok(self.state().ledger.claims())
    }

    fn record_intent(&self, intent: &Intent) -> Result<(), JournalError> {
        self.record(|ledger| ledger.record(intent))
    }

    fn record_outcome(&self, intent: &IntentId, at: Moment, outcome: &IntentOutcome) -> Result<(), JournalError> {
        self.record(|_| Record::Outcome { intent: intent.clone(), at, outcome: outcome.clone() })
    }
}

impl WriteJournal for FileJournal {
    fn open_allocations(&self) -> Result<Vec<AllocationIntent>, JournalError> {
        Ok(self.state().ledger.open_allocations())
    }

    fn history(&self) -> Result<History, JournalError> {
        Ok(self.state().ledger.history())
    }

    fn record_run(&self, run: &Run) -> Result<(), JournalError> {
        self.record(|_| Record::Run(run.clone()))
    }

    fn record_allocation(&self, intent: &AllocationIntent) -> Result<(), JournalError> {
        self.record_as(Durability::EachSecond(intent.at), |_| Record::Allocation(intent.clone()))
    }

    fn record_allocation_outcome(
        &self,
        intent: &IntentId,
        at: Moment,
        outcome: &AllocationOutcome,
    ) -> Result<(), JournalError> {
        self.record_as(Durability::WithTheNext, |_| Record::Allocated {
            intent: intent.clone(),
            at,
            outcome: outcome.clone(),
        })
    }
}

/// When a record is on disk.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Durability {
    /// When the call returns.
    OnDisk,
    /// With the next record that is put on disk, or when the system writes it; the death of the process loses nothing.
    WithTheNext,
    /// When the call returns, if the latest record of this kind that was put on disk is a second older or more; else as
    /// [`WithTheNext`](Self::WithTheNext). A burst of allocations waits for the disk once a second.
    EachSecond(Moment),
}

/// Says whether a second has passed since the latest record of that kind that was put on disk. Where there is none, or the clock was
/// set back since, it has.
fn is_due(synchronised: Option<Moment>, at: Moment) -> bool {
    let since = synchronised.and_then(|synchronised| at.time().duration_since(synchronised.time()).ok());
    since.is_none_or(|since| since >= Duration::from_secs(1))
}

fn append(file: &mut File, line: &[u8], is_on_disk: bool) -> io::Result<()> {
    file.write_all(line)?;
    if is_on_disk { file.sync_all() } else { Ok(()) }
}

/// Refuses pipes and devices, which have no end to read up to.
fn check_regular(file: &File) -> io::Result<()> {
    if file.metadata()?.is_file() {
        return Ok(());
    }
    Err(io::Error::new(io::ErrorKind::InvalidInput, "it is not a regular file"))
}

/// Refuses a file that somebody removed, moved or replaced: the next process would not see what is written to it.
#[cfg(unix)]
fn check_in_place(file: &File, path: &Path) -> io::Result<()> {
    use std::os::unix::fs::MetadataExt as _;
    let open = file.metadata()?;
    let is_there = fs::metadata(path).is_ok_and(|found| (found.dev(), found.ino()) == (open.dev(), open.ino()));
    if is_there {
        return Ok(());
    }
    Err(io::Error::new(io::ErrorKind::NotFound, "the file was removed or moved while it was open"))
}

#[cfg(not(unix))]
fn check_in_place(_: &File, _: &Path) -> io::Result<()> {
    Ok(())
}

/// Cuts a torn record off, and completes the end of a line.
fn mend(file: &mut File, whole: usize, lacks_end: bool) -> io::Result<()> {
    file.set_len(u64::try_from(whole).map_err(io::Error::other)?)?;
    if lacks_end {
        file.write_all(b"\n")?;
    }
    file.sync_all()
}
