//! Sliding counter: this minute's count and a share of the last one's, as is usual over Redis.

use std::num::NonZeroU64;

use super::window::WINDOW;

/// The requests of a minute of the clock and of the one before.
#[derive(Debug, Default)]
pub(super) struct SlidingCounter {
    /// Whole minutes since the Unix epoch.
    minute: i64,
    count: u64,
    previous: u64,
}

impl SlidingCounter {
    /// Counts a request while the estimate is below the limit, or returns the time at which it will be.
    ///
    /// The estimate is this minute's count and as much of the previous minute's as the last 60 seconds hold of that minute.
    pub(super) fn admit(&mut self, limit: NonZeroU64, now: i64) -> Result<(), i64> {
        self.turn_to(now.div_euclid(WINDOW));
        let share = WINDOW - now.rem_euclid(WINDOW);
        let estimate = weighted(self.previous, share) + weighted(self.count, WINDOW);
        if estimate >= weighted(limit.get(), WINDOW) {
            return Err(self.free_at(limit.get()));
        }
        self.count += 1;
        Ok(())
    }

    fn turn_to(&mut self, minute: i64) {
        if minute != self.minute {
            let previous = if minute == self.minute + 1 { self.count } else { 0 };
            *self = Self { minute, count: 0, previous };
        }
    }

    /// Returns when the estimate falls below the limit, given that it is not.
    fn free_at(&self, limit: u64) -> i64 {
        let end = (self.minute + 1) * WINDOW;
        if self.count < limit {
            end - share_below(limit - self.count, self.previous)
        } else {
            end + WINDOW - share_below(limit, self.count)
        }
    }
}

/// Returns `count` times a share of the window.
fn weighted(count: u64, share: i64) -> u128 {
    u128::from(count) * u128::from(share.unsigned_abs())
}

/// Returns the largest share of the window at which `count` weighs less than `room` requests.
fn share_below(room: u64, count: u64) -> i64 {
    let share = weighted(room, WINDOW).saturating_sub(1) / u128::from(count.max(1));
    i64::try_from(share).map_or(WINDOW, |share| share.min(WINDOW))
}
