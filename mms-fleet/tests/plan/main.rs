//! Tests of the planner, of its guards and of saved plans.

#![expect(clippy::unwrap_used, reason = "a failed unwrap fails the test at the right line")]

mod cases;
mod sample;
