//! Notices of waits before a request.

use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use mms_client::{Wait, WaitReason};

use crate::output::printer::Printer;

/// Shortest wait with a notice of its own; shorter ones get one when together they took so long.
const NOTICEABLE: Duration = Duration::from_secs(3);

/// Returns the listener that prints the notices.
pub(super) fn listener(printer: Printer) -> impl Fn(Wait) + Send + Sync + 'static {
    let short = Mutex::new(Duration::ZERO);
    move |wait| {
        // A panic elsewhere is no reason to be silent.
        let mut short = short.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(text) = text(&mut short, wait.duration, wait.reason) {
            printer.note(&text);
        }
    }
}

/// Returns the notice of a wait, if it gets one; `short` adds up the waits without one.
fn text(short: &mut Duration, duration: Duration, reason: WaitReason) -> Option<String> {
    if duration >= NOTICEABLE {
        let seconds = duration.as_secs_f64().ceil();
        return Some(match reason {
            WaitReason::Limit => format!("Waiting {seconds} s for the API's limit of requests per minute."),
            _ => format!("Waiting {seconds} s before another attempt."),
        });
    }
    let before = *short;
    *short = before.saturating_add(duration);
    (before < NOTICEABLE && *short >= NOTICEABLE && reason == WaitReason::Limit)
        .then(|| "Sending slowly, to keep the API's limit of requests per minute.".to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn said(waits: &[(u64, WaitReason)]) -> Vec<Option<String>> {
        let mut short = Duration::ZERO;
        waits.iter().map(|(millis, reason)| text(&mut short, Duration::from_millis(*millis), *reason)).collect()
    }

    #[test]
    fn a_long_wait_is_told_with_its_length_and_its_reason() {
        let told = said(&[(57_100, WaitReason::Limit), (3_000, WaitReason::Retry)]);
        assert_eq!(told[0].as_deref(), Some("Waiting 58 s for the API's limit of requests per minute."));
        assert_eq!(told[1].as_deref(), Some("Waiting 3 s before another attempt."));
    }

    #[test]
    fn short_waits_are_told_once_when_together_they_are_long() {
        let told = said(&[(1_000, WaitReason::Limit); 9]);
        let places: Vec<usize> = (0..told.len()).filter(|place| told[*place].is_some()).collect();
        assert_eq!(places, [2]);
        assert!(said(&[(1_000, WaitReason::Retry); 9]).iter().all(Option::is_none), "a server that hiccups");
    }
}
