//! Pool in the course of an apply: what is confirmed to be in it, and what is under way.

use super::end::StepEnd;
use crate::plan::step::Step;

/// What an apply knows of the pool.
#[derive(Debug)]
pub(super) struct ConfirmedPool {
    /// What is in it, with every write whose outcome is known; nothing where the token may not read it.
    confirmed: Option<i128>,
    /// What the creates and increases take that are under way.
    taken: i128,
    reserve: i128,
}

/// Whether a step may begin.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Admission {
    /// It may.
    Now,
    /// Only once something that is under way has ended.
    Later,
    /// Not with what is in the pool, and nothing under way may bring more.
    Never {
        /// What is in it.
        pool: i64,
    },
}

impl ConfirmedPool {
    pub(super) const fn new(confirmed: Option<i64>, reserve: u64) -> Self {
        let confirmed = match confirmed {
            Some(confirmed) => Some(confirmed as i128),
            None => None,
        };
        Self { confirmed, taken: 0, reserve: reserve as i128 }
    }

    /// Says whether a step may begin, with so many under way. Where nobody can read the pool, what takes from it goes alone.
    pub(super) fn admits(&self, step: &Step, under_way: usize) -> Admission {
        let taken = step.taken();
        if taken <= 0 {
            return Admission::Now;
        }
        match self.confirmed {
            None if under_way == 0 => Admission::Now,
            None => Admission::Later,
            Some(confirmed) if confirmed - self.taken - taken >= self.reserve => Admission::Now,
            Some(_) if under_way > 0 => Admission::Later,
            Some(confirmed) => Admission::Never { pool: i64::try_from(confirmed).unwrap_or(i64::MIN) },
        }
    }

    /// Takes note of a step that begins.
    pub(super) fn begin(&mut self, step: &Step) {
        self.taken += step.taken().max(0);
    }

    /// Takes note of the end of a step. `known` is what a look says, where nothing is under way.
    pub(super) fn end(&mut self, step: &Step, end: &StepEnd, known: Option<i64>) {
        let taken = step.taken();
        self.taken -= taken.max(0);
        let was_sent = match end {
            StepEnd::Done { how, .. } => *how != super::end::How::Already,
            // What may have been taken counts as taken, and what may have come back does not count.
            StepEnd::Unknown { .. } => taken > 0,
            _ => false,
        };
        if was_sent {
            self.confirmed = self.confirmed.map(|confirmed| confirmed - taken);
        }
        if let (Some(known), true, false) = (known, self.confirmed.is_some(), end.is_unknown()) {
            self.confirmed = Some(known.into());
        }
    }
}
