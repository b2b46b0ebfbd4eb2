//! Notices of waits before a request.

use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant, SystemTime};

use mms_client::{Wait, WaitReason};

use crate::output::printer::Printer;
use crate::output::time::clock_time;

/// Shortest wait with a notice of its own; shorter ones get one when together they took so long.
const NOTICEABLE: Duration = Duration::from_secs(3);

/// Time by which two waits may differ and are told once: requests side by side wait for the same minute.
const SAME: Duration = Duration::from_secs(5);

/// Returns the listener that tells of the waits: once for several that end together, and on a terminal with the time that is left.
pub(super) fn listener(printer: &Printer) -> impl Fn(Wait) + Send + Sync + use<> {
    // A command that leaves notes out itself is waited for all the same.
    let printer = printer.audible();
    let told = Mutex::new(Told { short: Duration::ZERO, until: SystemTime::UNIX_EPOCH });
    move |wait| {
        // A panic elsewhere is no reason to be silent.
        let mut told = told.lock().unwrap_or_else(PoisonError::into_inner);
        match told.notice(wait.duration, wait.reason, SystemTime::now()) {
            Some(Notice::Wait(until)) => {
                let known = wait.requests.map(|requests| (requests.left, requests.per_minute, requests.is_assumed));
                tell(&printer, purpose(wait.reason, known), until, wait.duration);
            }
            Some(Notice::Slow) => printer.note("Sending slowly, to keep the API's limit of requests per minute."),
            None => {}
        }
    }
}

/// What is told of a wait.
#[derive(Debug, PartialEq, Eq)]
enum Notice {
    /// When it ends.
    Wait(SystemTime),
    /// That many short ones add up.
    Slow,
}

/// What was told so far.
struct Told {
    /// The waits that were too short to tell, added up.
    short: Duration,
    /// The end of the wait that was told last.
    until: SystemTime,
}

impl Told {
    fn notice(&mut self, duration: Duration, reason: WaitReason, now: SystemTime) -> Option<Notice> {
        if duration >= NOTICEABLE {
            let until = now + duration;
            let known = self.until;
            let is_told = known + SAME >= until && until + SAME >= known;
            self.until = until;
            return (!is_told).then_some(Notice::Wait(until));
        }
        let before = self.short;
        self.short = before.saturating_add(duration);
        let is_long = before < NOTICEABLE && self.short >= NOTICEABLE;
        (is_long && reason == WaitReason::Limit).then_some(Notice::Slow)
    }
}

/// Says what a wait is for, and how many requests are left of how many a minute, and whether that is only assumed. On a terminal of
/// 80 columns all of it is seen.
fn purpose(reason: WaitReason, requests: Option<(u32, u32, bool)>) -> String {
    match (reason, requests) {
        (WaitReason::Limit, Some((_, per_minute, true))) => {
            format!("for the limit: unknown yet, taken as {per_minute} a minute")
        }
        (WaitReason::Limit, Some((0, per_minute, false))) => {
            format!("for the limit: 0 of {per_minute} requests a minute left")
        }
        (WaitReason::Limit, Some((left, per_minute, false))) => {
            format!("for the limit: {left} of {per_minute} left, one at a time")
        }
        (WaitReason::Limit, None) => "for the limit, which the server calls used up".to_owned(),
        _ => "before another attempt".to_owned(),
    }
}

/// Tells of a wait: with a countdown on a terminal, else in one line. What is left goes by the clock that nobody sets, as the wait does.
fn tell(printer: &Printer, what: String, until: SystemTime, duration: Duration) {
    let begun = Instant::now();
    let line =
        move |left: Duration| format!("Waiting {} s, until {}, {what}.", left.as_secs_f64().ceil(), clock_time(until));
    let left = move || duration.saturating_sub(begun.elapsed());
    let countdown = tokio::runtime::Handle::try_current().ok().filter(|_| printer.passing(&line(left())));
    let Some(runtime) = countdown else { return printer.note(&line(left())) };
    let printer = printer.clone();
    runtime.spawn(async move {
        while !left().is_zero() {
            tokio::time::sleep(Duration::from_secs(1).min(left())).await;
            printer.passing(&line(left()));
        }
        printer.clear_passing();
    });
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(waits: &[(u64, u64, WaitReason)]) -> Vec<Option<Notice>> {
        let mut told = Told { short: Duration::ZERO, until: SystemTime::UNIX_EPOCH };
        let wait = |(at, millis, reason): &(u64, u64, WaitReason)| {
            told.notice(Duration::from_millis(*millis), *reason, time(*at))
        };
        waits.iter().map(wait).collect()
    }

    fn time(seconds: u64) -> SystemTime {
        SystemTime::UNIX_EPOCH + Duration::from_secs(1_000 + seconds)
    }

    #[test]
    fn a_long_wait_is_told_with_its_end_and_its_reason() {
        assert_eq!(told(&[(0, 57_000, WaitReason::Limit)]), [Some(Notice::Wait(time(57)))]);
        assert_eq!(told(&[(0, 3_000, WaitReason::Retry)]), [Some(Notice::Wait(time(3)))]);
        for (reason, requests, words) in [
            (WaitReason::Limit, Some((0, 240, false)), "for the limit: 0 of 240 requests a minute left"),
            (WaitReason::Limit, Some((3, 60, false)), "for the limit: 3 of 60 left, one at a time"),
            (WaitReason::Limit, Some((2, 60, true)), "for the limit: unknown yet, taken as 60 a minute"),
            (WaitReason::Limit, None, "for the limit, which the server calls used up"),
            (WaitReason::Retry, None, "before another attempt"),
        ] {
            assert_eq!(purpose(reason, requests), words);
        }
    }

    #[test]
    fn requests_that_wait_for_the_same_minute_are_told_once() {
        let waits = [(0, 57_000, WaitReason::Limit), (0, 57_200, WaitReason::Limit), (1, 58_000, WaitReason::Limit)];
        assert_eq!(told(&waits).iter().filter(|notice| notice.is_some()).count(), 1);
        let later = [(0, 57_000, WaitReason::Limit), (58, 57_000, WaitReason::Limit)];
        assert!(told(&later).iter().all(Option::is_some));
    }

    #[test]
    fn short_waits_are_told_once_when_together_they_are_long() {
        let notices = told(&[(0, 1_000, WaitReason::Limit); 9]);
        assert_eq!(notices.iter().position(Option::is_some), Some(2));
        assert_eq!(notices.iter().filter(|notice| notice.is_some()).count(), 1);
        assert!(told(&[(0, 1_000, WaitReason::Retry); 9]).iter().all(Option::is_none), "a server that hiccups");
    }
}
