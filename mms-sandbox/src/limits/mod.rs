//! Rate limit of requests a minute for each organization, by one of the algorithms that Make may use.

mod fixed_window;
mod sliding_counter;
mod sliding_log;
#[cfg(test)]
mod tests;
mod token_bucket;
mod window;

use std::collections::HashMap;
use std::num::NonZeroU64;

use jiff::Timestamp;
use mms_types::OrganizationId;
use mms_types::sandbox::Limiter;

use fixed_window::FixedWindow;
use sliding_counter::SlidingCounter;
use sliding_log::SlidingLog;
use token_bucket::TokenBucket;
use window::{SECOND, WINDOW};

/// The longest time by which requests may be reordered between reading the clock and being counted.
const MAX_REORDERING: i64 = SECOND;

/// The rate limits of all organizations.
#[derive(Debug, Default)]
pub(crate) struct Limits {
    accounts: HashMap<OrganizationId, Account>,
}

impl Limits {
    /// Counts a request of `organization`, or says in how many whole seconds one would be admitted if none came before it.
    ///
    /// A refused request is not counted. A change of `limit` keeps the count, a change of `limiter` begins a new one, and so
    /// does a clock that was set back by more than a second. A limit of 0 admits nothing and always names a minute.
    pub(crate) fn admit(
        &mut self,
        organization: OrganizationId,
        limit: u64,
        limiter: Limiter,
        now: Timestamp,
    ) -> Result<(), u64> {
        let now = microseconds(now);
        let account = self.accounts.entry(organization).or_insert_with(|| Account::new(limiter, now));
        account.admit(limit, limiter, now).map_err(|free_at| whole_seconds(free_at - now))
    }

    /// Forgets every request.
    pub(crate) fn clear(&mut self) {
        self.accounts.clear();
    }
}

/// The requests of one organization.
#[derive(Debug)]
struct Account {
    limiter: Limiter,
    latest: i64,
    model: Model,
}

impl Account {
    fn new(limiter: Limiter, now: i64) -> Self {
        Self { limiter, latest: now, model: Model::new(limiter) }
    }

    /// Counts a request, or returns the time at which one would be admitted.
    fn admit(&mut self, limit: u64, limiter: Limiter, now: i64) -> Result<(), i64> {
        if limiter != self.limiter || now < self.latest - MAX_REORDERING {
            *self = Self::new(limiter, now);
        }
        self.latest = self.latest.max(now);
        self.model.admit(limit, self.latest)
    }
}

/// The algorithm that counts the requests of an organization.
#[derive(Debug)]
enum Model {
    FixedWindow(FixedWindow),
    SlidingLog(SlidingLog),
    SlidingCounter(SlidingCounter),
    Bucket(TokenBucket),
    Off,
}

impl Model {
    fn new(limiter: Limiter) -> Self {
        match limiter {
            Limiter::FixedWindow => Self::FixedWindow(FixedWindow::default()),
            Limiter::SlidingLog => Self::SlidingLog(SlidingLog::default()),
            Limiter::SlidingCounter => Self::SlidingCounter(SlidingCounter::default()),
            Limiter::Bucket => Self::Bucket(TokenBucket::default()),
            Limiter::Off => Self::Off,
        }
    }

    /// Counts a request, or returns the time at which one would be admitted. `now` never goes back.
    fn admit(&mut self, limit: u64, now: i64) -> Result<(), i64> {
        if matches!(self, Self::Off) {
            return Ok(());
        }
        let limit = NonZeroU64::new(limit).ok_or(now + WINDOW)?;
        match self {
            Self::FixedWindow(model) => model.admit(limit, now),
            Self::SlidingLog(model) => model.admit(limit, now),
            Self::SlidingCounter(model) => model.admit(limit, now),
            Self::Bucket(model) => model.admit(limit, now),
            Self::Off => Ok(()),
        }
    }
}

/// Returns the microseconds since the Unix epoch, rounded down before it too.
fn microseconds(time: Timestamp) -> i64 {
    time.as_second() * SECOND + i64::from(time.subsec_nanosecond().div_euclid(1000))
}

/// Returns a wait in seconds, rounded up.
fn whole_seconds(microseconds: i64) -> u64 {
    microseconds.unsigned_abs().div_ceil(SECOND.unsigned_abs()).max(1)
}
