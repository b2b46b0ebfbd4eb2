//! Look at a distributor before a write, how old it may be when the write is sent, and what the writes of a batch share of it.

use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use mms_types::{Allocation, ChildOrganization, CreatedChildOrganization, Organization, OrganizationId};

use crate::write::journal::Intent;

/// Time from the end of a look to the first byte of the write that is decided on it.
const MAX_AGE: Duration = Duration::from_secs(2);

/// The same for the writes of a batch, and where a look costs more than [`DEAR`] requests.
const MAX_SHARED_AGE: Duration = Duration::from_secs(60);

/// Most requests of a look that is made anew for every write.
const DEAR: usize = 10;

/// Part of the age that is left for the connection: the turn has to come before it.
const CONNECTION: Duration = Duration::from_millis(500);

/// The children of a distributor, as one reading of its list shows them.
#[derive(Debug, Clone, Default)]
pub(crate) struct Children {
    pub(crate) rows: Vec<ChildOrganization>,
    /// Whether the server proved that these were all. What is missing in a list that is not complete may exist.
    pub(crate) is_complete: bool,
    /// Whether one more request after the last page brought nothing.
    pub(crate) is_confirmed: bool,
    /// How many requests it took.
    pub(crate) requests: usize,
}

impl Children {
    pub(crate) fn find(&self, id: OrganizationId) -> Option<&ChildOrganization> {
        self.rows.iter().find(|child| child.organization_id == id)
    }

    /// Adds up what the children have been allocated; nothing where the server does not say it of one.
    pub(crate) fn allocated(&self) -> Option<i64> {
        self.rows.iter().try_fold(0_i64, |sum, child| Some(sum.saturating_add(child.operations_allocated?)))
    }
}

/// State of a distributor at one time, on which a careful write is decided; read by [`Client::look`](crate::Client::look).
#[derive(Debug, Clone)]
pub struct Look {
    pub(crate) children: Children,
    pub(super) organization: Option<Organization>,
    pub(super) pool: Option<i64>,
    /// Whether the pool was read after the list. One that was read before it proves nothing about the children in it.
    pub(crate) is_pool_after: bool,
    /// When the list had been read, by the distributor's clock.
    pub(super) read_at: Duration,
    /// The writes that had begun before it was; nothing where one of them had not ended, so that it may show it or not.
    pub(super) basis: Option<Generation>,
}

/// What a look is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Purpose {
    /// To create a child: the end of the list counts only after one more request that brought nothing, since a child that the
    /// list does not show would be created a second time.
    Create,
    /// To set an allocation.
    Allocate,
}

impl Look {
    /// Returns when a write that is decided on this has to have its turn at the latest.
    pub(crate) fn latest_turn(&self, is_batch: bool) -> Duration {
        let is_shared = is_batch || self.children.requests > DEAR;
        let age = if is_shared { MAX_SHARED_AGE } else { MAX_AGE };
        self.read_at.saturating_add(age.saturating_sub(CONNECTION))
    }

    /// Returns what is left in the pool; nothing where the server does not say.
    pub(crate) const fn pool(&self) -> Option<i64> {
        self.pool
    }

    /// Adds a child that was created on it.
    pub(crate) fn with_created(mut self, intent: &Intent, answer: &CreatedChildOrganization) -> Self {
        self.children.rows.push(ChildOrganization {
            organization_id: answer.child_organization_id,
            organization_name: Some(intent.organization_name.clone()),
            operations_allocated: i64::try_from(intent.operations.get()).ok(),
            country_id: Some(intent.country_id),
            timezone_id: None,
            zone_id: None,
            zone_domain: answer.domain.clone(),
            zone_name: None,
        });
        self.pool = answer.new_parent_operations;
        self
    }

    /// Takes an allocation over that was set on it.
    pub(crate) fn with_allocated(mut self, child: OrganizationId, answer: &Allocation) -> Self {
        for row in self.children.rows.iter_mut().filter(|row| row.organization_id == child) {
            row.operations_allocated = Some(answer.new_child_operations);
        }
        self.pool = Some(answer.new_parent_operations);
        self
    }

    /// Returns the children, in the server's order.
    #[must_use]
    pub fn children(&self) -> &[ChildOrganization] {
        &self.children.rows
    }

    /// Says whether the server proved that these are all:
    /// [`ChildOrganizations::is_complete`](crate::ChildOrganizations::is_complete).
    #[must_use]
    pub const fn is_complete(&self) -> bool {
        self.children.is_complete
    }

    /// Returns the distributor; nothing where the token may not read it.
    #[must_use]
    pub const fn organization(&self) -> Option<&Organization> {
        self.organization.as_ref()
    }
}

/// Looks that a client and its clones keep for the writes to come, by distributor.
#[derive(Debug, Default)]
pub(crate) struct Looks(Mutex<HashMap<OrganizationId, Kept>>);

#[derive(Debug, Default)]
struct Kept {
    look: Option<Look>,
    generation: Generation,
    /// How many writes have not ended.
    under_way: usize,
}

/// How many writes to a distributor have begun.
pub(super) type Generation = u64;

impl Looks {
    /// Returns what a look is based on that is read from now on.
    pub(super) fn basis(&self, parent: OrganizationId) -> Option<Generation> {
        self.looks().get(&parent).map_or(Some(0), |kept| (kept.under_way == 0).then_some(kept.generation))
    }

