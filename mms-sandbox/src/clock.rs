//! Clock of a sandbox: the real time, turned ahead or standing still.

use std::sync::{Mutex, PoisonError};

use jiff::{SignedDuration, Timestamp};

/// Tells the real time; a test brings its own.
pub(crate) type Source = fn() -> Timestamp;

/// How the clock stands to the real time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum ClockSetting {
    /// It runs, so far ahead of the real time.
    Running { ahead: SignedDuration },
    /// It stands still.
    Frozen { at: Timestamp },
}

/// A clock that can be turned.
#[derive(Debug)]
pub(crate) struct Clock {
    source: Source,
    hand: Mutex<ClockSetting>,
}

impl Clock {
    /// Shows the real time as `source` tells it, until it is turned.
    pub(crate) fn new(source: Source) -> Self {
        Self { source, hand: Mutex::new(ClockSetting::Running { ahead: SignedDuration::ZERO }) }
    }

    /// Returns the time that the clock shows.
    pub(crate) fn now(&self) -> Timestamp {
        self.shown_by(self.hand())
    }

    /// Returns the time that the clock would show if it stood like this.
    pub(crate) fn shown_by(&self, hand: ClockSetting) -> Timestamp {
        match hand {
            ClockSetting::Running { ahead } => later(self.real(), ahead),
            ClockSetting::Frozen { at } => at,
        }
    }

    /// Returns the real time.
    pub(crate) fn real(&self) -> Timestamp {
        (self.source)()
    }

    /// Returns how the clock stands.
    pub(crate) fn hand(&self) -> ClockSetting {
        *self.hand.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Says whether it stands still.
    pub(crate) fn is_frozen(&self) -> bool {
        matches!(self.hand(), ClockSetting::Frozen { .. })
    }

    /// Turns the clock.
    pub(crate) fn turn(&self, hand: ClockSetting) {
        *self.hand.lock().unwrap_or_else(PoisonError::into_inner) = hand;
    }

    /// Returns how the clock would stand if it showed `now`.
    pub(crate) fn hand_at(&self, now: Timestamp, frozen: bool) -> ClockSetting {
        if frozen {
            ClockSetting::Frozen { at: now }
        } else {
            ClockSetting::Running { ahead: now.duration_since(self.real()) }
        }
    }
}

/// Returns a time so much later, or the last that there is.
pub(crate) fn later(time: Timestamp, by: SignedDuration) -> Timestamp {
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
        let evening = later(noon(), SignedDuration::from_hours(6));
        clock.turn(clock.hand_at(evening, false));
        assert_eq!(
            (clock.now(), clock.hand()),
            (evening, ClockSetting::Running { ahead: SignedDuration::from_hours(6) })
        );
    }

    #[test]
    fn a_frozen_clock_stands_still() {
        let clock = Clock::new(Timestamp::now);
        clock.turn(clock.hand_at(noon(), true));
        assert_eq!((clock.now(), clock.now()), (noon(), noon()));
    }

    #[test]
    fn the_end_of_time_is_not_passed() {
        assert_eq!(later(noon(), SignedDuration::MAX), Timestamp::MAX);
    }
}
