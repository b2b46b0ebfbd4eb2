//! When the same request is sent again, and after how long.

pub(crate) mod retry_after;

use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use reqwest::StatusCode;

use crate::env::random::Random;
use crate::http::operation::OperationKind;
use crate::http::transport::{Breakage, Failure, Stage};

/// What was seen of an attempt that did not succeed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Seen {
    /// No connection came about, so nothing was sent.
    NotSent,
    /// A connection came about and was not trusted, or the other side does not speak the protocol: nothing was sent, and
    /// nothing will be.
    Untrusted,
    /// 429.
    Limited,
    /// A 408, 424, 425 or 5xx, a timeout, a connection that broke off: gone by the next time perhaps, and perhaps after the work.
    Transient,
    /// An answer that will be the same the next time.
    Settled,
}

/// What to do about it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Verdict {
    /// Send again, soon.
    Soon,
    /// Send again when the server's limit allows it.
    WhenAllowed,
    /// Report.
    Never,
}

impl Verdict {
    /// Decides by what was seen, and what sending an operation twice would do.
    #[expect(clippy::match_same_arms, reason = "two reasons not to send again are two arms")]
    pub(crate) fn of(seen: Seen, kind: OperationKind) -> Self {
        match (seen, kind) {
            (Seen::NotSent, _) | (Seen::Transient, OperationKind::Read) => Self::Soon,
            (Seen::Limited, _) => Self::WhenAllowed,
            // It may have been done. A create would be done twice; a total may have been set by somebody else in between.
            (Seen::Transient, OperationKind::AbsoluteWrite | OperationKind::Create) => Self::Never,
            (Seen::Untrusted | Seen::Settled, _) => Self::Never,
        }
    }
}

impl Verdict {
    /// Says whether an attempt after this wait is paid for from the budget. The long wait after a 429 protects the server by
    /// itself; a server that answers 429 and asks for no wait is not protected by anything else.
    pub(crate) fn is_paid_for(self, wait: Duration) -> bool {
        self == Self::Soon || wait < Duration::from_secs(1)
    }
}

impl Seen {
    /// Reads a status that is no success.
    pub(crate) fn of_status(status: StatusCode) -> Self {
        match status {
            StatusCode::TOO_MANY_REQUESTS => Self::Limited,
            StatusCode::REQUEST_TIMEOUT | StatusCode::FAILED_DEPENDENCY | StatusCode::TOO_EARLY => Self::Transient,
            status if status.is_server_error() => Self::Transient,
            _ => Self::Settled,
        }
    }

    /// Reads a status whose body broke off: a refusal stays one, and of anything else the rest may come the next time.
    pub(crate) fn of_cut_body(status: StatusCode) -> Self {
        if status.is_success() { Self::Transient } else { Self::of_status(status) }
    }
}

impl Breakage {
    /// Reads how far an exchange got.
    pub(crate) fn seen(&self) -> Seen {
        match self.stage {
            Stage::Connecting => Seen::NotSent,
            Stage::Trusting => Seen::Untrusted,
            Stage::Sent => Seen::Transient,
        }
    }
}

impl From<&Failure> for Seen {
    fn from(failure: &Failure) -> Self {
        match failure {
            Failure::NoAnswer(breakage) => breakage.seen(),
            Failure::CutBody(status, ..) => Self::of_cut_body(*status),
            Failure::TooLong(..) => Self::Settled,
        }
    }
}

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
    /// The most that is waited because a `Retry-After` says so; 120 s by default: Make's limit is per minute, and a server that
    /// names an hour by mistake must not hold a program for it.
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
        verdict: Verdict,
        attempts: u32,
        retry_after: Option<Duration>,
        random: &dyn Random,
    ) -> Duration {
        match verdict {
            Verdict::WhenAllowed => self.wait_until_allowed(retry_after),
            Verdict::Soon | Verdict::Never => {
                let doubled =
                    self.base.saturating_mul(1_u32.checked_shl(attempts.saturating_sub(1)).unwrap_or(u32::MAX));
                doubled.min(self.cap).mul_f64(random.fraction()).max(self.told(retry_after).unwrap_or_default())
            }
        }
    }

    /// Returns how long to wait after a 429.
    pub(crate) fn wait_until_allowed(&self, retry_after: Option<Duration>) -> Duration {
        self.told(retry_after).unwrap_or(self.window)
    }

    fn told(&self, retry_after: Option<Duration>) -> Option<Duration> {
        retry_after.map(|told| told.min(self.retry_after_cap))
    }
}

