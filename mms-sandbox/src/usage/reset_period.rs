//! Reset periods: when the counters of an organization return to 0.
//!
//! Resets fall on one day of the month and one time of day, in UTC; where a month is too short, on its last day. A monthly
//! reset that was first on the 31st is on the 28th or 29th in February and on the 31st again in March. A yearly one of
//! 29 February is on the 28th from then on.

use jiff::civil::DateTime;
use jiff::tz::Offset;
use jiff::{Timestamp, ToSpan};
use mms_types::sandbox::RestartPeriod;

/// Returns the midnight, in UTC, with which the month or year of `now` began.
pub(crate) fn period_start(period: RestartPeriod, now: Timestamp) -> Timestamp {
    let today = utc(now).date();
    let first = match period {
        RestartPeriod::Monthly => today.first_of_month(),
        RestartPeriod::Annual => today.first_of_year(),
    };
    // The very first month of all times has no beginning.
    Offset::UTC.to_timestamp(first.at(0, 0, 0, 0)).unwrap_or(Timestamp::MIN)
}

/// Returns the reset that follows a first one, or the end of all times. The later ones are up to [`resets_until`].
pub(crate) fn next_reset(last_reset: Timestamp, period: RestartPeriod) -> Timestamp {
    one_period_after(last_reset, utc(last_reset).day(), period)
}

/// Returns the last reset and the next one as they are at `now`, if any fell due.
///
/// The result is the same whether the clock gets there in one step or in many.
pub(crate) fn resets_until(
    last_reset: Timestamp,
    next_reset: Timestamp,
    period: RestartPeriod,
    now: Timestamp,
) -> Option<(Timestamp, Timestamp)> {
    let (mut last, mut next) = (last_reset, next_reset);
    while next <= now && next < Timestamp::MAX {
        (last, next) = (next, one_period_after(next, day_of_month(last, next), period));
    }
    (next != next_reset).then_some((last, next))
}

/// Returns the day of the month on which resets fall, from two in a row.
///
/// No two months in a row are shorter than the day asks for, so the later of the two days is the right one.
fn day_of_month(last: Timestamp, next: Timestamp) -> i8 {
    let (last, next) = (utc(last), utc(next));
    if next.day() == next.days_in_month() { next.day().max(last.day()) } else { next.day() }
}

/// Returns the time one period after a reset, on the given day of the month if it has one.
fn one_period_after(reset: Timestamp, day: i8, period: RestartPeriod) -> Timestamp {
    let months = match period {
        RestartPeriod::Monthly => 1,
        RestartPeriod::Annual => 12,
    };
    let reset = utc(reset);
    reset
        .first_of_month()
        .checked_add(months.months())
        .and_then(|month| month.with().day(day.min(month.days_in_month())).build())
        .and_then(|time| Offset::UTC.to_timestamp(time))
        .unwrap_or(Timestamp::MAX)
}

fn utc(time: Timestamp) -> DateTime {
    Offset::UTC.to_datetime(time)
}

#[cfg(test)]
mod tests {
    use jiff::SignedDuration;
    use proptest::prelude::*;

    use super::*;

    fn time(text: &str) -> Timestamp {
        text.parse().unwrap()
    }

    fn any_time() -> impl Strategy<Value = Timestamp> {
        let seconds = time("1990-01-01T00:00:00Z").as_second()..time("2090-01-01T00:00:00Z").as_second();
        seconds.prop_map(|second| Timestamp::from_second(second).unwrap())
    }

    fn period() -> impl Strategy<Value = RestartPeriod> {
        prop_oneof![Just(RestartPeriod::Monthly), Just(RestartPeriod::Annual)]
    }

    /// Lists the days of the resets that follow, one step at a time.
    fn days_of_resets(first: &str, period: RestartPeriod, count: usize) -> Vec<String> {
        let first = time(first);
        let mut reset = (first, next_reset(first, period));
        let mut days = Vec::new();
        for _ in 0..count {
            reset = resets_until(reset.0, reset.1, period, reset.1).unwrap();
            days.push(utc(reset.0).date().to_string());
        }
        days
    }

    #[test]
    fn a_month_or_year_begins_at_midnight_of_its_first_day() {
        let month = |now| period_start(RestartPeriod::Monthly, now);
        assert_eq!(month(time("2026-12-31T23:59:59.5Z")), time("2026-12-01T00:00:00Z"));
        assert_eq!(month(time("2027-01-01T00:00:00Z")), time("2027-01-01T00:00:00Z"));
        assert_eq!(month(time("1969-12-31T23:59:59.5Z")), time("1969-12-01T00:00:00Z"));
        assert_eq!(month(Timestamp::MIN), Timestamp::MIN);
        assert_eq!(period_start(RestartPeriod::Annual, time("2026-12-31T23:59:59.5Z")), time("2026-01-01T00:00:00Z"));
    }

