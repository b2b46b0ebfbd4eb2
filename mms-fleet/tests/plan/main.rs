//! Tests of the planner, of its guards and of saved plans.

#![expect(
    clippy::unwrap_used,
    clippy::print_stdout,
    reason = "a failed unwrap fails the test at the right line; a seed is shown"
)]

mod cases;
mod draw;
mod imported;
mod lookalikes;
mod not_compared;
mod pool_and_guards;
mod properties;
mod renames;
mod sample;
mod saved;
mod texts;
mod undo;
mod world;
