//! Times: how far away one is, such as "2 days ago", and moments of the journal.

use std::time::{Duration, SystemTime};

use mms_client::Moment;
use mms_types::Timestamp;

/// Seconds of a minute.
const MINUTE: i64 = 60;

/// Units from the largest to the smallest, in seconds.
const UNITS: [(i64, &str); 4] = [(86_400, "day"), (3_600, "hour"), (MINUTE, "minute"), (1, "second")];

/// Returns how far away a time is, such as "in 12 days"; nothing where the server's text is no time.
pub(crate) fn distance(timestamp: &Timestamp, now: jiff::Timestamp) -> Option<String> {
    let then: jiff::Timestamp = timestamp.as_str().parse().ok()?;
    let seconds = then.as_second() - now.as_second();
    let Some((length, unit)) = UNITS.into_iter().find(|(length, _)| seconds.abs() >= *length) else {
        return Some("just now".to_owned());
    };
    let count = seconds.abs() / length;
    let plural = if count == 1 { "" } else { "s" };
    Some(if seconds < 0 { format!("{count} {unit}{plural} ago") } else { format!("in {count} {unit}{plural}") })
}

/// Returns how far away a time is, and of one within a minute the time of the clock on the wall: it stands beside others of the same
/// minute.
pub(crate) fn distance_or_clock(timestamp: &Timestamp, now: jiff::Timestamp) -> Option<String> {
    let then: jiff::Timestamp = timestamp.as_str().parse().ok()?;
    if (then.as_second() - now.as_second()).abs() < MINUTE {
        return Some(on_the_wall(then));
    }
    distance(timestamp, now)
}

/// Returns a moment as the API writes one.
pub(crate) fn timestamp(moment: Moment) -> Timestamp {
    let time = jiff::Timestamp::try_from(moment.time()).unwrap_or(jiff::Timestamp::UNIX_EPOCH);
    Timestamp::new(time.strftime("%FT%TZ").to_string())
}

/// Returns the time of the clock on the wall, such as `20:25:54`.
pub(crate) fn clock_time(time: SystemTime) -> String {
    on_the_wall(jiff::Timestamp::try_from(time).unwrap_or(jiff::Timestamp::UNIX_EPOCH))
}

fn on_the_wall(time: jiff::Timestamp) -> String {
    time.to_zoned_datetime(jiff::tz::TimeZone::system()).strftime("%H:%M:%S").to_string()
}

/// Returns a day and its time by the clock on the wall, such as `2026-11-26 14:03`.
pub(crate) fn day_and_time(time: SystemTime) -> String {
    let time = jiff::Timestamp::try_from(time).unwrap_or(jiff::Timestamp::UNIX_EPOCH);
    time.to_zoned_datetime(jiff::tz::TimeZone::system()).strftime("%Y-%m-%d %H:%M").to_string()
}

/// Returns when a day ends by the clock on the wall.
pub(crate) fn end_of(day: jiff::civil::Date) -> Option<jiff::Timestamp> {
    let midnight = day.tomorrow().and_then(|next| next.to_zoned_datetime(jiff::tz::TimeZone::system()));
    midnight.ok().map(|midnight| midnight.timestamp())
}

/// Returns the day by the calendar on the wall.
pub(crate) fn today() -> jiff::civil::Date {
    jiff::Timestamp::now().to_zoned_datetime(jiff::tz::TimeZone::system()).date()
}

/// Reads a date of HTTP, such as `Sun, 06 Nov 1994 08:49:37 GMT`.
pub(crate) fn http_date(text: &str) -> Option<SystemTime> {
    let seconds = jiff::fmt::rfc2822::parse(text).ok()?.timestamp().as_second();
    SystemTime::UNIX_EPOCH.checked_add(Duration::from_secs(u64::try_from(seconds).ok()?))
}

/// Returns the time as the API writes one.
pub(crate) fn now() -> Timestamp {
    Timestamp::new(jiff::Timestamp::now().strftime("%FT%TZ").to_string())
}

/// Returns the age of a moment, in whole seconds.
pub(crate) fn age(moment: Moment) -> u64 {
    SystemTime::now().duration_since(moment.time()).unwrap_or_default().as_secs()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_distance_is_said_in_its_largest_unit() {
        let now: jiff::Timestamp = "2026-01-20T12:00:00Z".parse().unwrap();
        for (time, words) in [
            ("2026-02-01T12:00:00Z", "in 12 days"),
            ("2026-01-19T12:00:00Z", "1 day ago"),
            ("2026-01-20T13:59:59Z", "in 1 hour"),
            ("2026-01-20T11:30:00Z", "30 minutes ago"),
            ("2026-01-20T12:00:59Z", "in 59 seconds"),
            ("2026-01-20T11:59:59Z", "1 second ago"),
            ("2026-01-20T12:00:00Z", "just now"),
            ("2026-01-20T15:00:00+02:00", "in 1 hour"),
        ] {
            assert_eq!(distance(&Timestamp::new(time), now).as_deref(), Some(words), "{time}");
        }
    }

    #[test]
    fn a_time_within_a_minute_is_that_of_the_clock_in_a_column_of_times() {
        let now: jiff::Timestamp = "2026-01-20T12:00:00Z".parse().unwrap();
        let shown = |time: &str| distance_or_clock(&Timestamp::new(time), now).unwrap();
        let then: jiff::Timestamp = "2026-01-20T11:59:18Z".parse().unwrap();
        assert_eq!(
            shown("2026-01-20T11:59:18Z"),
            clock_time(SystemTime::UNIX_EPOCH + Duration::from_secs(then.as_second().try_into().unwrap()))
        );
        assert_eq!(shown("2026-01-20T11:59:00Z"), "1 minute ago");
    }

    #[test]
    fn a_date_of_http_is_a_time() {
        let date = http_date("Sun, 06 Nov 1994 08:49:37 GMT").unwrap();
        assert_eq!(date.duration_since(SystemTime::UNIX_EPOCH).unwrap().as_secs(), 784_111_777);
        assert_eq!(http_date("yesterday"), None);
    }

    #[test]
    fn a_text_that_is_no_time_has_no_distance() {
        assert_eq!(distance(&Timestamp::new("soon"), jiff::Timestamp::UNIX_EPOCH), None);
    }
}
