//! Estimate of what an apply of a plan costs: requests and time.

use super::Plan;
use super::step::Step;

/// Seconds for which a look at the distributor serves the writes of a batch.
const SHARED_LOOK: u64 = 60;

/// What an apply of a plan costs.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Estimate {
    /// Requests: what is read before the first write, a look each minute, the writes, and a look at the end; each minute of decreases
    /// the consumption, too.
    pub requests: u64,
    /// Seconds at the limit, without the time of the answers and without refusals.
    pub seconds: u64,
}

impl Estimate {
    /// Returns the whole minutes that it takes, none of a plan that the first burst carries out.
    #[must_use]
    pub const fn minutes(&self) -> u64 {
        self.seconds.div_ceil(60)
    }
}

impl Plan {
    /// Estimates an apply at so many requests a minute, where a look (the list, and the distributor for its pool) takes so many.
    ///
    /// The pace of `mms-client` sends a burst from idle and then evenly, with some slots left below the limit.
    #[must_use]
    pub fn estimate(&self, requests_per_minute: u32, requests_of_a_look: u64) -> Estimate {
        self.estimate_after(requests_of_a_look, requests_per_minute, requests_of_a_look)
    }

    /// Does the same where so many requests are sent before the first write, the look that it is decided on among them.
    #[must_use]
    pub fn estimate_after(&self, before: u64, requests_per_minute: u32, requests_of_a_look: u64) -> Estimate {
        Estimate::of(&self.steps, before, requests_per_minute, requests_of_a_look)
    }
}

impl Estimate {
    /// Estimates an apply of steps, as [`Plan::estimate_after`] does.
    #[must_use]
    pub fn of(steps: &[Step], before: u64, requests_per_minute: u32, requests_of_a_look: u64) -> Self {
        let writes = steps.len() as u64;
        if writes == 0 {
            return Self::default();
        }
        let decreases = steps.iter().filter(|step| step.may_not_pause()).count() as u64;
        // The plan has read the consumption for the first minute.
        let readings = |looks: u64| looks.saturating_sub(1).saturating_mul(decreases).div_ceil(writes);
        let all = before.saturating_add(writes);
        let requests =
            |looks: u64| all.saturating_add(looks.saturating_mul(requests_of_a_look)).saturating_add(readings(looks));
        let seconds = |looks: u64| seconds(requests(looks), requests_per_minute);
        // Each look serves a minute, and at least one write.
        let suffices = |looks: u64| looks >= writes || looks > seconds(looks) / SHARED_LOOK;
        let (mut least, mut most) = (1, writes);
        while least < most {
            let middle = least.midpoint(most);
            if suffices(middle) { most = middle } else { least = middle + 1 }
        }
        Self { requests: requests(least), seconds: seconds(least) }
    }
}

/// Returns how long the pace needs for so many requests from idle.
fn seconds(requests: u64, per_minute: u32) -> u64 {
    let slots = u64::from(per_minute.saturating_sub(2 + per_minute / 500).max(1));
    if requests <= slots { 0 } else { (requests - 1).saturating_mul(60).div_ceil(slots) }
}
