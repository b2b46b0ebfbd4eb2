//! Used share of an allocation, in exact arithmetic, and the counters behind it.

use std::cmp::Ordering;

use mms_types::{Centicredits, ChildOrganizationConsumption, OrganizationId, Timestamp};
use serde::Serialize;

/// A child's counters since its last reset; each is null where the server did not say.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Usage {
    pub(super) centicredits_consumed: Option<Centicredits>,
    pub(super) centicredits_extra: Option<Centicredits>,
    pub(super) operations_consumed: Option<i64>,
    pub(super) operations_extra: Option<i64>,
    pub(super) transfer_consumed: Option<i64>,
    pub(super) transfer_extra: Option<i64>,
    pub(super) last_reset: Option<Timestamp>,
    /// The share of the allocation that is used, in whole percent rounded down; null without an allocation.
    pub(super) used_percent: Option<u64>,
}

impl Usage {
    /// Joins a consumption with the allocation that it counts against, each of them if it is known.
    pub(super) fn new(consumption: Option<ChildOrganizationConsumption>, allocated: Option<i64>) -> Self {
        let Some(row) = consumption else { return Self::default() };
        Self {
            used_percent: row.centicredits_consumed.and_then(|consumed| used_percent(consumed, allocated)),
            centicredits_consumed: row.centicredits_consumed,
            centicredits_extra: row.centicredits_extra,
            operations_consumed: row.operations_consumed,
            operations_extra: row.operations_extra,
            transfer_consumed: row.transfer_consumed,
            transfer_extra: row.transfer_extra,
            last_reset: row.last_reset,
        }
    }
}

/// A used share of an allocation, as a fraction that compares exactly.
///
/// Without an allocation, any consumption is more than every share and none is no share at all.
#[derive(Debug, Clone, Copy)]
pub(super) struct Share {
    centicredits: u64,
    credits: u64,
}

impl Share {
    /// Takes what is used and what is allocated, if both are known.
    pub(super) fn new(consumed: Option<Centicredits>, allocated: Option<i64>) -> Option<Self> {
        Some(match (consumed?.get(), u64::try_from(allocated?).unwrap_or_default()) {
            (0, 0) => Self { centicredits: 0, credits: 1 },
            (_, 0) => Self { centicredits: 1, credits: 0 },
            (centicredits, credits) => Self { centicredits, credits },
        })
    }
}

/// Returns whole percent: a credit is 100 centicredits, so that the hundreds cancel out.
fn used_percent(consumed: Centicredits, allocated: Option<i64>) -> Option<u64> {
    consumed.get().checked_div(u64::try_from(allocated?).ok()?)
}

impl Ord for Share {
    fn cmp(&self, other: &Self) -> Ordering {
        let cross = |left: &Self, right: &Self| u128::from(left.centicredits) * u128::from(right.credits);
        cross(self, other).cmp(&cross(other, self))
    }
}

impl PartialOrd for Share {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl PartialEq for Share {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other).is_eq()
    }
}

impl Eq for Share {}

/// Returns the consumption of a child. Of two rows the larger counts, and one that does not say may be it: a child is paused by what
/// it has consumed.
pub(crate) fn row_of(
    id: OrganizationId,
    rows: impl IntoIterator<Item = ChildOrganizationConsumption>,
) -> Option<ChildOrganizationConsumption> {
    rows.into_iter().filter(|row| row.organization_id == id).max_by(ChildOrganizationConsumption::compare_consumed)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn share(centicredits: u64, allocated: i64) -> Share {
        Share::new(Some(Centicredits::new(centicredits)), Some(allocated)).unwrap()
    }

    #[test]
    fn shares_compare_exactly_where_floats_would_not() {
        assert!(share(u64::MAX - 1, i64::MAX) < share(u64::MAX, i64::MAX));
        assert!(share(u64::MAX, i64::MAX) < share(u64::MAX, i64::MAX - 1));
        assert_eq!(share(3, 10_000), share(6, 20_000));
    }

    #[test]
    fn consumption_without_an_allocation_is_worst_of_all() {
        assert!(share(1, 0) > share(u64::MAX, 1));
        assert!(share(1, -5) > share(u64::MAX, 1));
        assert_eq!(share(1, 0), share(700, 0));
    }

    #[test]
    fn no_consumption_is_the_same_with_and_without_an_allocation() {
        assert_eq!(share(0, 0), share(0, 10_000));
        assert!(share(0, 0) < share(1, 10_000));
    }

    #[test]
    fn percent_is_rounded_down_and_can_exceed_a_hundred() {
        let percent = |centicredits, allocated| used_percent(Centicredits::new(centicredits), Some(allocated));

        assert_eq!(percent(941_250, 10_000), Some(94));
        assert_eq!(percent(999_999, 10_000), Some(99));
        assert_eq!(percent(2_500_000, 10_000), Some(250));
        assert_eq!(percent(u64::MAX, 1), Some(u64::MAX));
    }

    #[test]
    fn there_is_no_percent_without_an_allocation() {
        for allocated in [Some(0), Some(-10_000), None] {
            assert_eq!(used_percent(Centicredits::new(1), allocated), None);
        }
    }

    #[test]
    fn a_share_of_something_unknown_is_unknown() {
        assert_eq!(Share::new(None, Some(10_000)), None);
        assert_eq!(Share::new(Some(Centicredits::new(1)), None), None);
    }
}
