//! Sliding log: the time of every request of the last 60 seconds.

use std::collections::VecDeque;
use std::num::NonZeroU64;

use super::window::WINDOW;

/// When each admitted request of the last minute came, the oldest first.
#[derive(Debug, Default)]
pub(super) struct SlidingLog {
    times: VecDeque<i64>,
}

impl SlidingLog {
    /// Counts a request, or returns the time at which enough of the others are 60 seconds old.
    pub(super) fn admit(&mut self, limit: NonZeroU64, now: i64) -> Result<(), i64> {
        while self.times.front().is_some_and(|time| *time <= now - WINDOW) {
            self.times.pop_front();
        }
        let limit = usize::try_from(limit.get()).unwrap_or(usize::MAX);
        // A limit that was lowered has to wait for more than the oldest.
        let surplus = self.times.len().checked_sub(limit);
        if let Some(time) = surplus.and_then(|surplus| self.times.get(surplus)) {
            return Err(time + WINDOW);
        }
        self.times.push_back(now);
        Ok(())
    }
}
