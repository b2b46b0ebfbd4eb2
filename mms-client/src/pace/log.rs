//! Where it is written down what was sent.

use std::collections::HashMap;
use std::fmt;
use std::io;
use std::sync::{Mutex, PoisonError};
use std::time::SystemTime;

use mms_types::OrganizationId;

/// Whose requests count together.
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
        let (Self::Request { at, .. } | Self::Unknown { at }) = self;
        *at
    }
}

/// Keeps what was sent, so that several clients and processes keep one limit together.
///
/// Both calls come in the middle of asynchronous code, before every request: an implementation must not take longer than a
/// small file does.
pub trait SendLog: Send + Sync + fmt::Debug {
    /// Returns what was sent from `since` until `now`, by everyone. After an error the client assumes a whole minute's worth,
    /// once.
    fn load(&self, key: &SendLogKey, since: SystemTime, now: SystemTime) -> io::Result<Vec<Sent>>;

    /// Notes a request that is about to be sent.
    fn append(&self, key: &SendLogKey, sent: Sent) -> io::Result<()>;
}

/// A send log that ends with the process. Clients that share one keep the limit together.
#[derive(Debug, Default)]
pub struct MemorySendLog(Mutex<HashMap<SendLogKey, Vec<Sent>>>);

impl SendLog for MemorySendLog {
    fn load(&self, key: &SendLogKey, since: SystemTime, _: SystemTime) -> io::Result<Vec<Sent>> {
        let mut log = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let Some(sent) = log.get_mut(key) else { return Ok(Vec::new()) };
        sent.retain(|sent| sent.at() >= since);
        Ok(sent.clone())
    }

    fn append(&self, key: &SendLogKey, sent: Sent) -> io::Result<()> {
        let mut log = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        log.entry(key.clone()).or_default().push(sent);
        Ok(())
    }
}
