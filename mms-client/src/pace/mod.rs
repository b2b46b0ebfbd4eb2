//! Pace of requests: the server's limit per minute and organization is never exceeded.
//!
//! Make counts requests per minute and does not say how: by the minute of the clock, over the last 60 seconds, by a weighted
//! mean of two minutes, or with a bucket that refills. The pace holds under each of them: from idle as many at once as fit into
//! the limit, then one at a time, evenly, and never more than a few below the limit within any 60 seconds, counted until a
//! request was *answered*, because nobody knows when in between the server counted it.
//!
//! Why not a token bucket: it gives a full burst and refills at the same time, which is nearly twice the limit in the first
//! minute. Every limiter but a bucket answers that with 429; a test shows it.

mod file_log;
mod lane;
#[cfg(any(test, feature = "test-util"))]
#[cfg_attr(not(test), allow(dead_code, reason = "for tests, of this crate and of others"))]
#[allow(clippy::unwrap_used, reason = "for tests, of this crate and of others")]
pub(crate) mod limiter;
mod log;
mod queue;
mod schedule;
#[cfg(test)]
mod simulation;
#[cfg(test)]
mod tests;

use std::collections::HashMap;
use std::fmt;
use std::num::NonZeroU32;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use futures_util::future::BoxFuture;
use mms_types::OrganizationId;

use crate::env::clock::Clock;
use crate::env::random::Random;
use crate::http::events::{Observer, Wait};

pub use file_log::FileSendLog;
pub(crate) use lane::Permit;
use lane::{Lane, Others, WithoutOrganization};
pub use log::{LogTime, MemorySendLog, SendLog, SendLogKey, Sent};
pub(crate) use schedule::Group;
use schedule::{Limit, Schedule};

/// How requests are spread over time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[non_exhaustive]
pub enum Pace {
    /// At once after two quiet minutes, then evenly. It keeps within every way of counting that a server is known to use, and
    /// needs at most a twentieth more time than the best that is possible without knowing which, for limits of 60 a minute and more.
    #[default]
    Even,
    /// As many as are allowed in 60 seconds at once, then as many again. Some 300 requests of a
    /// limit of 60 take 241 s in place of 310 where the server counts by the minute of the clock, over the last 60 seconds or
    /// with a bucket. **Risk**: one that weighs two minutes, as is usual over
    /// Redis, refuses a good part of every second burst with 429; the requests wait a minute each, for all tools of the
    /// organization. Take it only if you know how the server counts.
    Window,
}

/// Source of the server's limit.
pub(crate) trait LimitSource: Sync {
    /// Returns the requests per minute that an organization may send. One request is sent, at once.
    fn api_limit(&self, organization_id: OrganizationId, timeout: Duration) -> BoxFuture<'_, Result<u32, LimitError>>;
}

/// Reason why a server did not give its limit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum LimitError {
    /// It refused, with this status.
    Refused(u16),
    /// Its limit is used up, and this is how long to wait.
    Limited(Duration),
    /// It gave no whole answer.
    Unanswered,
    /// It gave an answer without a limit.
    Unknown,
}

impl LimitError {
    /// Says whether asking again may bring an answer.
    fn may_pass(self) -> bool {
        match self {
            Self::Refused(status) => status >= 500,
            Self::Limited(_) | Self::Unanswered => true,
            Self::Unknown => false,
        }
    }
}

impl fmt::Display for LimitError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Refused(status) => write!(formatter, "the server answered {status}"),
            Self::Limited(_) => formatter.write_str("the server answered 429"),
            Self::Unanswered => formatter.write_str("no answer came"),
            Self::Unknown => formatter.write_str("the answer has no limit"),
        }
    }
}

/// Gives every request of a client its turn. Each organization has a limit, and so a queue, of its own.
pub(crate) struct Pacer {
    lanes: Mutex<HashMap<Option<OrganizationId>, Arc<Lane>>>,
    pace: Pace,
    limit: Option<NonZeroU32>,
    /// The organization that a request counts against which names none.
    own: Option<OrganizationId>,
    base_url: String,
    log: Option<Arc<dyn SendLog>>,
    /// The requests of this client that named no organization, where no log has them.
    of_none: Arc<WithoutOrganization>,
    wait: Observer<Wait>,
    clock: Arc<dyn Clock>,
    random: Arc<dyn Random>,
}