/// How many further attempts a client has left, in hundredths of one. All its clones share it.
#[derive(Debug)]
pub(crate) struct Budget {
    left: Mutex<u64>,
    most: u64,
    earned: u64,
}

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

    const KINDS: [OperationKind; 3] = [OperationKind::Read, OperationKind::AbsoluteWrite, OperationKind::Create];

    #[test]
    fn a_write_that_may_have_been_sent_is_never_sent_again() {
        for status in (300..600).filter_map(|code| StatusCode::from_u16(code).ok()) {
            for kind in [OperationKind::AbsoluteWrite, OperationKind::Create] {
                let verdict = Verdict::of(Seen::of_status(status), kind);
                let expected = if status == 429 { Verdict::WhenAllowed } else { Verdict::Never };
                assert_eq!(verdict, expected, "{kind:?} {status}");
            }
        }
    }

    #[test]
    fn a_read_is_sent_again_after_what_may_pass() {
        for status in (300..600).filter_map(|code| StatusCode::from_u16(code).ok()) {
            let expected = match status.as_u16() {
                429 => Verdict::WhenAllowed,
                408 | 424 | 425 | 500.. => Verdict::Soon,
                _ => Verdict::Never,
            };
            assert_eq!(Verdict::of(Seen::of_status(status), OperationKind::Read), expected, "{status}");
        }
    }

    #[test]
    fn what_was_not_sent_is_sent_again_unless_the_other_side_is_not_trusted() {
        for kind in KINDS {
            assert_eq!(Verdict::of(Seen::NotSent, kind), Verdict::Soon);
            assert_eq!(Verdict::of(Seen::Untrusted, kind), Verdict::Never);
        }
    }

    #[test]
    fn waits_double_up_to_the_cap_and_are_drawn_from_nothing_to_that() {
        let policy =
            RetryPolicy { base: Duration::from_secs(1), cap: Duration::from_secs(5), ..RetryPolicy::default() };
        let random = SeededRandom::new(1);
        for (attempts, most) in [(1, 1.0), (2, 2.0), (3, 4.0), (4, 5.0), (40, 5.0), (u32::MAX, 5.0)] {
            let waits = || (0..200).map(|_| policy.wait(Verdict::Soon, attempts, None, &random).as_secs_f64());
            let (low, high) = (waits().fold(f64::MAX, f64::min), waits().fold(0.0, f64::max));
            assert!(low < 0.1 * most && high > 0.9 * most && high <= most, "{attempts}: {low} to {high}");
        }
    }

    #[test]
    fn a_429_is_waited_for_as_told_up_to_the_cap_or_for_a_window() {
        let (policy, random) = (RetryPolicy::default(), SeededRandom::new(1));
        let wait =
            |told: Option<u64>| policy.wait(Verdict::WhenAllowed, 1, told.map(Duration::from_secs), &random).as_secs();
        assert_eq!([wait(Some(0)), wait(Some(7)), wait(Some(86_400)), wait(None)], [0, 7, 120, 60]);
    }

    #[test]
    fn an_unavailable_server_that_names_a_time_is_not_asked_before() {
        let wait = RetryPolicy::default().wait(Verdict::Soon, 1, Some(Duration::from_secs(9)), &SeededRandom::new(1));
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
