//! How long a child is looked for whose create went unanswered.

use std::time::Duration;

use mms_client::CreateOncePolicy;

/// Returns the waits between the looks, which take so many seconds together: those of the client's own policy, and beyond them
/// its longest one again and again.
pub(crate) fn waits(seconds: u32) -> Vec<Duration> {
    let steps = CreateOncePolicy::default().waits;
    let longest = steps.iter().copied().max().filter(|longest| !longest.is_zero());
    let mut left = Duration::from_secs(seconds.into());
    let mut waits = Vec::new();
    for step in steps.into_iter().chain(longest.into_iter().cycle()) {
        if left.is_zero() {
            break;
        }
        waits.push(step.min(left));
        left = left.saturating_sub(step);
    }
    waits
}

#[cfg(test)]
mod tests {
    use super::*;

    fn seconds(total: u32) -> Vec<u64> {
        waits(total).iter().map(Duration::as_secs).collect()
    }

    #[test]
    fn the_default_is_the_clients_own() {
        assert_eq!(waits(212), CreateOncePolicy::default().waits);
    }

    #[test]
    fn the_waits_add_up_to_what_was_asked_for() {
        assert!(seconds(0).is_empty());
        assert_eq!(seconds(1), [1]);
        assert_eq!(seconds(10), [2, 8]);
        assert_eq!(seconds(500), [2, 30, 60, 120, 120, 120, 48]);
    }
}
