//! List lag: new children that a list leaves out for a while.

use jiff::Timestamp;
use mms_types::OrganizationId;

/// How long a list leaves out a new child.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Lag {
    /// For so many lists.
    Lists(u64),
    /// For so many seconds of the sandbox's clock.
    Seconds(u64),
}

/// The children that were created while a rule for lists was active.
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
        let is_hidden = |child: &RecentChild| match lag {
            Lag::Lists(lists) => child.lists < lists,
            Lag::Seconds(seconds) => {
                let age = now.as_second().saturating_sub(child.at.as_second());
                age < i64::try_from(seconds).unwrap_or(i64::MAX)
            }
        };
        self.0.retain(|child| child.distributor != distributor || is_hidden(child));
        let mine = self.0.iter_mut().filter(|child| child.distributor == distributor);
        mine.map(|child| {
            child.lists += 1;
            child.child
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
        let mut recent_children = RecentChildren::default();
        recent_children.add(ELEVEN, CHILD, at(0));
        assert_eq!(recent_children.hidden(Lag::Lists(2), OrganizationId::new(12), at(0)).len(), 0);
        let hidden = [0, 0, 0, 0].map(|second| recent_children.hidden(Lag::Lists(2), ELEVEN, at(second)).len());
        assert_eq!(hidden, [1, 1, 0, 0]);
    }

    #[test]
    fn a_child_is_left_out_for_so_many_seconds() {
        let mut recent_children = RecentChildren::default();
        recent_children.add(ELEVEN, CHILD, at(100));
        let hidden =
            [100, 129, 130, 129].map(|second| recent_children.hidden(Lag::Seconds(30), ELEVEN, at(second)).len());
        assert_eq!(hidden, [1, 1, 0, 0], "what was in the list once stays there");
    }
}
