//! Clock of a sandbox: the real time, offset or frozen. It does not store anything.

use std::sync::{Mutex, PoisonError};

use jiff::{SignedDuration, Timestamp};

/// Source of the real time; a test brings its own.
pub(crate) type TimeSource = fn() -> Timestamp;

/// Relation of the clock to the real time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum ClockMode {
    /// Runs with an offset to the real time.
    Running { ahead: SignedDuration },
    /// Stands still.
    Frozen { at: Timestamp },
}

/// A clock whose mode can be changed.
#[derive(Debug)]
pub(crate) struct Clock {
    source: TimeSource,
    mode: Mutex<ClockMode>,
}

impl Clock {
    /// Returns a clock that shows the real time.
    pub(crate) fn new(source: TimeSource) -> Self {
        Self { source, mode: Mutex::new(ClockMode::Running { ahead: SignedDuration::ZERO }) }
    }

    /// Returns the current time.
    pub(crate) fn now(&self) -> Timestamp {
        self.time_in(self.mode())
    }

    /// Returns the time that the clock would show in a mode.
    pub(crate) fn time_in(&self, mode: ClockMode) -> Timestamp {
        match mode {
            ClockMode::Running { ahead } => saturating_add(self.real_time(), ahead),
            ClockMode::Frozen { at } => at,
        }
    }

    /// Returns the real time.
    pub(crate) fn real_time(&self) -> Timestamp {
        (self.source)()
    }

    /// Returns the mode.
    pub(crate) fn mode(&self) -> ClockMode {
        *self.mode.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Says whether the clock stands still.
    pub(crate) fn is_frozen(&self) -> bool {
        matches!(self.mode(), ClockMode::Frozen { .. })
    }

    /// Sets the mode.
    pub(crate) fn set_mode(&self, mode: ClockMode) {
        *self.mode.lock().unwrap_or_else(PoisonError::into_inner) = mode;
    }

    /// Returns the mode in which the clock shows `now`.
    pub(crate) fn mode_showing(&self, now: Timestamp, frozen: bool) -> ClockMode {
        if frozen {
            ClockMode::Frozen { at: now }
        } else {
            ClockMode::Running { ahead: now.duration_since(self.real_time()) }
        }
    }
}

/// Adds a duration to a time, up to the last time that there is.
pub(crate) fn saturating_add(time: Timestamp, by: SignedDuration) -> Timestamp {
    time.checked_add(by).unwrap_or(Timestamp::MAX)
}

/// Writes a time as the API does: RFC 3339 in UTC, whole seconds, such as `2024-01-01T00:00:00Z`.
pub(crate) fn rfc3339(time: Timestamp) -> String {
    format!("{time:.0}")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn noon() -> Timestamp {
        "2026-11-24T12:00:00Z".parse().unwrap()
    }

    #[test]
    fn a_clock_shows_the_real_time_until_it_is_turned() {
        let clock = Clock::new(noon);
        assert_eq!(clock.now(), noon());
        let evening = saturating_add(noon(), SignedDuration::from_hours(6));
        clock.set_mode(clock.mode_showing(evening, false));
        assert_eq!((clock.now(), clock.mode()), (evening, ClockMode::Running { ahead: SignedDuration::from_hours(6) }));
    }

    #[test]
    fn a_frozen_clock_stands_still() {
        let clock = Clock::new(Timestamp::now);
        clock.set_mode(clock.mode_showing(noon(), true));
        assert_eq!((clock.now(), clock.now()), (noon(), noon()));
    }

    #[test]
    fn the_end_of_time_is_not_passed() {
        assert_eq!(saturating_add(noon(), SignedDuration::MAX), Timestamp::MAX);
    }
}
