//! Lag of lists: children that were created a moment ago and do not show yet.

use jiff::Timestamp;
use mms_types::OrganizationId;

use super::Lag;

/// The children that were created while a rule made lists lag.
#[derive(Debug, Default)]
pub(super) struct RecentChildren(Vec<RecentChild>);

#[derive(Debug)]
struct RecentChild {
    distributor: OrganizationId,
    child: OrganizationId,
    at: Timestamp,
    /// How many lists left it out.
    lists: u64,
}

impl RecentChildren {
    pub(super) fn add(&mut self, distributor: OrganizationId, child: OrganizationId, at: Timestamp) {
        self.0.push(RecentChild { distributor, child, at, lists: 0 });
    }

    /// Returns the children of a distributor that its list leaves out this time. A child that was in the list once stays there.
    pub(super) fn hidden(&mut self, lag: Lag, distributor: OrganizationId, now: Timestamp) -> Vec<OrganizationId> {
        let is_hidden = |birth: &RecentChild| match lag {
            Lag::Lists(lists) => birth.lists < lists,
            Lag::Seconds(seconds) => {
                let age = now.as_second().saturating_sub(birth.at.as_second());
                age < i64::try_from(seconds).unwrap_or(i64::MAX)
            }
        };
        self.0.retain(|birth| birth.distributor != distributor || is_hidden(birth));
        let mine = self.0.iter_mut().filter(|birth| birth.distributor == distributor);
        mine.map(|birth| {
            birth.lists += 1;
            birth.child
        })
        .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ELEVEN: OrganizationId = OrganizationId::new(11);
    const CHILD: OrganizationId = OrganizationId::new(1001);

    fn at(second: i64) -> Timestamp {
        Timestamp::from_second(second).unwrap()
    }

    #[test]
    fn a_child_is_left_out_of_so_many_lists() {
        let mut births = RecentChildren::default();
        births.add(ELEVEN, CHILD, at(0));
        assert_eq!(births.hidden(Lag::Lists(2), OrganizationId::new(12), at(0)).len(), 0);
        let hidden = [0, 0, 0, 0].map(|second| births.hidden(Lag::Lists(2), ELEVEN, at(second)).len());
        assert_eq!(hidden, [1, 1, 0, 0]);
    }

    #[test]
    fn a_child_is_left_out_for_so_many_seconds() {
        let mut births = RecentChildren::default();
        births.add(ELEVEN, CHILD, at(100));
        let hidden = [100, 129, 130, 129].map(|second| births.hidden(Lag::Seconds(30), ELEVEN, at(second)).len());
        assert_eq!(hidden, [1, 1, 0, 0], "what was in the list once stays there");
    }
}
