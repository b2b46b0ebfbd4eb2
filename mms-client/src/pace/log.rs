//! Send log: requests that several clients and processes count together.

use std::collections::{HashMap, HashSet};
use std::fmt;
use std::io;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, SystemTime};

use mms_types::OrganizationId;

use crate::env::clock::Clock;

/// Key of requests that count together.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct SendLogKey {
    /// The root of the API.
    pub base_url: String,
    /// The organization; nothing for requests that name none, and so may count against any of the place.
    pub organization_id: Option<OrganizationId>,
}

/// Time of an exchange with a send log.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LogTime {
    /// By the wall clock, which may be set.
    pub wall: SystemTime,
    /// Since the machine was started: [`Clock::since_boot`](crate::Clock::since_boot).
    pub since_boot: Option<Duration>,
}

impl LogTime {
    /// Reads a clock.
    #[must_use]
    pub fn read(clock: &dyn Clock) -> Self {
        Self { wall: clock.wall(), since_boot: clock.since_boot() }
    }
}

/// A line of a send log.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Sent {
    /// A request.
    Request {
        /// When it was sent.
        at: SystemTime,
        /// Who sent it: a number that a client draws for each organization.
        sender: u64,
    },
    /// A request of that time and sender never left, and does not count.
    Unsent {
        /// When it was noted as sent.
        at: SystemTime,
        /// Who noted it.
        sender: u64,
    },
    /// The server refused a request with 429: it is not only its sender who has to wait.
    Refused {
        /// When that was seen.
        at: SystemTime,
        /// Who sent the request.
        sender: u64,
        /// Until when nothing is to be sent.
        until: SystemTime,
    },
    /// The server said how many requests a minute it allows the organization, so that nobody else need ask.
    Limit {
        /// When it said so.
        at: SystemTime,
        /// Who asked.
        sender: u64,
        /// How many.
        per_minute: u32,
    },
    /// Nobody knows what was sent before. It counts as a whole minute's worth at that time.
    Unknown {
        /// When that was found out.
        at: SystemTime,
    },
}

impl Sent {
    /// Returns its time.
    #[must_use]
    pub fn at(&self) -> SystemTime {
        match self {
            Self::Request { at, .. }
            | Self::Unsent { at, .. }
            | Self::Refused { at, .. }
            | Self::Limit { at, .. }
            | Self::Unknown { at } => *at,
        }
    }

    /// Returns who wrote it; nothing where it is everybody's.
    #[must_use]
    pub fn sender(&self) -> Option<u64> {
        match self {
            Self::Request { sender, .. }
            | Self::Unsent { sender, .. }
            | Self::Refused { sender, .. }
            | Self::Limit { sender, .. } => Some(*sender),
            Self::Unknown { .. } => None,
        }
    }

    /// Returns it as of another time.
    fn at_time(mut self, time: SystemTime) -> Self {
        match &mut self {
            Self::Request { at, .. } | Self::Unsent { at, .. } | Self::Limit { at, .. } | Self::Unknown { at } => {
                *at = time;
            }
            Self::Refused { at, until, .. } => {
                *until = time + until.duration_since(*at).unwrap_or_default();
                *at = time;
            }
        }
        self
    }
}

/// By how much the two clocks may differ before the wall clock is taken to have been set.
const STEP: Duration = Duration::from_secs(1);

/// Line with the time since the machine was started.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Line {
    pub(super) sent: Sent,
    pub(super) since_boot: Option<Duration>,
}

impl Line {
    /// Makes the line of what is noted at a time. Only what was sent at that time has its time since the machine was started.
    pub(super) fn noted(sent: Sent, now: LogTime) -> Self {
        Self { sent, since_boot: now.since_boot.filter(|_| sent.at() == now.wall) }
    }

    /// Returns it as of the time that it really was, where the wall clock was set meanwhile; nothing where it was not.
    ///
    /// A clock that was set forward makes what was sent just now look old. One that was set back leaves lines in the future, and
    /// each would count as sent just now until the clock has come that far again. Where the two clocks differ the later time
    /// counts, so that a line of before a restart errs on the side of waiting.
    pub(super) fn redated(self, now: LogTime) -> Option<Self> {
        let age = now.since_boot.zip(self.since_boot).and_then(|(now, then)| now.checked_sub(then));
        let by_boot = age.and_then(|age| now.wall.checked_sub(age)).filter(|at| *at > self.sent.at() + STEP);
        let at = by_boot.unwrap_or(self.sent.at()).min(now.wall);
        (at != self.sent.at()).then_some(Self { sent: self.sent.at_time(at), ..self })
    }
}

