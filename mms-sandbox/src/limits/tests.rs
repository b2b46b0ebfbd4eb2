//! Tests of the rate limits.

use std::ops::Range;

use jiff::{SignedDuration, ToSpan};
use proptest::prelude::*;

use super::*;

const ORGANIZATION: OrganizationId = OrganizationId::new(11);
const COUNTING: [Limiter; 4] = [Limiter::FixedWindow, Limiter::SlidingLog, Limiter::SlidingCounter, Limiter::Bucket];

fn at(time: &str) -> Timestamp {
    format!("2026-11-{time}Z").parse().unwrap()
}

impl Limits {
    fn ask(&mut self, limit: u64, limiter: Limiter, now: Timestamp) -> Result<(), u64> {
        self.admit(ORGANIZATION, limit, limiter, now)
    }

    /// Sends until one is refused, and returns how many were not and what the refusal said.
    fn exhaust(&mut self, limit: u64, limiter: Limiter, now: Timestamp) -> (u64, u64) {
        let mut admitted = 0;
        loop {
            match self.ask(limit, limiter, now) {
                Ok(()) => admitted += 1,
                Err(seconds) => return (admitted, seconds),
            }
        }
    }
}

#[test]
fn a_minute_of_the_clock_has_its_own_count() {
    let mut limits = Limits::default();
    assert_eq!(limits.exhaust(60, Limiter::FixedWindow, at("01T00:00:59.5")), (60, 1));
    assert_eq!(limits.exhaust(60, Limiter::FixedWindow, at("01T00:01:00")), (60, 60));
}

#[test]
fn a_logged_request_is_forgotten_after_60_seconds_to_the_microsecond() {
    let mut limits = Limits::default();
    assert_eq!(limits.exhaust(1, Limiter::SlidingLog, at("01T00:00:30")), (1, 60));
    assert_eq!(limits.ask(1, Limiter::SlidingLog, at("01T00:01:29.999999")), Err(1));
    assert_eq!(limits.ask(1, Limiter::SlidingLog, at("01T00:01:30")), Ok(()));
}

#[test]
fn the_previous_minute_counts_by_its_share() {
    let mut limits = Limits::default();
    assert_eq!(limits.exhaust(60, Limiter::SlidingCounter, at("01T00:00:59")), (60, 2));
    assert_eq!(limits.exhaust(60, Limiter::SlidingCounter, at("01T00:01:00")), (0, 1));
    assert_eq!(limits.exhaust(60, Limiter::SlidingCounter, at("01T00:01:15")), (15, 1));
    assert_eq!(limits.exhaust(60, Limiter::SlidingCounter, at("01T00:03:00")).0, 60);
}

#[test]
fn a_bucket_refills_evenly() {
    let mut limits = Limits::default();
    assert_eq!(limits.exhaust(240, Limiter::Bucket, at("01T00:00:00")), (240, 1));
    assert_eq!(limits.exhaust(240, Limiter::Bucket, at("01T00:00:15.249")), (60, 1));
    assert_eq!(limits.exhaust(240, Limiter::Bucket, at("01T00:00:15.25")), (1, 1));
    assert_eq!(limits.exhaust(7, Limiter::Bucket, at("02T00:00:00")), (7, 9));
}

#[test]
fn nothing_is_counted_when_off_and_nothing_admitted_at_a_limit_of_0() {
    let mut limits = Limits::default();
    for _ in 0..1000 {
        assert_eq!(limits.ask(0, Limiter::Off, at("01T00:00:00")), Ok(()));
    }
    for limiter in COUNTING {
        assert_eq!(limits.ask(0, limiter, at("01T00:00:00")), Err(60));
    }
}

#[test]
fn organizations_do_not_share_a_count_and_clear_forgets_all() {
    for limiter in COUNTING {
        let mut limits = Limits::default();
        let now = at("01T00:00:00");
        assert_eq!(limits.exhaust(5, limiter, now).0, 5);
        assert_eq!(limits.admit(OrganizationId::new(12), 5, limiter, now), Ok(()));
        limits.clear();
        assert_eq!(limits.exhaust(5, limiter, now).0, 5);
    }
}

#[test]
fn another_limit_keeps_the_count_and_another_model_does_not() {
    let now = at("01T00:00:00");
    for limiter in COUNTING {
        let mut limits = Limits::default();
        assert_eq!(limits.exhaust(60, limiter, now).0, 60);
        assert_eq!(limits.exhaust(100, limiter, now).0, 40);
        assert_eq!(limits.exhaust(10, limiter, now).0, 0);
        assert_eq!(limits.ask(10, Limiter::Off, now), Ok(()));
        assert_eq!(limits.exhaust(10, limiter, now).0, 10);
    }
}

#[test]
fn a_clock_turned_back_begins_anew_but_requests_may_overtake_one_another() {
    let now = at("02T00:00:00.5");
    for limiter in COUNTING {
        let mut limits = Limits::default();
        assert_eq!(limits.exhaust(60, limiter, now).0, 60);
        assert_eq!(limits.exhaust(60, limiter, now - 1.second()).0, 0);
        assert_eq!(limits.exhaust(60, limiter, now - 1001.milliseconds()).0, 60);
    }
}

