//! Outcome of a changed allocation, and what the server's answer says of what was there before.

use mms_types::{Allocation, Operations};

/// A child's allocation after it was set.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct SetAllocation {
    /// What the child had before, in operations.
    pub before: i64,
    /// What it has now: what was asked for.
    pub now: Operations,
    /// How that is known.
    pub proof: Proof,
    /// What is left in the distributor's pool by the server's answer; nothing where there was none.
    pub pool: Option<i64>,
    /// What should be left in it by what was read before; nothing where the token may not read the pool. Another number than
    /// [`pool`](Self::pool) means that somebody else took operations out of the pool, or put some back, in between: of this child
    /// the answer is right all the same.
    pub expected_pool: Option<i64>,
    /// What the child had when the total was set, where the server's answer says that this was not [`before`](Self::before):
    /// somebody else set an allocation in between, which is overwritten now.
    pub overwritten: Option<Overwritten>,
    /// Whether the answered total was sent again after a lost answer or a 429, so that a doubt about what the child had goes back to
    /// then.
    pub is_resent: bool,
}

/// An allocation of somebody else that was overwritten.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Overwritten {
    /// The child had this.
    Had(i64),
    /// The child had another total than was read, and the answer does not say which.
    Unknown,
}

/// How it is known that a child has its allocation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Proof {
    /// The child had it before, and nothing was sent.
    Unchanged,
    /// The server answered so.
    Answered,
    /// The list shows it, though no answer says so: it was lost, a refusal or a 429, or somebody else set the same.
    ReadBack,
}

impl SetAllocation {
    pub(super) fn unchanged(before: i64, operations: Operations) -> Self {
        Self::new(before, operations, Proof::Unchanged)
    }

    pub(super) fn read_back(before: i64, operations: Operations) -> Self {
        Self::new(before, operations, Proof::ReadBack)
    }

    pub(super) fn answered(
        before: i64,
        operations: Operations,
        answer: &Allocation,
        expected_pool: Option<i64>,
        is_resent: bool,
    ) -> Self {
        Self {
            pool: Some(answer.new_parent_operations),
            expected_pool,
            overwritten: overwritten(answer, before, is_resent),
            is_resent,
            ..Self::new(before, operations, Proof::Answered)
        }
    }

    const fn new(before: i64, now: Operations, proof: Proof) -> Self {
        Self { before, now, proof, pool: None, expected_pool: None, overwritten: None, is_resent: false }
    }

    /// Says whether somebody else moved operations of the same pool at the same time, or set this child's allocation.
    #[must_use]
    pub fn shows_another_writer(&self) -> bool {
        self.overwritten.is_some() || self.pool.zip(self.expected_pool).is_some_and(|(pool, expected)| pool != expected)
    }
}

/// Reads out of an answer what the child had when the total was set, where that is not what was read before.
///
/// `operationsDiff` is compared by its size, since whether a decrease is negative is not documented; its direction is
/// `limitIncreased`, or else its sign. A total that was sent again and was there already came of the first send.
fn overwritten(answer: &Allocation, before: i64, is_resent: bool) -> Option<Overwritten> {
    let target = answer.new_child_operations;
    let Some(diff) = answer.operations_diff else {
        // A flag alone: an increase where a decrease was meant, or the other way round.
        return answer.limit_increased.filter(|rose| *rose != (target > before)).map(|_| Overwritten::Unknown);
    };
    let size = i64::try_from(diff.unsigned_abs()).unwrap_or(i64::MAX);
    let rose = answer.limit_increased.unwrap_or(if diff < 0 { false } else { target > before });
    let had = if rose { target.saturating_sub(size) } else { target.saturating_add(size) };
    let is_own = is_resent && had == target;
    (had != before && !is_own).then_some(Overwritten::Had(had))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn seen(before: i64, target: i64, diff: Option<i64>, rose: Option<bool>) -> Option<Overwritten> {
        let answer = Allocation {
            new_parent_operations: 0,
            new_child_operations: target,
            operations_diff: diff,
            limit_increased: rose,
        };
        overwritten(&answer, before, false)
    }

    #[test]
    fn a_difference_that_adds_up_shows_nobody_whatever_its_sign() {
        for diff in [None, Some(20_000)] {
            for rose in [None, Some(true)] {
                assert_eq!(seen(10_000, 30_000, diff, rose), None);
            }
        }
        for diff in [None, Some(20_000), Some(-20_000)] {
            for rose in [None, Some(false)] {
                assert_eq!(seen(30_000, 10_000, diff, rose), None);
            }
        }
    }

    #[test]
    fn a_difference_that_does_not_add_up_names_what_the_child_had() {
        assert_eq!(seen(10_000, 40_000, Some(-50_000), Some(false)), Some(Overwritten::Had(90_000)));
        assert_eq!(seen(10_000, 40_000, Some(50_000), Some(false)), Some(Overwritten::Had(90_000)));
        assert_eq!(seen(10_000, 40_000, Some(20_000), None), Some(Overwritten::Had(20_000)));
        assert_eq!(seen(10_000, 40_000, Some(0), Some(false)), Some(Overwritten::Had(40_000)));
        assert_eq!(seen(50_000, 30_000, Some(20_000), Some(true)), Some(Overwritten::Had(10_000)));
        assert_eq!(seen(50_000, 30_000, None, Some(true)), Some(Overwritten::Unknown));
    }

    #[test]
    fn a_total_that_was_sent_again_and_had_arrived_meanwhile_shows_nobody() {
        for rose in [None, Some(true), Some(false)] {
            let answer = |diff| Allocation {
                new_parent_operations: 0,
                new_child_operations: 40_000,
                operations_diff: Some(diff),
                limit_increased: rose,
            };
            assert_eq!(overwritten(&answer(0), 10_000, true), None, "{rose:?}");
            assert_eq!(overwritten(&answer(0), 10_000, false), Some(Overwritten::Had(40_000)), "{rose:?}");
        }
    }
}