/// Configuration of a pacer.
pub(crate) struct PacerConfig {
    pub(crate) pace: Pace,
    pub(crate) limit: Option<NonZeroU32>,
    pub(crate) own: Option<OrganizationId>,
    pub(crate) base_url: String,
    pub(crate) log: Option<Arc<dyn SendLog>>,
    /// Callback for a wait.
    pub(crate) wait: Observer<Wait>,
}

impl Pacer {
    pub(crate) fn new(config: PacerConfig, clock: Arc<dyn Clock>, random: Arc<dyn Random>) -> Self {
        let PacerConfig { pace, limit, own, base_url, log, wait } = config;
        Self { lanes: Mutex::default(), pace, limit, own, base_url, log, of_none: Arc::default(), wait, clock, random }
    }

    /// Lets a call join the queue of an organization, behind those that came before.
    ///
    /// One that names none counts against each, and joins the queue of the client's own, or else of the busiest.
    pub(crate) fn join(&self, organization_id: Option<OrganizationId>) -> Ticket {
        let lane = self.lane(organization_id.or(self.own));
        let number = lane.number();
        Ticket {
            lane,
            number,
            names_none: organization_id.is_none(),
            reserved: AtomicUsize::new(0),
            taken: Mutex::default(),
        }
    }

    fn lane(&self, organization_id: Option<OrganizationId>) -> Arc<Lane> {
        let mut lanes = self.lanes.lock().unwrap_or_else(PoisonError::into_inner);
        if organization_id.is_none()
            && let Some(busiest) = lanes.values().max_by_key(|lane| lane.load())
        {
            return Arc::clone(busiest);
        }
        let lane = lanes.entry(organization_id).or_insert_with(|| {
            let limit = match (self.limit, organization_id) {
                (Some(limit), _) => Limit::Known(limit.get()),
                (None, Some(_)) => Limit::Unasked(Duration::ZERO),
                // There is nobody to ask about.
                (None, None) => Limit::Assumed,
            };
            let key = SendLogKey { base_url: self.base_url.clone(), organization_id };
            let schedule = Schedule::new(self.pace, limit);
            let log = match &self.log {
                Some(log) => Others::Log(log.clone()),
                None => Others::OwnClient(Arc::clone(&self.of_none)),
            };
            Arc::new(Lane::new(key, schedule, log, self.wait.clone(), self.clock.clone(), self.random.next_u64()))
        });
        lane.clone()
    }
}

/// Place of a call in the queue, which it keeps when it has to send again.
pub(crate) struct Ticket {
    lane: Arc<Lane>,
    number: u64,
    /// Whether its requests name no organization.
    names_none: bool,
    /// Room that is kept for what is left of a group.
    reserved: AtomicUsize,
    /// A turn that was taken before its request.
    taken: Mutex<Option<Permit>>,
}

impl Ticket {
    /// Waits for a turn to send a request, first come, first served; nothing where it would come after the deadline.
    pub(crate) async fn turn(
        &self,
        deadline: Duration,
        group: Group,
        limit_source: &dyn LimitSource,
    ) -> Option<Permit> {
        // One that was taken so long ago that the deadline is over is given back.
        if let Some(permit) = self.taken().take().filter(|_| self.lane.clock().now() < deadline) {
            return Some(permit);
        }
        self.release();
        let permit = Arc::clone(&self.lane).turn(self.number, deadline, (group, self.names_none), limit_source).await?;
        self.reserved.store(group.following, Ordering::Relaxed);
        Some(permit)
    }

    /// Waits for the turn of the next request, and takes it; false where it would come after the deadline.
    pub(crate) async fn take_turn(&self, deadline: Duration, group: Group, limit_source: &dyn LimitSource) -> bool {
        let permit = self.turn(deadline, group, limit_source).await;
        let is_taken = permit.is_some();
        *self.taken() = permit;
        is_taken
    }

    fn taken(&self) -> MutexGuard<'_, Option<Permit>> {
        self.taken.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Gives back the room that is kept for what was to follow.
    pub(crate) fn release(&self) {
        let reserved = self.reserved.swap(0, Ordering::Relaxed);
        if reserved > 0 {
            self.lane.release(reserved);
        }
    }
}

impl Drop for Ticket {
    fn drop(&mut self) {
        self.release();
    }
}

impl fmt::Debug for Ticket {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("Ticket").field("number", &self.number).finish_non_exhaustive()
    }
}

impl fmt::Debug for Pacer {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("Pacer")
            .field("pace", &self.pace)
            .field("limit", &self.limit)
            .field("own", &self.own)
            .finish_non_exhaustive()
    }
}
