//! Consumption of usage profiles by the hour: the same numbers for the same seed, on every machine and in every release.

use jiff::Timestamp;
use mms_types::OrganizationId;
use mms_types::sandbox::{UsageProfile, UsageShape};

use crate::usage::seeded_random::splitmix64;

const SECONDS_AN_HOUR: i64 = 3600;
const HOURS_A_DAY: u64 = 24;

/// The hours of which a bursty child uses one.
const HOURS_A_BURST: u64 = 20;

/// A steady hour consumes its share times 900 to 1100 thousandths.
const LOWEST_PERMILLE: u64 = 900;
const PERMILLES: u64 = 201;

/// 1 as a fixed-point number with 32 bits of fraction.
const FIXED_POINT_ONE: u128 = 1 << 32;

/// What an operation costs: a credit.
const CENTICREDITS_AN_OPERATION: u64 = 100;

/// What an operation transfers. Made up: Make's own figures depend on what a scenario does.
const BYTES_AN_OPERATION: u64 = 100_000;

/// Returns the hour of a time, in whole hours since the Unix epoch.
pub(crate) fn hour_of(time: Timestamp) -> i64 {
    let second = time.as_second() + i64::from(time.subsec_nanosecond().div_euclid(1_000_000_000));
    second.div_euclid(SECONDS_AN_HOUR)
}

/// Returns the time at which an hour begins, or the nearest that there is.
pub(crate) fn start_of_hour(hour: i64) -> Timestamp {
    let nearest = if hour < 0 { Timestamp::MIN } else { Timestamp::MAX };
    Timestamp::from_second(hour.saturating_mul(SECONDS_AN_HOUR)).unwrap_or(nearest)
}

/// Returns the centicredits that a child consumes in an hour.
///
/// An hour's share of the daily amount is rarely whole. It is rounded up as often as its fraction says, so that nothing is
/// lost over time. A profile grows with every whole day since `since`.
pub(crate) fn consumption_in_hour(
    profile: &UsageProfile,
    seed: u64,
    child: OrganizationId,
    since: Timestamp,
    hour: i64,
) -> u64 {
    let a_day = u128::from(profile.centicredits_per_day.get());
    let mut draws = RandomSequence::new(seed, child, hour);
    match profile.shape {
        UsageShape::Steady => with_variation(a_day, FIXED_POINT_ONE, &mut draws),
        UsageShape::Growing => with_variation(a_day, growth_factor(whole_days(since, hour)), &mut draws),
        UsageShape::Bursty if is_burst_hour(seed, child, hour) => {
            divide_randomly(a_day * u128::from(HOURS_A_BURST), HOURS_A_DAY, draws.next())
        }
        // Fifty hours a week have what a week's 168 would have.
        UsageShape::Weekday if is_working_hour(hour) => divide_randomly(a_day * 7, 50, draws.next()),
        UsageShape::Bursty | UsageShape::Weekday => 0,
    }
}

/// Returns the operations, and the bytes of transfer, that go along with a consumption.
///
/// A credit that is not full is no operation yet: what hours add up to has more of them than the hours one by one.
pub(crate) fn operations_and_transfer(centicredits: u64) -> (u64, u64) {
    let operations = centicredits / CENTICREDITS_AN_OPERATION;
    (operations, operations.saturating_mul(BYTES_AN_OPERATION))
}

/// Returns an hour's share, varied by up to a tenth.
fn with_variation(a_day: u128, growth: u128, draws: &mut RandomSequence) -> u64 {
    let permille = LOWEST_PERMILLE + draws.next() % PERMILLES;
    let numerator = a_day.saturating_mul(growth).saturating_mul(permille.into());
    divide_randomly(numerator, (HOURS_A_DAY * 1000) << FIXED_POINT_ONE.trailing_zeros(), draws.next())
}

/// Divides, and rounds up with the probability that the remainder gives.
fn divide_randomly(numerator: u128, denominator: u64, draw: u64) -> u64 {
    let carry = draw % denominator;
    u64::try_from(numerator.saturating_add(carry.into()) / u128::from(denominator)).unwrap_or(u64::MAX)
}

fn whole_days(since: Timestamp, hour: i64) -> u64 {
    let seconds = hour.saturating_mul(SECONDS_AN_HOUR).saturating_sub(since.as_second());
    seconds.max(0).unsigned_abs() / 86_400
}

