//! Expected state after a kill, from the log of writes.

use std::collections::{BTreeMap, BTreeSet};

use mms_sandbox::types::{ChildState, SandboxState};

use crate::load::{Answer, Entry, Write, email};
use crate::server_process::TOTAL;

/// Every child that was ever there, by id: its name, and its allocation when it was last looked at.
#[derive(Debug, Default)]
pub(crate) struct ExpectedState(BTreeMap<u64, (String, u64)>);

/// An allocation that a child may have, with the times of the write that set it.
#[derive(Debug, Clone, Copy)]
struct Candidate {
    operations: u64,
    sent: u64,
    answered: Option<u64>,
}

impl ExpectedState {
    pub(crate) fn ids(&self) -> Vec<u64> {
        self.0.keys().copied().collect()
    }

    /// Compares the log of a round with the state after it, and takes the state over. Returns how many creates without an
    /// answer were done.
    pub(crate) fn compare(&mut self, log: &[Entry], state: &SandboxState) -> usize {
        let [distributor] = state.distributors.as_slice() else { panic!("{state:?}") };
        let found: BTreeMap<u64, &ChildState> =
            distributor.children.iter().map(|child| (child.organization_id.unwrap().get(), child)).collect();
        assert_eq!(found.len(), distributor.children.len(), "two children have one id");
        let allocated: u64 = found.values().map(|child| allocation(child)).sum();
        assert_eq!(distributor.operations + allocated, TOTAL, "pool and allocations");

        let last = self.0.last_key_value().map_or(0, |(id, _)| *id);
        let mut possible = self.possible(log);
        let mut unanswered = unanswered_creates(log);
        let mut kept = 0;
        for (id, child) in &found {
            let name = child.organization_name.as_str();
            let Some((expected, candidates)) = possible.remove(id) else {
                // The first state is nobody's write.
                if self.0.is_empty() {
                    continue;
                }
                assert!(*id > last, "the id {id} is of an earlier round: {child:?}");
                assert_eq!(unanswered.remove(name), Some(allocation(child)), "nobody asked for this: {child:?}");
                assert_owned(child);
                kept += 1;
                continue;
            };
            assert_eq!(name, expected, "the id {id} was given twice");
            assert!(may_have(&candidates, allocation(child)), "{child:?} is none of {candidates:?}");
        }
        assert!(possible.is_empty(), "lost: {possible:?}");
        assert_no_id_is_spent(state, &found);
        self.0 = found
            .into_iter()
            .map(|(id, child)| (id, (child.organization_name.as_str().to_owned(), allocation(child))))
            .collect();
        kept
    }

    /// Returns every child that must be there, with its name and the allocations that it may have.
    fn possible(&self, log: &[Entry]) -> BTreeMap<u64, (String, Vec<Candidate>)> {
        let last = self.0.last_key_value().map_or(0, |(id, _)| *id);
        let before = |operations| vec![Candidate { operations, sent: 0, answered: Some(0) }];
        let mut possible: BTreeMap<_, _> =
            self.0.iter().map(|(id, (name, operations))| (*id, (name.clone(), before(*operations)))).collect();
        for entry in log {
            if let (Write::Create { name, operations }, Some((answered, Answer::Created { id }))) =
                (&entry.write, entry.answered)
            {
                assert!(id > last, "the id {id} is of an earlier round: {entry:?}");
                let first = Candidate { operations: *operations, sent: entry.sent, answered: Some(answered) };
                let taken = possible.insert(id, (name.clone(), vec![first]));
                assert!(taken.is_none(), "the id {id} was given twice: {entry:?}, {taken:?}");
            }
        }
        for entry in log {
            let Write::Allocate { child, operations } = entry.write else { continue };
            if !matches!(entry.answered, Some((_, Answer::Refused))) && operations <= TOTAL {
                let answered = entry.answered.map(|(answered, _)| answered);
                possible.get_mut(&child).unwrap().1.push(Candidate { operations, sent: entry.sent, answered });
            }
        }
        possible
    }
}

/// Says whether a child may have this allocation: no answered write was sent after the one that set it was answered. A write
/// without an answer may have been done last of all.
fn may_have(candidates: &[Candidate], operations: u64) -> bool {
    let last_sent =
        candidates.iter().filter(|candidate| candidate.answered.is_some()).map(|candidate| candidate.sent).max();
    candidates.iter().any(|candidate| {
        candidate.operations == operations && candidate.answered.is_none_or(|answered| Some(answered) >= last_sent)
    })
}

/// Returns the creates that were not answered and may have been done, by name.
fn unanswered_creates(log: &[Entry]) -> BTreeMap<&str, u64> {
    log.iter()
        .filter(|entry| entry.answered.is_none())
        .filter_map(|entry| match &entry.write {
            Write::Create { name, operations } if *operations <= TOTAL => Some((name.as_str(), *operations)),
            _ => None,
        })
        .collect()
}

fn allocation(child: &ChildState) -> u64 {
    child.operations_allocated.unwrap().get()
}

/// Checks that a child whose create was not answered has the owner that it was to have.
fn assert_owned(child: &ChildState) {
    let name = child.organization_name.as_str();
    assert_eq!(child.user_email.as_ref().unwrap().as_str(), email(name), "{child:?}");
    assert_eq!(child.user_name.as_ref().unwrap().as_str(), name, "{child:?}");
}

/// Checks that a write which is not there left nothing behind: it used up the id of no child and of no owner.
fn assert_no_id_is_spent(state: &SandboxState, found: &BTreeMap<u64, &ChildState>) {
    let users: BTreeSet<u64> = found.values().map(|child| child.user_id.unwrap().get()).collect();
    assert_eq!(state.next_user_id.unwrap().get(), users.last().unwrap() + 1, "an owner without a child");
    let next = state.next_organization_id.unwrap().get();
    assert_eq!(next, found.last_key_value().unwrap().0.max(&1000) + 1, "an id without a child");
}

#[cfg(test)]
mod tests {
    use super::*;

    const fn answered(operations: u64, sent: u64, answered: u64) -> Candidate {
        Candidate { operations, sent, answered: Some(answered) }
    }

    #[test]
    fn a_write_that_was_answered_before_another_was_sent_is_no_candidate() {
        let one_after_the_other = [answered(1, 0, 0), answered(2, 1, 2), answered(3, 3, 4)];
        assert_eq!([1, 2, 3].map(|operations| may_have(&one_after_the_other, operations)), [false, false, true]);
        let at_once = [answered(1, 0, 0), answered(2, 1, 3), answered(3, 2, 4)];
        assert_eq!([1, 2, 3].map(|operations| may_have(&at_once, operations)), [false, true, true]);
    }

    #[test]
    fn a_write_without_an_answer_may_have_been_done_or_not() {
        let candidates = [answered(1, 0, 0), Candidate { operations: 2, sent: 1, answered: None }, answered(3, 2, 3)];
        assert_eq!([1, 2, 3].map(|operations| may_have(&candidates, operations)), [false, true, true]);
    }
}
