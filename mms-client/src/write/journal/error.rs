//! Error of a journal.

use std::fmt;
use std::io;
use std::path::{Path, PathBuf};

use super::holder::Holder;
use super::record::Moment;

/// Says why a journal cannot be opened, read or written.
///
/// While a journal cannot be written nothing is sent: a create whose intent is not on disk does not begin.
#[derive(Debug)]
pub struct JournalError(Box<Kind>);

#[derive(Debug)]
enum Kind {
    Io { what: &'static str, path: PathBuf, source: io::Error },
    Locked { path: PathBuf, holder: Option<Holder>, age: Option<u64>, left: Option<u64> },
    Damaged { path: PathBuf, line: u64, reason: String },
    Failed { path: PathBuf },
    Misfit(String),
    Other(Box<dyn std::error::Error + Send + Sync>),
}

impl JournalError {
    /// Wraps what went wrong in a journal of another make.
    pub fn other(source: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> Self {
        Self(Box::new(Kind::Other(source.into())))
    }

    pub(super) fn io(what: &'static str, path: &Path, source: io::Error) -> Self {
        Self(Box::new(Kind::Io { what, path: path.to_owned(), source }))
    }

    /// Another process has the journal, for so many seconds and so many more at most, as far as it says.
    pub(super) fn locked(path: &Path, holder: Option<Holder>, age: Option<u64>, left: Option<u64>) -> Self {
        Self(Box::new(Kind::Locked { path: path.to_owned(), holder, age, left }))
    }

    pub(super) fn damaged(path: &Path, line: u64, reason: String) -> Self {
        Self(Box::new(Kind::Damaged { path: path.to_owned(), line, reason }))
    }

    /// An earlier write failed, and nobody knows how much of it is on disk.
    pub(super) fn failed(path: &Path) -> Self {
        Self(Box::new(Kind::Failed { path: path.to_owned() }))
    }

    pub(super) fn misfit(reason: String) -> Self {
        Self(Box::new(Kind::Misfit(reason)))
    }

    /// Says whether another process, or another journal of this one, has the file open.
    #[must_use]
    pub fn is_locked(&self) -> bool {
        matches!(*self.0, Kind::Locked { .. })
    }

    /// Names the process that has the journal, as in `mms (process 7)`; nothing where it is not locked, or the process does not say.
    #[must_use]
    pub fn holder(&self) -> Option<String> {
        match &*self.0 {
            Kind::Locked { holder, .. } => holder.as_ref().map(Holder::to_string),
            _ => None,
        }
    }

    /// Says why that process holds the journal, if it was told a reason: [`FileJournal::open_for`](crate::FileJournal::open_for).
    #[must_use]
    pub fn reason(&self) -> Option<String> {
        match &*self.0 {
            Kind::Locked { holder, .. } => holder.as_ref().and_then(Holder::reason),
            _ => None,
        }
    }

    /// Returns since when that process has the journal, as far as it says.
    #[must_use]
    pub fn held_since(&self) -> Option<Moment> {
        match &*self.0 {
            Kind::Locked { holder, .. } => holder.as_ref().map(|holder| holder.since),
            _ => None,
        }
    }

    /// Returns when that process lets the journal go at the latest, if it was told for how long to hold it.
    #[must_use]
    pub fn held_until(&self) -> Option<Moment> {
        match &*self.0 {
            Kind::Locked { holder, .. } => holder.as_ref().and_then(|holder| holder.until),
            _ => None,
        }
    }

    /// Says whether the file system failed: there is no room, no right, or no such place.
    #[must_use]
    pub fn is_io(&self) -> bool {
        matches!(*self.0, Kind::Io { .. })
    }

    /// Says whether a record in the file cannot be read. The file is left as it is.
    #[must_use]
    pub fn is_damaged(&self) -> bool {
        matches!(*self.0, Kind::Damaged { .. })
    }
}

impl fmt::Display for JournalError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &*self.0 {
            Kind::Io { what, path, source } => write!(formatter, "cannot {what} {}: {source}", path.display()),
            Kind::Locked { path, holder, age, left } => {
                write!(formatter, "the journal {} is in use by ", path.display())?;
                match holder {
                    Some(holder) => write!(formatter, "{holder}")?,
                    None => formatter.write_str("another process")?,
                }
                age.map_or(Ok(()), |age| write!(formatter, ", for {age} s"))?;
                left.map_or(Ok(()), |left| write!(formatter, " and up to {} more", rounded_up(left)))?;
                holder.as_ref().and_then(Holder::reason).map_or(Ok(()), |reason| write!(formatter, ": {reason}"))?;
                if holder.as_ref().is_some_and(Holder::is_this_process) {
                    formatter.write_str(": open it once, and share it")?;
                }
                Ok(())
            }
            Kind::Damaged { path, line, reason } => write!(
                formatter,
                "{}:{line}: the record cannot be read: {reason}; nothing was changed. See what the line says, and look at the \
                 children before moving the file aside: it is all that knows of the creates in it",
                path.display()
            ),
            Kind::Failed { path } => {
                write!(
                    formatter,
                    "an earlier write to {} failed: open the journal anew before going on",
                    path.display()
                )
            }
            Kind::Misfit(reason) => formatter.write_str(reason),
            Kind::Other(source) => write!(formatter, "{source}"),
        }
    }
}

/// Returns a time in seconds, or in minutes where it is long: nobody waits an hour by the second.
fn rounded_up(seconds: u64) -> String {
    if seconds < 120 { format!("{seconds} s") } else { format!("{} min", seconds.div_ceil(60)) }
}

impl std::error::Error for JournalError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match &*self.0 {
            Kind::Io { source, .. } => Some(source),
            Kind::Other(source) => Some(&**source),
            _ => None,
        }
    }
}