/// Returns 1.01 to the power of `days`, or the most that there is.
fn growth_factor(mut days: u64) -> u128 {
    let times = |left: u128, right: u128| left.saturating_mul(right) / FIXED_POINT_ONE;
    let mut factor = FIXED_POINT_ONE;
    let mut power = FIXED_POINT_ONE * 101 / 100;
    while days > 0 {
        if days % 2 == 1 {
            factor = times(factor, power);
        }
        power = times(power, power);
        days /= 2;
    }
    factor
}

/// Tells whether this is the one hour of its twenty.
fn is_burst_hour(seed: u64, child: OrganizationId, hour: i64) -> bool {
    let hours = HOURS_A_BURST.cast_signed();
    let drawn = RandomSequence::new(seed, child, hour.div_euclid(hours)).next() % HOURS_A_BURST;
    hour.rem_euclid(hours).unsigned_abs() == drawn
}

/// Tells whether an hour is one from 8 to 18 o'clock UTC of a Monday to Friday.
fn is_working_hour(hour: i64) -> bool {
    let day = hour.div_euclid(24);
    // The first day of the epoch was a Thursday.
    let days_since_monday = (day + 3).rem_euclid(7);
    days_since_monday < 5 && (8..18).contains(&hour.rem_euclid(24))
}

/// Random numbers of a child in a period of time.
struct RandomSequence {
    key: u64,
    drawn: u64,
}

impl RandomSequence {
    fn new(seed: u64, child: OrganizationId, period: i64) -> Self {
        Self { key: splitmix64(splitmix64(seed, child.get()), period.cast_unsigned()), drawn: 0 }
    }

    fn next(&mut self) -> u64 {
        self.drawn += 1;
        splitmix64(self.key, self.drawn)
    }
}

#[cfg(test)]
mod tests {
    use jiff::ToSpan;
    use mms_types::Centicredits;
    use proptest::prelude::*;

    use super::*;

    const CHILD: OrganizationId = OrganizationId::new(101);
    const SHAPES: [UsageShape; 4] = [UsageShape::Steady, UsageShape::Growing, UsageShape::Bursty, UsageShape::Weekday];

    /// Midnight of Monday, 2 November 2026.
    const MONDAY: i64 = 498_216;

    fn profile(shape: UsageShape, centicredits_per_day: u64) -> UsageProfile {
        UsageProfile { shape, centicredits_per_day: Centicredits::new(centicredits_per_day) }
    }

    fn hours(profile: &UsageProfile, count: i64) -> Vec<u64> {
        (MONDAY..MONDAY + count)
            .map(|hour| consumption_in_hour(profile, 7, CHILD, start_of_hour(MONDAY), hour))
            .collect()
    }

    #[test]
    fn a_seed_plays_the_same_consumption_for_ever() {
        let pinned: [(UsageShape, [u64; 12]); 4] = [
            (
                UsageShape::Steady,
                [10_100, 9_670, 10_680, 10_830, 10_020, 9_920, 9_010, 10_810, 10_300, 9_190, 10_260, 10_990],
            ),
            (
                UsageShape::Growing,
                [27_319, 26_156, 28_887, 29_293, 27_102, 26_831, 24_370, 29_239, 27_859, 24_857, 27_751, 29_726],
            ),
            (UsageShape::Bursty, [0, 200_000, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0]),
            (UsageShape::Weekday, [0, 0, 0, 0, 0, 0, 0, 0, 33_600, 33_600, 33_600, 33_600]),
        ];
        let since = start_of_hour(MONDAY - 100 * 24);
        for (shape, expected) in pinned {
            let profile = profile(shape, 240_000);
            let played: Vec<u64> =
                (MONDAY..MONDAY + 12).map(|hour| consumption_in_hour(&profile, 7, CHILD, since, hour)).collect();
            assert_eq!(played, expected, "{shape:?}");
        }
    }

    #[test]
    fn an_hour_is_told_from_its_last_moment_and_begins_with_its_first() {
        for hour in [-1, 0, MONDAY] {
            assert_eq!(hour_of(start_of_hour(hour)), hour);
            assert_eq!(hour_of(start_of_hour(hour + 1) - 1.nanosecond()), hour);
        }
        assert_eq!([i64::MIN, i64::MAX].map(start_of_hour), [Timestamp::MIN, Timestamp::MAX]);
    }

