//! Looks that are kept for the writes to come, and what the writes of a batch share of them.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use mms_types::OrganizationId;
use tokio::sync::{OwnedRwLockReadGuard, RwLock};

use super::Look;

/// Looks that a client and its clones keep for the writes to come, by distributor.
#[derive(Debug, Default)]
pub(crate) struct Looks(Mutex<HashMap<OrganizationId, Kept>>);

#[derive(Debug, Default)]
struct Kept {
    look: Option<Arc<Look>>,
    generation: Generation,
    /// The writes that have not ended: the child of each, or nothing for a create.
    under_way: Vec<Option<OrganizationId>>,
    /// How many writes have begun.
    begun: u64,
    /// Held by each write of a batch, and alone by the one of them that reads a new look: so that they share that one, and none of
    /// them is under way while it is read.
    batch: Arc<RwLock<()>>,
}

impl Kept {
    fn forget(&mut self) {
        self.look = None;
        self.generation += 1;
    }
}

/// Number of a look: another one with each that is forgotten.
pub(in crate::write) type Generation = u64;

/// What a write of a batch holds, so that no other reads a new look meanwhile.
pub(in crate::write) type Pass = OwnedRwLockReadGuard<()>;

impl Looks {
    /// Returns what a look is based on that is read from now on.
    pub(in crate::write) fn basis(&self, parent: OrganizationId) -> Option<Generation> {
        self.looks().get(&parent).map_or(Some(0), |kept| kept.under_way.is_empty().then_some(kept.generation))
    }

    /// Returns what the writes of a batch hold.
    pub(in crate::write) fn batch(&self, parent: OrganizationId) -> Arc<RwLock<()>> {
        Arc::clone(&self.looks().entry(parent).or_default().batch)
    }

    /// Returns the look, and keeps it for others where the writes share it.
    pub(crate) fn get(&self, parent: OrganizationId, is_shared: bool) -> Option<Arc<Look>> {
        let mut looks = self.looks();
        let kept = looks.get_mut(&parent)?;
        if is_shared { kept.look.clone() } else { kept.look.take() }
    }

    /// Returns what is left in the pool by the look that is kept, if a write of a batch may be decided on it now.
    pub(crate) fn pool(&self, parent: OrganizationId, now: Duration) -> Option<i64> {
        let looks = self.looks();
        let look = looks.get(&parent)?.look.as_ref()?;
        look.pool.filter(|_| now < look.latest_turn(true))
    }

    /// Keeps a look that was read just now, unless a write began meanwhile.
    pub(crate) fn keep(&self, parent: OrganizationId, look: Arc<Look>) {
        let mut looks = self.looks();
        let kept = looks.entry(parent).or_default();
        if look.basis == Some(kept.generation) {
            kept.look = Some(look);
        }
    }

    /// Begins a write to a child, or a create, that is decided on a look. Writes of a batch to different children leave the look
    /// to each other, and each takes what it changed over into it; otherwise what is kept is forgotten, for whatever comes of the
    /// write, what is known is older.
    pub(in crate::write) fn begin_write(
        &self,
        parent: OrganizationId,
        child: Option<OrganizationId>,
        look: &Arc<Look>,
        is_batch: bool,
        pass: Option<Pass>,
    ) -> Write<'_> {
        let mut looks = self.looks();
        let kept = looks.entry(parent).or_default();
        let is_current = look.basis == Some(kept.generation);
        // One that ended since the look was taken has changed the kept one, and not the one in hand.
        let is_newest = kept.look.as_ref().is_none_or(|kept| Arc::ptr_eq(kept, look));
        let is_same_child = child.is_some() && kept.under_way.contains(&child);
        if !is_batch || !is_current || is_same_child {
            kept.forget();
        }
        let is_alone = is_current && is_newest && kept.under_way.is_empty();
        kept.under_way.push(child);
        kept.begun += 1;
        Write {
            looks: self,
            parent,
            child,
            is_current: is_current && !is_same_child,
            is_alone,
            number: kept.begun,
            generation: kept.generation,
            is_kept: false,
            _pass: pass,
        }
    }

    fn looks(&self) -> MutexGuard<'_, HashMap<OrganizationId, Kept>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Write under way, which ends when this is dropped. Unless its change was kept, the look that others share ends with it.
