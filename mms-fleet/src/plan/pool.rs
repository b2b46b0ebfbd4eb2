//! Pool in the course of a plan: whom it serves, and in which order.

use std::cmp::Reverse;

use serde::{Deserialize, Serialize};

use super::step::Step;

/// The pool before a plan, at its lowest, and after it, in credits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct PoolCourse {
    /// Before the first step.
    pub before: i64,
    /// The least that it can be at any time, whichever of the writes under way ends first.
    pub lowest: i64,
    /// After the last step.
    pub after: i64,
    /// What has to stay in it.
    pub reserve: u64,
}

/// What a pool lacks for a plan.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Shortage {
    /// How many credits are missing.
    pub credits: u64,
    /// The children that go short under the priorities, by name.
    pub children: Vec<String>,
}

/// Puts steps into the order of the plan: decreases first, then what takes from the pool in the order in which it is served.
///
/// Decreases: the lowest priority first, of one priority the largest. Takes: the highest priority first, of one priority the
/// smallest, so that a pool that does not suffice serves as many children as it can. Equal ones go by name and id.
pub(super) fn sort(steps: &mut [Step]) {
    steps.sort_by(|left, right| key(left).cmp(&key(right)));
}

fn key(step: &Step) -> impl Ord + '_ {
    let is_decrease = step.is_decrease();
    let priority = i64::from(step.priority) * if is_decrease { 1 } else { -1 };
    // Of a decrease the amount is negative, so that the largest is first, too.
    (Reverse(is_decrease), priority, step.taken(), step.name.as_str(), step.organization_id())
}

/// Returns how many of sorted steps a pool serves, of which none is left out before another of a lower place: a child that asks for
/// more than there is does not give way to one of a lower priority. Without a shortage it is all of them.
pub(super) fn served(steps: &[Step], pool: i64, reserve: u64) -> (usize, Option<Shortage>) {
    let first_take = steps.iter().position(|step| !step.is_decrease()).unwrap_or(steps.len());
    let free = i128::from(pool) - i128::from(reserve) - sum(&steps[..first_take]);
    let mut left = free;
    let fitting = steps[first_take..].iter().take_while(|step| {
        left -= step.taken();
        left >= 0
    });
    let served = first_take + fitting.count();
    let missing = sum(&steps[first_take..]) - free;
    let shortage = (served < steps.len()).then(|| Shortage {
        credits: u64::try_from(missing).unwrap_or(u64::MAX),
        children: steps[served..].iter().map(|step| step.name.clone()).collect(),
    });
    (served, shortage)
}

/// Returns the course of a pool through sorted steps.
pub(super) fn course(steps: &[Step], before: i64, reserve: u64) -> PoolCourse {
    let (freed, taken): (Vec<_>, Vec<_>) = steps.iter().map(Step::taken).partition(|taken| *taken < 0);
    let taken: i128 = taken.into_iter().sum();
    let start = i128::from(before);
    let after = start - freed.into_iter().sum::<i128>() - taken;
    // Takes go ahead of decreases that have not ended only as far as the reserve.
    let ahead = (start - taken).max(reserve.into());
    PoolCourse { before, lowest: clamp(ahead.min(start).min(after)), after: clamp(after), reserve }
}

fn sum(steps: &[Step]) -> i128 {
    steps.iter().map(Step::taken).sum()
}

fn clamp(credits: i128) -> i64 {
    i64::try_from(credits).unwrap_or(if credits < 0 { i64::MIN } else { i64::MAX })
}
