//! The pace against every way in which a server may count, in virtual time.
//!
//! `cargo test` runs a short form, `cargo xtask soak pace` the full one.

use std::cmp::Reverse;
use std::collections::BinaryHeap;
use std::time::Duration;

use super::Pace;
use super::limiter::{Bucket, Limiter, MINUTE, limiters};
use super::schedule::{Group, Limit, Next, Schedule};
use crate::env::random::seeds::{for_each, is_soak, seeds};
use crate::env::random::{Random, SeededRandom};

/// What decides when a request may be sent.
trait Strategy {
    /// Sends a request now, or says when to ask again; never, if only after the end of another.
    fn next(&mut self, now: f64) -> Result<(), f64>;
    fn ended(&mut self, now: f64);
}

impl Strategy for Schedule {
    fn next(&mut self, now: f64) -> Result<(), f64> {
        match Schedule::next(self, Duration::from_secs_f64(now), true, Group::default()) {
            Next::Send | Next::Ask => Ok(()),
            Next::At(time) => Err(time.as_secs_f64()),
            Next::AfterAnother => Err(f64::INFINITY),
        }
    }

    fn ended(&mut self, now: f64) {
        Schedule::ended(self, Duration::from_secs_f64(now), true);
    }
}

/// A token bucket as the usual crates offer it: a full burst, and the refill at the same time.
struct TokenBucket(Bucket);

impl Strategy for TokenBucket {
    fn next(&mut self, now: f64) -> Result<(), f64> {
        if self.0.admits(now) { Ok(()) } else { Err(now + MINUTE / self.0.limit * (1.0 - self.0.level) + 1e-6) }
    }

    fn ended(&mut self, _: f64) {}
}

/// What is sent when: a number of requests, with quiet times in between perhaps.
#[derive(Debug, Clone, Copy)]
struct Load {
    requests: u32,
    /// The share of requests before which nothing is wanted for up to three minutes.
    pauses: f64,
    /// The longest way there and back, in seconds; the shortest is 20 ms.
    delay: f64,
    /// How many may be under way.
    workers: usize,
}

/// What came of it.
struct Run {
    refused: u32,
    makespan: f64,
}

/// Sends requests as a strategy says. The server counts each at some time on its way.
fn run(strategy: &mut dyn Strategy, limiter: &mut dyn Limiter, load: Load, random: &SeededRandom) -> Run {
    let start = random.fraction() * MINUTE;
    let (mut now, mut wanted_from) = (start, start);
    // What the strategy said last holds until then, or until a request has ended.
    let mut asleep_until = start;
    let (mut sent, mut refused) = (0, 0);
    let mut arrivals: BinaryHeap<Reverse<(Duration, u32)>> = BinaryHeap::new();
    let mut ends: BinaryHeap<Reverse<(Duration, u32)>> = BinaryHeap::new();
    loop {
        let next = match (sent < load.requests, now >= wanted_from, ends.len() < load.workers) {
            (true, true, true) if now < asleep_until => Err(asleep_until),
            (true, true, true) => strategy.next(now),
            (true, false, _) => Err(wanted_from),
            _ => Err(f64::INFINITY),
        };
        if next.is_ok() {
            let delay = 0.02 + random.fraction() * (load.delay - 0.02);
            let arrival = now + random.fraction() * delay;
            arrivals.push(Reverse((Duration::from_secs_f64(arrival), sent)));
            ends.push(Reverse((Duration::from_secs_f64(now + delay), sent)));
            sent += 1;
            if random.fraction() < load.pauses {
                wanted_from = now + random.fraction() * 3.0 * MINUTE;
            }
            continue;
        }
        let again = next.err().unwrap_or(now);
        if now >= wanted_from && again.is_finite() {
            asleep_until = again;
        }
        let end = ends.peek().map(|Reverse((end, _))| end.as_secs_f64());
        let time = again.min(end.unwrap_or(f64::INFINITY));
        if time.is_infinite() {
            break;
        }
        // What arrives until then is counted in the order of arriving.
        while let Some(Reverse((arrival, _))) = arrivals.peek().copied()
            && arrival.as_secs_f64() <= time
        {
            refused += u32::from(!limiter.admits(arrival.as_secs_f64()));
            arrivals.pop();
        }
        if end == Some(time) {
            ends.pop();
            strategy.ended(time);
        }
        now = now.max(time);
    }
    Run { refused, makespan: now - start }
}

/// Returns the shortest time that anyone can promise who does not know how the server counts.
fn best(limit: u32, requests: u32) -> f64 {
    f64::from(requests.saturating_sub(1)) * MINUTE / f64::from(limit) * f64::from(u8::from(requests > limit))
}

const LIMITS: [u32; 4] = [60, 120, 240, 1000];

