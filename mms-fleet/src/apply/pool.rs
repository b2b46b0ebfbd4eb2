//! Pool in the course of an apply: what is confirmed to be in it, and what is under way.

use super::end::{How, StepEnd};
use crate::plan::step::{Action, Step};

/// What an apply knows of the pool.
#[derive(Debug)]
pub(super) struct ConfirmedPool {
    /// What is in it, with every write whose outcome is known; nothing where the token may not read it.
    confirmed: Option<i128>,
    /// What the creates and increases take that are under way.
    taken: i128,
    reserve: i128,
    /// Whether the outcome of a write is not known, so that a look need not show it yet.
    is_in_doubt: bool,
    is_fresh: bool,
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
        Self { confirmed, taken: 0, reserve: reserve as i128, is_in_doubt: false, is_fresh: false }
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

    /// Takes note of the end of a step. `known` is what a look says that the steps share.
    pub(super) fn end(&mut self, step: &Step, end: &StepEnd, known: Option<i64>) {
        let taken = step.taken();
        self.taken -= taken.max(0);
        self.is_in_doubt |= end.is_unknown();
        self.is_fresh = false;
        let gone = match end {
            StepEnd::Done { how: How::Already, .. } => 0,
            StepEnd::Done { .. } => taken,
            // What may have been taken counts as taken, and what may have come back does not count.
            StepEnd::Unknown { .. } => taken.max(0),
            // What somebody else gave the child came out of the pool.
            StepEnd::Changed { found: Some(found), .. } => (i128::from(*found) - before(step)).max(0),
            _ => 0,
        };
        self.confirmed = self.confirmed.map(|confirmed| confirmed - gone);
        // Whatever says that there is less is believed at once, for somebody else may take from the pool, too. Of writes at one time
        // an answer may say too little; then a look comes before anything is given up for it.
        let answered = match end {
            StepEnd::Done { pool, .. } => *pool,
            _ => None,
        };
        for told in [known, answered].into_iter().flatten() {
            self.confirmed = self.confirmed.map(|confirmed| confirmed.min(told.into()));
        }
    }

    /// Says whether a look was read since the last step ended: what is in the pool is known as well as it can be.
    pub(super) const fn is_fresh(&self) -> bool {
        self.is_fresh
    }

    /// Takes what a look says that was read while nothing was under way; nothing where it could not be read.
    pub(super) fn look(&mut self, read: Option<i64>) {
        self.is_fresh = true;
        if let (Some(confirmed), Some(read)) = (self.confirmed, read.map(i128::from)) {
            // What may still arrive has been counted.
            self.confirmed = Some(if self.is_in_doubt { confirmed.min(read) } else { read });
        }
    }
}

/// Returns what a child had before a step.
fn before(step: &Step) -> i128 {
    match step.action {
        Action::Allocate { before, .. } => before.into(),
        Action::Create { .. } => 0,
    }
}
