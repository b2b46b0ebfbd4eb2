//! Settling time: how long the child of an unanswered create is looked for.

use std::time::Duration;

use mms_client::CreateOncePolicy;

use crate::args::value::parser::seconds;

/// Settling time of `--settle-wait`, in whole seconds up to a day; 0 looks once.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct SettleTime(u32);

impl Default for SettleTime {
    fn default() -> Self {
        Self(212)
    }
}

impl SettleTime {
    /// Settling time of the client's own policy, as the command line shows it.
    pub(crate) const DEFAULT: &str = "212";

    /// Parses the value of an argument.
    pub(crate) fn parse(text: &str) -> Result<Self, String> {
        seconds(text, 0).map(Self)
    }

    /// Returns the time of one look.
    pub(crate) const fn once() -> Self {
        Self(0)
    }

    /// Returns the time in seconds.
    pub(crate) fn seconds(self) -> u64 {
        self.0.into()
    }

    /// Returns the waits between the looks, which add up to the time: those of the client's own policy, and beyond them its
    /// longest one again and again.
    pub(crate) fn waits(self) -> Vec<Duration> {
        let steps = CreateOncePolicy::default().waits;
        let longest = steps.iter().copied().max().filter(|longest| !longest.is_zero());
        let mut left = Duration::from_secs(self.seconds());
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

    /// Says in words for how long a child is looked for.
    pub(crate) fn in_words(self) -> String {
        match self.seconds() {
            0 => "once".to_owned(),
            seconds => format!("for up to {seconds} s"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn seconds(total: u32) -> Vec<u64> {
        SettleTime(total).waits().iter().map(Duration::as_secs).collect()
    }

    #[test]
    fn the_default_is_the_clients_own() {
        assert_eq!(SettleTime::parse(SettleTime::DEFAULT), Ok(SettleTime::default()));
        assert_eq!(SettleTime::default().waits(), CreateOncePolicy::default().waits);
    }

    #[test]
    fn the_waits_add_up_to_what_was_asked_for() {
        assert!(seconds(0).is_empty());
        assert_eq!(seconds(1), [1]);
        assert_eq!(seconds(10), [2, 8]);
        assert_eq!(seconds(500), [2, 30, 60, 120, 120, 120, 48]);
    }
}