#[derive(Debug)]
pub(crate) struct Write<'a> {
    looks: &'a Looks,
    parent: OrganizationId,
    child: Option<OrganizationId>,
    /// Whether its look shows every write that had ended before it.
    is_current: bool,
    /// Whether no other was under way when it began, nor has ended since its look was taken.
    is_alone: bool,
    number: u64,
    generation: Generation,
    is_kept: bool,
    _pass: Option<Pass>,
}

impl Write<'_> {
    /// Says whether no other write was under way at any time between its look and its end, as far as this client and its clones know:
    /// then the pool of its answer is that of its look but for what it took.
    pub(in crate::write) fn was_alone(&self) -> bool {
        self.is_alone && self.looks.looks().get(&self.parent).is_some_and(|kept| kept.begun == self.number)
    }

    /// Takes what a write changed over into the look that its batch shares, unless something else has ended that.
    pub(in crate::write) fn keep(mut self, change: impl FnOnce(&mut Look)) {
        let mut looks = self.looks.looks();
        let is_of_use = |kept: &&mut Kept| self.is_current && kept.generation == self.generation;
        let kept = looks.get_mut(&self.parent).filter(is_of_use);
        if let Some(look) = kept.and_then(|kept| kept.look.as_mut()) {
            change(Arc::make_mut(look));
            self.is_kept = true;
        }
    }
}