/// Takes out the requests that never left.
fn counted(lines: &[Sent]) -> impl Iterator<Item = Sent> {
    let is_unsent = |sent: &&Sent| matches!(sent, Sent::Unsent { .. });
    let unsent: HashSet<_> = lines.iter().filter(is_unsent).map(|sent| (sent.at(), sent.sender())).collect();
    let counts = move |sent: &&Sent| {
        !matches!(sent, Sent::Request { .. } | Sent::Unsent { .. }) || !unsent.contains(&(sent.at(), sent.sender()))
    };
    lines.iter().filter(counts).copied()
}

/// Joins the lines of an organization and those that name none. A request that stands in both counts once.
pub(super) fn joined(own: &[Sent], of_none: &[Sent]) -> Vec<Sent> {
    let own: Vec<Sent> = counted(own).collect();
    let requests: HashSet<_> = if of_none.is_empty() { HashSet::new() } else { own.iter().map(identity).collect() };
    let of_none = counted(of_none).filter(|sent| !requests.contains(&identity(sent)));
    let of_none: Vec<Sent> = of_none.collect();
    own.into_iter().chain(of_none).collect()
}

fn identity(sent: &Sent) -> (SystemTime, Option<u64>) {
    (sent.at(), sent.sender())
}

/// Returns how many requests lines have, by which the busiest organization is found.
pub(super) fn requests(lines: &[Sent]) -> usize {
    counted(lines).filter(|sent| matches!(sent, Sent::Request { .. } | Sent::Unknown { .. })).count()
}

/// Keeps what was sent, so that several clients and processes keep one limit together.
///
/// The call comes in the middle of asynchronous code, before every request: an implementation must not take longer than a
/// small file does.
pub trait SendLog: Send + Sync + fmt::Debug {
    /// Shows `next` what was sent from `since` until `now`, by everyone, and notes what it answers, as one step: nobody else
    /// reads or writes in between, or two clients would take the same slot.
    ///
    /// What is noted under a key without an organization is shown under every organization of the place, and under that key what
    /// the busiest organization of the place has sent is shown, too. A request that is noted under two keys, with the same time and
    /// sender, counts once; one that is noted as unsent not at all.
    ///
    /// A line that lies after `now` is taken for one of `now`, and one that is younger since the machine was started than by the
    /// wall clock for that much younger, once and for all. An error means that `next` was not called, or
    /// that its answer could not be noted; a client that was not called assumes a whole minute's worth, once.
    fn exchange(
        &self,
        key: &SendLogKey,
        since: SystemTime,
        now: LogTime,
        next: &mut dyn FnMut(&[Sent]) -> Option<Sent>,
    ) -> io::Result<()>;
}

/// A send log that ends with the process. Clients that share one keep the limit together.
#[derive(Debug, Default)]
pub struct MemorySendLog(Mutex<HashMap<SendLogKey, Vec<Line>>>);

impl SendLog for MemorySendLog {
    fn exchange(
        &self,
        key: &SendLogKey,
        since: SystemTime,
        now: LogTime,
        next: &mut dyn FnMut(&[Sent]) -> Option<Sent>,
    ) -> io::Result<()> {
        let mut log = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        for lines in log.values_mut() {
            for line in lines.iter_mut() {
                *line = line.redated(now).unwrap_or(*line);
            }
            lines.retain(|line| line.sent.at() >= since);
        }
        let lines_of =
            |key: &SendLogKey| -> Vec<Sent> { log.get(key).into_iter().flatten().map(|line| line.sent).collect() };
        let beside = if key.organization_id.is_some() {
            lines_of(&SendLogKey { organization_id: None, ..key.clone() })
        } else {
            let others = log.keys().filter(|other| other.base_url == key.base_url && *other != key);
            others.map(lines_of).max_by_key(|lines| requests(lines)).unwrap_or_default()
        };
        let shown = joined(&lines_of(key), &beside);
        let noted = next(&shown).map(|sent| Line::noted(sent, now));
        log.entry(key.clone()).or_default().extend(noted);
        Ok(())
    }
}