/// How many phases and delays are drawn for each limiter, limit and number of requests.
const SHORT: u64 = 1;
const FULL: u64 = 100;

/// Returns the numbers of requests to try: from 50 to 5000, about the limit, and one drawn. The short form leaves the large ones
/// out, which take a second each without optimization.
fn numbers(limit: u32, seed: u64) -> Vec<u32> {
    let most = match limit {
        _ if is_soak() => 5000,
        ..1000 => 1000,
        _ => 1200,
    };
    let drawn = 50 + u32::try_from(SeededRandom::new(!seed).next_u64() % 4951).unwrap();
    let numbers = [50, 100, 300, 1000, 2500, 5000, limit - 1, limit, limit + 1, limit + limit / 5, drawn];
    numbers.into_iter().filter(|requests| (50..=most).contains(requests)).collect()
}

/// Runs the pace over every limiter, limit, number of requests and seed, and returns how many runs that were.
fn sweep(load: impl Fn(u32) -> Load, mut check: impl FnMut(&Run, u32, u32, &str)) -> u32 {
    let mut runs = 0;
    for_each(seeds(SHORT, FULL), |seed| {
        for limit in LIMITS {
            for requests in numbers(limit, seed) {
                for (name, mut limiter) in limiters(limit) {
                    let mut schedule = Schedule::new(Pace::Even, Limit::Known(limit));
                    let run = run(&mut schedule, &mut *limiter, load(requests), &SeededRandom::new(seed));
                    let case = format!("R={limit} N={requests} {name}, seed {seed}: {:.1} s", run.makespan);
                    check(&run, limit, requests, &case);
                    runs += 1;
                }
            }
        }
    });
    runs
}

#[test]
fn no_way_of_counting_ever_refuses_the_pace_and_little_time_is_lost() {
    let mut least = f64::INFINITY;
    let runs = sweep(
        |requests| Load { requests, pauses: 0.0, delay: 0.12, workers: usize::MAX },
        |run, limit, requests, case| {
            assert_eq!(run.refused, 0, "{case}");
            if requests > limit {
                // The way there and back of the last request is nobody's fault.
                let share = best(limit, requests) / (run.makespan - 0.12);
                assert!(share >= 0.95, "{case}: {share:.3} of the best");
                least = least.min(share);
            }
        },
    );
    println!("{runs} runs, not one answer 429, at least {least:.3} of the best");
}

#[test]
fn slow_answers_few_workers_and_quiet_times_are_no_reason_to_be_refused() {
    let mut runs = 0;
    for (pauses, delay, workers) in [(0.0, 0.5, 10), (0.02, 0.12, usize::MAX), (0.02, 0.5, 3), (0.2, 0.12, 10)] {
        runs += sweep(
            |requests| Load { requests: requests.min(1000), pauses, delay, workers },
            |run, _, _, case| assert_eq!(run.refused, 0, "pauses {pauses}, delay {delay}: {case}"),
        );
    }
    println!("{runs} runs, not one answer 429");
}

#[test]
fn a_token_bucket_is_refused_by_everything_but_a_bucket() {
    let load = Load { requests: 300, pauses: 0.0, delay: 0.12, workers: usize::MAX };
    let (mut total, mut runs) = ([0; 4], 0);
    for_each(seeds(30, 1_000), |seed| {
        for ((_, mut limiter), total) in limiters(60).into_iter().zip(&mut total) {
            let mut bucket = TokenBucket(Bucket { limit: 60.0, level: 60.0, latest: 0.0 });
            *total += run(&mut bucket, &mut *limiter, load, &SeededRandom::new(seed)).refused;
        }
        runs += 1;
    });
    let means = total.map(|refused| f64::from(refused) / f64::from(runs));
    for ((name, _), mean) in limiters(60).iter().zip(means) {
        assert!(if *name == "bucket" { mean < 2.0 } else { mean > 20.0 }, "{name}: {mean}");
    }
    println!("a token bucket, R=60 N=300: {means:.1?} answers 429 of a fixed window, a log, a counter and a bucket");
}

#[test]
fn whole_windows_at_once_are_faster_and_refused_by_a_counter() {
    let load = Load { requests: 290, pauses: 0.0, delay: 0.12, workers: usize::MAX };
    for (name, mut limiter) in limiters(60) {
        let mut window = Schedule::new(Pace::Window, Limit::Known(60));
        let run = run(&mut window, &mut *limiter, load, &SeededRandom::new(1));
        assert!(run.makespan < 0.9 * best(60, 290), "{name}: {:.1} s", run.makespan);
        assert!(if name == "sliding counter" { run.refused > 50 } else { run.refused == 0 }, "{name}: {}", run.refused);
    }
}