#[test]
fn microseconds_are_rounded_down_on_both_sides_of_the_epoch() {
    let time = |nanosecond| microseconds(Timestamp::from_nanosecond(nanosecond).unwrap());
    assert_eq!([-1_000_001, -1_000_000, -1, 0, 999, 1_000].map(time), [-1001, -1000, -1, 0, 0, 1]);
}

/// Tells whether a model would admit a request, told from the times of all that it has admitted.
type Verdict = fn(&[i64], u64, i64) -> bool;

fn within(admitted: &[i64], times: Range<i64>) -> u64 {
    admitted.iter().filter(|time| times.contains(time)).count() as u64
}

fn fixed_window(admitted: &[i64], limit: u64, now: i64) -> bool {
    let start = now.div_euclid(WINDOW) * WINDOW;
    within(admitted, start..start + WINDOW) < limit
}

fn sliding_log(admitted: &[i64], limit: u64, now: i64) -> bool {
    within(admitted, now - WINDOW + 1..now + 1) < limit
}

fn sliding_counter(admitted: &[i64], limit: u64, now: i64) -> bool {
    let start = now.div_euclid(WINDOW) * WINDOW;
    let previous = within(admitted, start - WINDOW..start) * (start + WINDOW - now).unsigned_abs();
    previous / WINDOW.unsigned_abs() + within(admitted, start..start + WINDOW) < limit
}

/// Tells whether, from any request on, there are no more than a full bucket and what has refilled since.
fn bucket(admitted: &[i64], limit: u64, now: i64) -> bool {
    admitted.iter().enumerate().all(|(earlier, time)| {
        let refilled = (now - time).unsigned_abs() * limit / WINDOW.unsigned_abs();
        ((admitted.len() - earlier) as u64) < limit + refilled
    })
}

/// Times in microseconds, mostly close together.
fn arrivals() -> impl Strategy<Value = Vec<i64>> {
    let gap = prop_oneof![4 => 0..1000_i64, 4 => 0..2 * SECOND, 1 => 0..3 * WINDOW, 1 => Just(WINDOW)];
    (-3 * WINDOW..3 * WINDOW, prop::collection::vec(gap, 1..200)).prop_map(|(start, gaps)| {
        gaps.iter()
            .scan(start, |time, gap| {
                *time += gap;
                Some(*time)
            })
            .collect()
    })
}

fn limiter() -> impl Strategy<Value = Limiter> {
    prop::sample::select(&COUNTING)
}

fn time() -> impl Strategy<Value = Timestamp> {
    (Timestamp::MIN.as_second()..=Timestamp::MAX.as_second(), 0..1_000_000_000_i32)
        .prop_filter_map("out of range", |(second, nanosecond)| Timestamp::new(second, nanosecond).ok())
}

proptest! {
    #[test]
    fn every_model_admits_what_it_allows_and_nothing_else(
        (limiter, verdict) in prop::sample::select(&[
            (Limiter::FixedWindow, fixed_window as Verdict),
            (Limiter::SlidingLog, sliding_log),
            (Limiter::SlidingCounter, sliding_counter),
            (Limiter::Bucket, bucket),
        ][..]),
        limit in prop_oneof![1..5_u64, 1..100_u64],
        arrivals in arrivals(),
    ) {
        let mut limits = Limits::default();
        let mut admitted = Vec::new();
        for now in arrivals {
            let is_admitted = limits.ask(limit, limiter, Timestamp::from_microsecond(now).unwrap()).is_ok();
            prop_assert_eq!(is_admitted, verdict(&admitted, limit, now), "{:?} at {}", limiter, now);
            if is_admitted {
                admitted.push(now);
            }
        }
    }

    #[test]
    fn the_named_wait_is_enough_and_a_second_less_is_not(
        limiter in limiter(),
        requests in prop::collection::vec((1..50_u64, 0..2_000_000_000_i64), 1..200),
        start in -100_000_000_000..100_000_000_000_i64,
    ) {
        let mut limits = Limits::default();
        let mut now = Timestamp::from_nanosecond(start.into()).unwrap();
        for (limit, gap) in requests {
            now += SignedDuration::from_nanos(gap);
            let Err(seconds) = limits.ask(limit, limiter, now) else { continue };
            let wait = SignedDuration::from_secs(seconds.cast_signed());
            if seconds > 1 {
                let early = now + wait - SignedDuration::from_secs(1);
                prop_assert_eq!(limits.ask(limit, limiter, early), Err(1));
            }
            now += wait;
            prop_assert_eq!(limits.ask(limit, limiter, now), Ok(()), "after {} s", seconds);
        }
    }

    #[test]
    fn no_clock_and_no_change_locks_anyone_out(
        requests in prop::collection::vec((0..=u64::MAX, limiter(), time()), 1..20),
        limit in 1..5_u64,
        limiter in limiter(),
        now in time(),
    ) {
        let mut limits = Limits::default();
        for (limit, limiter, now) in requests {
            if let Err(seconds) = limits.ask(limit, limiter, now) {
                prop_assert!((1..=121).contains(&seconds), "{} s", seconds);
            }
        }
        if let Err(seconds) = limits.ask(limit, limiter, now) {
            let now = now.saturating_add(SignedDuration::from_secs(seconds.cast_signed())).unwrap();
            prop_assert!(now == Timestamp::MAX || limits.ask(limit, limiter, now).is_ok());
        }
    }
}
