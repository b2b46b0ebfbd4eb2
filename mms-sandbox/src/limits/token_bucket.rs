//! Token bucket: it holds the requests of a minute and refills evenly.

use std::num::NonZeroU64;

use super::window::WINDOW;

/// The weight of a request. A limit of 1 refills one unit in a microsecond, so that nothing is ever rounded.
const TOKEN: u128 = WINDOW.unsigned_abs() as u128;

/// What was taken out of a full bucket and has not refilled.
#[derive(Debug, Default)]
pub(super) struct TokenBucket {
    spent: u128,
    latest: i64,
}

impl TokenBucket {
    /// Takes a request out, or returns the time at which there is one.
    pub(super) fn admit(&mut self, limit: NonZeroU64, now: i64) -> Result<(), i64> {
        let rate = u128::from(limit.get());
        let capacity = rate * TOKEN;
        let refilled = rate * u128::from((now - self.latest).unsigned_abs());
        // A limit that was lowered leaves no more than an empty bucket.
        self.spent = self.spent.saturating_sub(refilled).min(capacity);
        self.latest = now;
        let needed = self.spent + TOKEN;
        if needed <= capacity {
            self.spent = needed;
            return Ok(());
        }
        let wait = (needed - capacity).div_ceil(rate);
        Err(now + i64::try_from(wait).unwrap_or(WINDOW))
    }
}