    #[test]
    fn monthly_resets_keep_their_day_through_short_months() {
        let of_31 = days_of_resets("2027-12-31T10:00:00Z", RestartPeriod::Monthly, 5);
        assert_eq!(of_31, ["2028-01-31", "2028-02-29", "2028-03-31", "2028-04-30", "2028-05-31"]);
        let of_30 = days_of_resets("2026-12-30T10:00:00Z", RestartPeriod::Monthly, 4);
        assert_eq!(of_30, ["2027-01-30", "2027-02-28", "2027-03-30", "2027-04-30"]);
        let of_29 = days_of_resets("2027-01-29T10:00:00Z", RestartPeriod::Monthly, 2);
        assert_eq!(of_29, ["2027-02-28", "2027-03-29"]);
        let of_28 = days_of_resets("2027-01-28T10:00:00Z", RestartPeriod::Monthly, 2);
        assert_eq!(of_28, ["2027-02-28", "2027-03-28"]);
    }

    #[test]
    fn a_yearly_reset_leaves_the_leap_day_for_good() {
        let resets = days_of_resets("2024-02-29T00:00:00Z", RestartPeriod::Annual, 4);
        assert_eq!(resets, ["2025-02-28", "2026-02-28", "2027-02-28", "2028-02-28"]);
    }

    #[test]
    fn a_reset_is_due_at_its_time_and_not_before() {
        let (last, next) = (time("2026-10-15T12:00:00Z"), time("2026-11-15T12:00:00Z"));
        let at = |now| resets_until(last, next, RestartPeriod::Monthly, time(now));
        assert_eq!(at("2026-11-15T11:59:59.999Z"), None);
        assert_eq!(at("2026-11-15T12:00:00Z"), Some((next, time("2026-12-15T12:00:00Z"))));
        assert_eq!(at("2027-03-01T00:00:00Z"), Some((time("2027-02-15T12:00:00Z"), time("2027-03-15T12:00:00Z"))));
    }

    #[test]
    fn what_came_before_the_first_reset_does_not_move_the_second() {
        let (created, next) = (time("2026-10-31T12:00:00Z"), time("2026-11-01T00:00:00Z"));
        let reset = resets_until(created, next, RestartPeriod::Monthly, next);
        assert_eq!(reset, Some((next, time("2026-12-01T00:00:00Z"))));
    }

    #[test]
    fn the_last_times_of_all_have_no_reset_after_them() {
        let last = time("9999-12-01T00:00:00Z");
        assert_eq!(next_reset(last, RestartPeriod::Annual), Timestamp::MAX);
        let end = (last, Timestamp::MAX);
        assert_eq!(resets_until(time("9999-11-01T00:00:00Z"), last, RestartPeriod::Monthly, Timestamp::MAX), Some(end));
        assert_eq!(resets_until(end.0, end.1, RestartPeriod::Monthly, Timestamp::MAX), None);
    }

    proptest! {
        #[test]
        fn many_steps_lead_where_one_leads(
            first in any_time(),
            period in period(),
            mut steps in prop::collection::vec(0..4_000_i64, 1..20),
        ) {
            steps.sort_unstable();
            let period_start = (first, next_reset(first, period));
            let mut stepped = period_start;
            let mut now = first;
            for days in steps {
                now = first + SignedDuration::from_hours(24 * days);
                stepped = resets_until(stepped.0, stepped.1, period, now).unwrap_or(stepped);
            }
            prop_assert_eq!(resets_until(period_start.0, period_start.1, period, now).unwrap_or(period_start), stepped);
        }

        #[test]
        fn now_lies_between_two_resets_one_period_apart(first in any_time(), period in period(), days in 0..40_000_i64) {
            let now = first + SignedDuration::from_hours(24 * days);
            let period_start = (first, next_reset(first, period));
            let (last, next) = resets_until(period_start.0, period_start.1, period, now).unwrap_or(period_start);
            prop_assert!(last <= now && now < next);
            let (last, next, first) = (utc(last), utc(next), utc(first));
            prop_assert_eq!((last.time(), next.time()), (first.time(), first.time()));
            let months = |time: DateTime| i32::from(time.year()) * 12 + i32::from(time.month());
            prop_assert_eq!(months(next) - months(last), if period == RestartPeriod::Monthly { 1 } else { 12 });
            if period == RestartPeriod::Monthly {
                prop_assert_eq!(next.day(), first.day().min(next.days_in_month()));
            }
        }
    }
}