    #[test]
    fn weekdays_work_from_8_to_18_and_nobody_works_on_sunday() {
        let week = hours(&profile(UsageShape::Weekday, 5_000), 7 * 24);
        for (day, hours) in week.chunks(24).enumerate() {
            for (hour, centicredits) in hours.iter().enumerate() {
                let expected = if day < 5 && (8..18).contains(&hour) { 700 } else { 0 };
                assert_eq!(*centicredits, expected, "day {day}, hour {hour}");
            }
        }
    }

    #[test]
    fn one_hour_in_twenty_consumes_what_the_others_do_not() {
        let consumed = hours(&profile(UsageShape::Bursty, 2_400), 2_400);
        assert!(consumed.iter().all(|hour| [0, 2_000].contains(hour)));
        let bursts = consumed.iter().filter(|hour| **hour > 0).count();
        assert!((119..=121).contains(&bursts), "{bursts} bursts");
    }

    #[test]
    fn growth_is_one_percent_a_day() {
        let ten_thousandths = |days| (growth_factor(days) * 10_000 + FIXED_POINT_ONE / 2) / FIXED_POINT_ONE;
        assert_eq!([0, 1, 70, 365].map(ten_thousandths), [10_000, 10_100, 20_068, 377_834]);
        assert_eq!(whole_days(start_of_hour(MONDAY), MONDAY + 23), 0);
        assert_eq!(whole_days(start_of_hour(MONDAY), MONDAY + 24), 1);
        assert_eq!(whole_days(start_of_hour(MONDAY), MONDAY - 1000), 0);
    }

    #[test]
    fn the_largest_numbers_saturate() {
        for shape in SHAPES {
            for hour in [i64::MIN, i64::MAX] {
                consumption_in_hour(&profile(shape, u64::MAX), u64::MAX, CHILD, Timestamp::MIN, hour);
            }
        }
        assert_eq!(
            consumption_in_hour(&profile(UsageShape::Growing, 100), 7, CHILD, Timestamp::MIN, i64::MAX),
            u64::MAX
        );
        assert_eq!(operations_and_transfer(u64::MAX).1, u64::MAX);
    }

    #[test]
    fn a_full_credit_is_an_operation() {
        assert_eq!(operations_and_transfer(99), (0, 0));
        assert_eq!(operations_and_transfer(250), (2, 200_000));
    }

    fn amount() -> impl Strategy<Value = u64> {
        prop_oneof![0..100_u64, 0..1_000_000_000_u64]
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(64))]

        #[test]
        fn nothing_is_lost_over_time(
            shape in prop::sample::select(&[UsageShape::Steady, UsageShape::Bursty, UsageShape::Weekday][..]),
            a_day in amount(),
            seed: u64,
            child in 1..1_000_000_u64,
            first in -1_000_000..1_000_000_i64,
        ) {
            const DAYS: u64 = 40 * 7;
            let (profile, child) = (profile(shape, a_day), OrganizationId::new(child));
            let hours = first..first + (24 * DAYS).cast_signed();
            let total: u64 = hours.map(|hour| consumption_in_hour(&profile, seed, child, Timestamp::UNIX_EPOCH, hour)).sum();
            // Rounding by chance strays by less than 1 a day in 280 days.
            prop_assert!(total.abs_diff(a_day * DAYS) <= a_day * DAYS / 50 + DAYS, "{} a day", total / DAYS);
        }

        #[test]
        fn a_steady_hour_is_its_share_give_or_take_a_tenth(a_day in amount(), seed: u64, hour: i64) {
            let consumed = consumption_in_hour(&profile(UsageShape::Steady, a_day), seed, CHILD, Timestamp::UNIX_EPOCH, hour);
            let range = a_day * 9 / 240..=(a_day * 11).div_ceil(240);
            prop_assert!(range.contains(&consumed), "{} is not in {:?}", consumed, range);
        }

        #[test]
        fn a_growing_hour_is_the_steady_one_times_its_growth(
            a_day in 0..1_000_000_u64, seed: u64, days in 0..=6_u32, hour in 0..24_i64,
        ) {
            let hour = MONDAY + i64::from(days) * 24 + hour;
            let consumed = |shape| consumption_in_hour(&profile(shape, a_day), seed, CHILD, start_of_hour(MONDAY), hour);
            let (steady, growing) = (consumed(UsageShape::Steady), consumed(UsageShape::Growing));
            let expected = steady * 101_u64.pow(days) / 100_u64.pow(days);
            prop_assert!(growing.abs_diff(expected) <= 2, "{} instead of {}", growing, expected);
        }
    }
}
