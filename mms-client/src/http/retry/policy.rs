//! Retry policy and budget: how often, how soon and how long a client tries again.

use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use super::RetryDecision;
use crate::env::random::Random;

/// How often, how soon and how long a client sends a request again by itself.
///
/// It never decides whether a request may be sent again: that follows from what happened and from the kind of the operation. A
/// write that may have been sent is never sent again, whatever the policy says.
///
/// ```
/// use mms_client::RetryPolicy;
///
/// let patient = RetryPolicy { attempts: 8, ..RetryPolicy::default() };
/// assert_eq!(RetryPolicy::never().attempts, 1);
/// # let _ = patient;
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RetryPolicy {
    /// The most attempts of one operation, the first included; 4 by default: a connection that was closed while
    /// idle, a gateway that hiccups twice, and one more; what lasts longer is an outage. 0 counts as 1.
    pub attempts: u32,
    /// The most that is waited before the second attempt; 0.2 s by default, about the time of one answer. It doubles with each
    /// further attempt, and every wait is drawn from 0 to that, so that clients that failed together do not come back together.
    pub base: Duration,
    /// The most that such a wait grows to; 5 s by default, as long as a connection may take.
    pub cap: Duration,
    /// How long to wait after a 429 that names no time; 60 s by default, the window of Make's limit.
    pub window: Duration,
    /// The longest `Retry-After` that is waited for; 120 s by default: Make's limit is per minute, and a server that names an
    /// hour by mistake must not hold a program for it. After a longer one the call ends at once, and its error says how long the
    /// server asked to wait: nothing is sent before that.
    pub retry_after_cap: Duration,
    /// How many further attempts a client has in hand, over all operations and clones; 20 by default. A 429 costs none, unless
    /// it asks for less than a second: the wait is what protects the server.
    pub budget: u32,
    /// How many further attempts each hundred operations earn back, up to the budget; 10 by default, so that an outage costs at
    /// most a tenth more requests after the first 20.
    pub earned_percent: u32,
}

impl Default for RetryPolicy {
    fn default() -> Self {
        Self {
            attempts: 4,
            base: Duration::from_millis(200),
            cap: Duration::from_secs(5),
            window: Duration::from_secs(60),
            retry_after_cap: Duration::from_secs(120),
            budget: 20,
            earned_percent: 10,
        }
    }
}

impl RetryPolicy {
    /// Returns the policy of sending everything once, for callers that decide for themselves.
    #[must_use]
    pub fn never() -> Self {
        Self { attempts: 1, ..Self::default() }
    }

    /// Returns how long to wait before the attempt that follows `attempts` ones.
    pub(crate) fn wait(
        &self,
        decision: RetryDecision,
        attempts: u32,
        retry_after: Option<Duration>,
        random: &dyn Random,
    ) -> Duration {
        match decision {
            RetryDecision::AfterLimit => self.wait_until_allowed(retry_after),
            RetryDecision::AfterBackoff | RetryDecision::Never => {
                let doubled =
                    self.base.saturating_mul(1_u32.checked_shl(attempts.saturating_sub(1)).unwrap_or(u32::MAX));
                doubled.min(self.cap).mul_f64(random.fraction()).max(retry_after.unwrap_or_default())
            }
        }
    }

    /// Returns how long to wait after a 429.
    pub(crate) fn wait_until_allowed(&self, retry_after: Option<Duration>) -> Duration {
        retry_after.unwrap_or(self.window)
    }

    /// Says whether a server asks for a longer wait than the policy allows.
    pub(crate) fn is_too_long(&self, retry_after: Option<Duration>) -> bool {
        retry_after.is_some_and(|told| told > self.retry_after_cap)
    }
}

/// How many further attempts a client has left, in hundredths of one. All its clones share it.
#[derive(Debug)]
pub(crate) struct Budget {
    left: Mutex<u64>,
    most: u64,
    earned: u64,
}

/// Hundredths that one attempt costs.
const ATTEMPT: u64 = 100;

impl Budget {
    pub(crate) fn new(policy: &RetryPolicy) -> Self {
        let most = u64::from(policy.budget) * ATTEMPT;
        Self { left: Mutex::new(most), most, earned: u64::from(policy.earned_percent) }
    }

    /// Counts an operation, which earns a part of an attempt.
    pub(crate) fn earn(&self) {
        let mut left = self.left.lock().unwrap_or_else(PoisonError::into_inner);
        *left = self.most.min(*left + self.earned);
    }

    /// Takes an attempt out, or says that there is none left.
    pub(crate) fn spend(&self) -> bool {
        let mut left = self.left.lock().unwrap_or_else(PoisonError::into_inner);
        let rest = left.checked_sub(ATTEMPT);
        *left = rest.unwrap_or(*left);
        rest.is_some()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::env::random::SeededRandom;

    #[test]
    fn waits_double_up_to_the_cap_and_are_drawn_from_nothing_to_that() {
        let policy =
            RetryPolicy { base: Duration::from_secs(1), cap: Duration::from_secs(5), ..RetryPolicy::default() };
        let random = SeededRandom::new(1);
        for (attempts, most) in [(1, 1.0), (2, 2.0), (3, 4.0), (4, 5.0), (40, 5.0), (u32::MAX, 5.0)] {
            let waits =
                || (0..200).map(|_| policy.wait(RetryDecision::AfterBackoff, attempts, None, &random).as_secs_f64());
            let (low, high) = (waits().fold(f64::MAX, f64::min), waits().fold(0.0, f64::max));
            assert!(low < 0.1 * most && high > 0.9 * most && high <= most, "{attempts}: {low} to {high}");
        }
    }

    #[test]
    fn a_429_is_waited_for_as_told_or_for_a_window_and_a_wait_beyond_the_cap_is_too_long() {
        let (policy, random) = (RetryPolicy::default(), SeededRandom::new(1));
        let wait = |told: Option<u64>| {
            policy.wait(RetryDecision::AfterLimit, 1, told.map(Duration::from_secs), &random).as_secs()
        };
        assert_eq!([wait(Some(0)), wait(Some(7)), wait(Some(120)), wait(None)], [0, 7, 120, 60]);
        let is_too_long = [Some(120), Some(121), None].map(|told| policy.is_too_long(told.map(Duration::from_secs)));
        assert_eq!(is_too_long, [false, true, false]);
    }

    #[test]
    fn an_unavailable_server_that_names_a_time_is_not_asked_before() {
        let wait = RetryPolicy::default().wait(
            RetryDecision::AfterBackoff,
            1,
            Some(Duration::from_secs(9)),
            &SeededRandom::new(1),
        );
        assert_eq!(wait, Duration::from_secs(9));
    }

    #[test]
    fn an_outage_costs_a_tenth_more_requests_after_the_first_20() {
        let budget = Budget::new(&RetryPolicy::default());
        let mut further = 0;
        for _ in 0..1_000 {
            budget.earn();
            further += (0..3).take_while(|_| budget.spend()).count();
        }
        assert!((119..=120).contains(&further), "{further}");
    }

    #[test]
    fn the_budget_does_not_grow_beyond_itself() {
        let budget = Budget::new(&RetryPolicy::default());
        (0..10_000).for_each(|_| budget.earn());
        assert_eq!((0..100).take_while(|_| budget.spend()).count(), 20);
    }
}
