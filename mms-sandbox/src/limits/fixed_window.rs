//! Fixed window: a count for each minute of the clock.

use std::num::NonZeroU64;

use super::window::WINDOW;

/// The requests of a minute of the clock.
#[derive(Debug, Default)]
pub(super) struct FixedWindow {
    /// Whole minutes since the Unix epoch.
    minute: i64,
    count: u64,
}

impl FixedWindow {
    /// Counts a request, or returns the beginning of the next minute.
    pub(super) fn admit(&mut self, limit: NonZeroU64, now: i64) -> Result<(), i64> {
        let minute = now.div_euclid(WINDOW);
        if minute != self.minute {
            *self = Self { minute, count: 0 };
        }
        if self.count >= limit.get() {
            return Err((minute + 1) * WINDOW);
        }
        self.count += 1;
        Ok(())
    }
}
