//! Arithmetic of usage: what profiles consume, and when counters are reset. Pure, without a database or a clock.

pub(crate) mod profile;
pub(crate) mod reset_period;
pub(crate) mod seeded_random;
