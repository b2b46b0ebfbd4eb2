//! Beginning of a time, such as `7d`, `2026-11-01` or `2026-11-01T12:00:00Z`.

use std::time::Duration;

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;

use super::duration::length;

/// Beginning of a time, as it is typed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Since {
    /// So long ago.
    Ago(Duration),
    /// The beginning of a day, by the clock on the wall.
    Day(Date),
    /// A point in time.
    At(Timestamp),
}

impl Since {
    /// Parses the value of an argument.
    pub(crate) fn parse(text: &str) -> Result<Self, String> {
        let ago = length(text).map(Self::Ago);
        let at = || text.parse().ok().map(Self::At);
        // A date reads the beginning of a time, too, and cuts the rest off.
        let day = || text.parse().ok().filter(|_| text.len() == "2026-11-01".len()).map(Self::Day);
        ago.or_else(at)
            .or_else(day)
            .ok_or_else(|| format!("{text:?} is no time: write it like 7d, 12h, 2026-11-01 or 2026-11-01T12:00:00Z"))
    }

    /// Returns the point in time that is meant; of one that no calendar has, the first of all.
    pub(crate) fn time(self, now: Timestamp, zone: TimeZone) -> Timestamp {
        let time = match self {
            Self::At(time) => Some(time),
            Self::Ago(length) => now.checked_sub(length).ok(),
            Self::Day(day) => day.to_zoned_datetime(zone).ok().map(|day| day.timestamp()),
        };
        time.unwrap_or(Timestamp::MIN)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_beginning_is_a_length_a_day_or_a_time() {
        let now: Timestamp = "2026-11-08T12:00:00Z".parse().unwrap();
        for (text, time) in [
            ("7d", "2026-11-01T12:00:00Z"),
            ("12h", "2026-11-08T00:00:00Z"),
            ("2026-11-01", "2026-10-31T23:00:00Z"),
            ("2026-11-01T06:00:00+02:00", "2026-11-01T04:00:00Z"),
        ] {
            let since = Since::parse(text).unwrap();
            let zone = TimeZone::fixed(jiff::tz::offset(1));
            assert_eq!(since.time(now, zone), time.parse().unwrap(), "{text}");
        }
        for text in ["", "7", "yesterday", "2026-13-01", "2026-11-01T12:00:00", "7 d"] {
            assert!(Since::parse(text).unwrap_err().contains("write it like 7d"), "{text}");
        }
    }

    #[test]
    fn a_length_that_no_calendar_has_begins_with_everything() {
        let since = Since::parse("999999999w").unwrap();
        assert_eq!(since.time(Timestamp::UNIX_EPOCH, TimeZone::UTC), Timestamp::MIN);
    }
}