impl Drop for Write<'_> {
    fn drop(&mut self) {
        if let Some(kept) = self.looks.looks().get_mut(&self.parent) {
            if let Some(place) = kept.under_way.iter().position(|child| *child == self.child) {
                kept.under_way.swap_remove(place);
            }
            if !self.is_kept && kept.generation == self.generation {
                kept.forget();
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use mms_types::samples::child;

    use super::*;
    use crate::write::look::Children;

    const PARENT: OrganizationId = OrganizationId::new(11);
    const SOL: OrganizationId = OrganizationId::new(101);
    const MAR: OrganizationId = OrganizationId::new(102);

    /// Reads a look of two children that have 10,000 each, with 500,000 in the pool.
    fn read(looks: &Looks) -> Arc<Look> {
        let rows = vec![child(SOL.get(), "Sol", 10_000), child(MAR.get(), "Mar", 10_000)];
        let children = Children { rows, ..Children::default() };
        let basis = looks.basis(PARENT);
        let pool = Some(500_000);
        Arc::new(Look { children, organization: None, pool, is_pool_after: true, read_at: Duration::ZERO, basis })
    }

    fn write<'a>(looks: &'a Looks, look: &Arc<Look>, child: OrganizationId) -> Write<'a> {
        looks.begin_write(PARENT, Some(child), look, true, None)
    }

    fn keep(write: Write<'_>, child: OrganizationId, now: i64) {
        write.keep(|look| look.set_allocated(child, now, None));
    }

    /// Returns what the kept look says of both children and the pool.
    fn kept(looks: &Looks) -> Option<(Option<i64>, Option<i64>, Option<i64>)> {
        let look = looks.get(PARENT, true)?;
        let has = |id| look.children.find(id)?.operations_allocated;
        Some((has(SOL), has(MAR), look.pool))
    }

    #[test]
    fn a_write_alone_hands_its_look_on_to_the_next() {
        let looks = Looks::default();
        looks.keep(PARENT, read(&looks));
        for (operations, pool) in [(20_000, 490_000), (50_000, 460_000), (0, 510_000)] {
            let look = looks.get(PARENT, true).unwrap();
            let write = write(&looks, &look, SOL);
            assert!(write.was_alone());
            keep(write, SOL, operations);
            assert_eq!(kept(&looks), Some((Some(operations), Some(10_000), Some(pool))));
        }
    }

    #[test]
    fn two_writes_at_once_to_different_children_are_both_in_the_look_whichever_ends_first() {
        for is_first_to_begin_first_to_end in [true, false] {
            let looks = Looks::default();
            looks.keep(PARENT, read(&looks));
            let look = looks.get(PARENT, true).unwrap();
            let (first, second) = (write(&looks, &look, SOL), write(&looks, &look, MAR));
            assert!(!first.was_alone() && !second.was_alone(), "the pool proves nothing of either");
            if is_first_to_begin_first_to_end {
                keep(first, SOL, 30_000);
                keep(second, MAR, 0);
            } else {
                keep(second, MAR, 0);
                keep(first, SOL, 30_000);
            }
            assert_eq!(kept(&looks), Some((Some(30_000), Some(0), Some(490_000))));
        }
    }

    #[test]
    fn a_write_that_waited_while_another_ended_is_not_alone() {
        let looks = Looks::default();
        looks.keep(PARENT, read(&looks));
        let (first, waited) = (looks.get(PARENT, true).unwrap(), looks.get(PARENT, true).unwrap());
        keep(write(&looks, &first, SOL), SOL, 30_000);
        let second = write(&looks, &waited, MAR);
        assert!(!second.was_alone(), "its look has the pool from before the first");
        keep(second, MAR, 0);
        assert_eq!(kept(&looks), Some((Some(30_000), Some(0), Some(490_000))));
    }

    #[test]
    fn of_two_writes_at_once_to_one_child_neither_keeps_the_look() {
        let looks = Looks::default();
        looks.keep(PARENT, read(&looks));
        let look = looks.get(PARENT, true).unwrap();
        let (first, second) = (write(&looks, &look, SOL), write(&looks, &look, SOL));
        keep(first, SOL, 20_000);
        keep(second, SOL, 30_000);
        assert_eq!(kept(&looks), None, "nobody knows which came last");
    }

    #[test]
    fn a_write_without_a_usable_answer_ends_the_look_of_the_others() {
        let looks = Looks::default();
        looks.keep(PARENT, read(&looks));
        let look = looks.get(PARENT, true).unwrap();
        let (lost, answered) = (write(&looks, &look, SOL), write(&looks, &look, MAR));
        drop(lost);
        keep(answered, MAR, 20_000);
        assert_eq!(kept(&looks), None);
    }

    #[test]
    fn a_look_that_was_read_while_a_write_was_under_way_is_not_kept() {
        let looks = Looks::default();
        let look = read(&looks);
        looks.keep(PARENT, Arc::clone(&look));
        let under_way = write(&looks, &look, SOL);
        let read_meanwhile = read(&looks);
        keep(under_way, SOL, 20_000);
        looks.keep(PARENT, read_meanwhile);
        assert_eq!(kept(&looks), Some((Some(20_000), Some(10_000), Some(490_000))), "it may be from before the write");

        let read_before = read(&looks);
        drop(write(&looks, &read_before, SOL));
        looks.keep(PARENT, read_before);
        assert_eq!(kept(&looks), None);
        looks.keep(PARENT, read(&looks));
        assert!(kept(&looks).is_some(), "a write that was dropped has ended");
    }

    #[test]
    fn a_write_that_is_sent_again_keeps_no_look_from_before_its_first_try() {
        let looks = Looks::default();
        let look = read(&looks);
        looks.keep(PARENT, Arc::clone(&look));
        drop(write(&looks, &look, SOL));
        keep(write(&looks, &look, SOL), SOL, 20_000);
        assert_eq!(kept(&looks), None);
    }

    #[test]
    fn a_write_outside_of_a_batch_leaves_no_look() {
        let looks = Looks::default();
        looks.keep(PARENT, read(&looks));
        let look = looks.get(PARENT, true).unwrap();
        let write = looks.begin_write(PARENT, Some(SOL), &look, false, None);
        assert_eq!(kept(&looks), None);
        drop(write);
    }
}
