//! Send log: requests that several clients and processes count together.

use std::collections::HashMap;
use std::fmt;
use std::io;
use std::sync::{Mutex, PoisonError};
use std::time::SystemTime;

use mms_types::OrganizationId;

/// Key of requests that count together.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct SendLogKey {
    /// The root of the API.
    pub base_url: String,
    /// The organization; nothing for requests that are about none.
    pub organization_id: Option<OrganizationId>,
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

    /// Returns it with a time that is not in the future. A clock that was set back leaves such lines, and each would count as
    /// sent just now until the clock has come that far again.
    pub(super) fn not_after(mut self, now: SystemTime) -> Self {
        match &mut self {
            Self::Request { at, .. }
            | Self::Unsent { at, .. }
            | Self::Refused { at, .. }
            | Self::Limit { at, .. }
            | Self::Unknown { at } => {
                *at = (*at).min(now);
            }
        }
        self
    }
}

/// Keeps what was sent, so that several clients and processes keep one limit together.
///
/// The call comes in the middle of asynchronous code, before every request: an implementation must not take longer than a
/// small file does.
pub trait SendLog: Send + Sync + fmt::Debug {
    /// Shows `next` what was sent from `since` until `now`, by everyone, and notes what it answers, as one step: nobody else
    /// reads or writes in between, or two clients would take the same slot.
    ///
    /// A line that lies after `now` is taken for one of `now`, once and for all. An error means that `next` was not called, or
    /// that its answer could not be noted; a client that was not called assumes a whole minute's worth, once.
    fn exchange(
        &self,
        key: &SendLogKey,
        since: SystemTime,
        now: SystemTime,
        next: &mut dyn FnMut(&[Sent]) -> Option<Sent>,
    ) -> io::Result<()>;
}

/// A send log that ends with the process. Clients that share one keep the limit together.
#[derive(Debug, Default)]
pub struct MemorySendLog(Mutex<HashMap<SendLogKey, Vec<Sent>>>);

impl SendLog for MemorySendLog {
    fn exchange(
        &self,
        key: &SendLogKey,
        since: SystemTime,
        now: SystemTime,
        next: &mut dyn FnMut(&[Sent]) -> Option<Sent>,
    ) -> io::Result<()> {
        let mut log = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let sent = log.entry(key.clone()).or_default();
        sent.retain(|sent| sent.at() >= since);
        for sent in sent.iter_mut() {
            *sent = sent.not_after(now);
        }
        sent.extend(next(sent));
        Ok(())
    }
}