    /// Returns the look, and keeps it for others where the writes share it.
    pub(crate) fn get(&self, parent: OrganizationId, is_shared: bool) -> Option<Look> {
        let mut looks = self.looks();
        let kept = looks.get_mut(&parent)?;
        if is_shared { kept.look.clone() } else { kept.look.take() }
    }

    /// Keeps a look that was read just now, unless a write began meanwhile.
    pub(crate) fn keep(&self, parent: OrganizationId, look: Look) {
        let mut looks = self.looks();
        let kept = looks.entry(parent).or_default();
        if look.basis == Some(kept.generation) {
            kept.look = Some(look);
        }
    }

    /// Begins a write that is decided on a look. The look that is kept is forgotten: whatever comes of the write, what is known is
    /// older.
    pub(super) fn begin_write(&self, parent: OrganizationId, basis: Option<Generation>) -> Write<'_> {
        let mut looks = self.looks();
        let kept = looks.entry(parent).or_default();
        let is_alone = basis == Some(kept.generation);
        *kept = Kept { look: None, generation: kept.generation + 1, under_way: kept.under_way + 1 };
        Write { looks: self, parent, is_alone, generation: kept.generation }
    }

    fn looks(&self) -> MutexGuard<'_, HashMap<OrganizationId, Kept>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Write under way, which ends when this is dropped.
#[derive(Debug)]
pub(crate) struct Write<'a> {
    looks: &'a Looks,
    parent: OrganizationId,
    /// Whether its look shows every write that began before it.
    is_alone: bool,
    generation: Generation,
}

impl Write<'_> {
    /// Keeps the look of a write that was answered, with what the write changed, unless another write began after the look.
    pub(super) fn keep(self, look: Look) {
        let is_of_use = |kept: &&mut Kept| self.is_alone && kept.generation == self.generation;
        if let Some(kept) = self.looks.looks().get_mut(&self.parent).filter(is_of_use) {
            kept.look = Some(Look { basis: Some(self.generation), ..look });
        }
    }
}

impl Drop for Write<'_> {
    fn drop(&mut self) {
        if let Some(kept) = self.looks.looks().get_mut(&self.parent) {
            kept.under_way = kept.under_way.saturating_sub(1);
        }
    }
}

#[cfg(test)]
mod tests {
    use mms_types::samples::child;

    use super::*;

    const PARENT: OrganizationId = OrganizationId::new(11);

    /// Reads a look of a child that has so much.
    fn read(looks: &Looks, operations: i64) -> Look {
        let children = Children { rows: vec![child(101, "Sol", operations)], ..Children::default() };
        let basis = looks.basis(PARENT);
        Look { children, organization: None, pool: None, is_pool_after: true, read_at: Duration::ZERO, basis }
    }

    fn kept(looks: &Looks) -> Option<i64> {
        looks.get(PARENT, true)?.children.allocated()
    }

    #[test]
    fn a_write_alone_hands_its_look_on_to_the_next() {
        let looks = Looks::default();
        for operations in [10_000, 20_000, 30_000] {
            let write = looks.begin_write(PARENT, looks.get(PARENT, true).map_or(Some(0), |look| look.basis));
            write.keep(read(&looks, operations));
            assert_eq!(kept(&looks), Some(operations));
        }
    }

    #[test]
    fn of_two_writes_on_one_look_neither_keeps_it_whichever_ends_first() {
        for is_first_to_begin_first_to_end in [true, false] {
            let looks = Looks::default();
            looks.keep(PARENT, read(&looks, 10_000));
            let (mine, other) = (looks.get(PARENT, true).unwrap(), looks.get(PARENT, true).unwrap());
            let (first, second) = (looks.begin_write(PARENT, mine.basis), looks.begin_write(PARENT, other.basis));
            let ends = if is_first_to_begin_first_to_end {
                [(first, mine), (second, other)]
            } else {
                [(second, other), (first, mine)]
            };
            for (write, look) in ends {
                write.keep(look);
            }
            assert_eq!(kept(&looks), None, "each look lacks the other's write");
        }
    }

    #[test]
    fn a_look_that_was_read_while_a_write_was_under_way_is_not_kept() {
        let looks = Looks::default();
        let write = looks.begin_write(PARENT, Some(0));
        let read_meanwhile = read(&looks, 10_000);
        write.keep(read(&looks, 20_000));
        looks.keep(PARENT, read_meanwhile);
        assert_eq!(kept(&looks), Some(20_000), "it may be from before the write");

        let read_before = read(&looks, 20_000);
        drop(looks.begin_write(PARENT, Some(1)));
        looks.keep(PARENT, read_before);
        assert_eq!(kept(&looks), None);
        looks.keep(PARENT, read(&looks, 30_000));
        assert_eq!(kept(&looks), Some(30_000), "a write that was dropped has ended");
    }

    #[test]
    fn a_write_that_is_sent_again_keeps_no_look_from_before_its_first_try() {
        let looks = Looks::default();
        let look = read(&looks, 10_000);
        drop(looks.begin_write(PARENT, look.basis));
        looks.begin_write(PARENT, look.basis).keep(look);
        assert_eq!(kept(&looks), None);
    }
}
