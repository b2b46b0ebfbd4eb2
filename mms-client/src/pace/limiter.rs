//! Every way in which a server may count a limit per minute.

use std::collections::VecDeque;

pub(super) const MINUTE: f64 = 60.0;

/// A way to count, in seconds: says whether a request at a time is within the limit.
pub(crate) trait Limiter: Send {
    fn admits(&mut self, now: f64) -> bool;
}

/// By the minute of the clock.
struct FixedWindow {
    limit: f64,
    minute: f64,
    count: f64,
}

impl Limiter for FixedWindow {
    fn admits(&mut self, now: f64) -> bool {
        let minute = (now / MINUTE).floor();
        if minute > self.minute {
            (self.minute, self.count) = (minute, 0.0);
        }
        self.count += 1.0;
        self.count <= self.limit
    }
}

/// Over the last 60 seconds.
struct SlidingLog {
    limit: usize,
    times: VecDeque<f64>,
}

impl Limiter for SlidingLog {
    fn admits(&mut self, now: f64) -> bool {
        while self.times.front().is_some_and(|time| *time <= now - MINUTE) {
            self.times.pop_front();
        }
        let is_free = self.times.len() < self.limit;
        if is_free {
            self.times.push_back(now);
        }
        is_free
    }
}

/// This minute's count, and the share of the last one's that is not yet a minute old.
struct SlidingCounter {
    limit: f64,
    minute: f64,
    count: f64,
    previous: f64,
}

impl Limiter for SlidingCounter {
    fn admits(&mut self, now: f64) -> bool {
        let minute = (now / MINUTE).floor();
        if minute > self.minute {
            self.previous = if minute > self.minute + 1.0 { 0.0 } else { self.count };
            (self.minute, self.count) = (minute, 0.0);
        }
        let share = 1.0 - (now / MINUTE - minute);
        let is_free = self.previous * share + self.count < self.limit;
        self.count += f64::from(u8::from(is_free));
        is_free
    }
}

/// A bucket that refills evenly.
pub(super) struct Bucket {
    pub(super) limit: f64,
    pub(super) level: f64,
    pub(super) latest: f64,
}

impl Limiter for Bucket {
    fn admits(&mut self, now: f64) -> bool {
        self.level = self.limit.min(self.level + (now - self.latest).max(0.0) * self.limit / MINUTE);
        self.latest = self.latest.max(now);
        let is_free = self.level >= 1.0;
        self.level -= f64::from(u8::from(is_free));
        is_free
    }
}

/// Returns every way to count a limit per minute, with its name.
pub(crate) fn limiters(limit: u32) -> [(&'static str, Box<dyn Limiter>); 4] {
    let (slots, limit) = (usize::try_from(limit).unwrap(), f64::from(limit));
    [
        ("fixed window", Box::new(FixedWindow { limit, minute: 0.0, count: 0.0 })),
        ("sliding log", Box::new(SlidingLog { limit: slots, times: VecDeque::new() })),
        ("sliding counter", Box::new(SlidingCounter { limit, minute: 0.0, count: 0.0, previous: 0.0 })),
        ("bucket", Box::new(Bucket { limit, level: limit, latest: 0.0 })),
    ]
}
