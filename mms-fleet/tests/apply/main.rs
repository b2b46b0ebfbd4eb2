//! Applies on a simulated distributor, in virtual time.

#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::print_stdout,
    reason = "a failed unwrap fails the test at the right line; figures and seeds are shown"
)]

mod cases;
mod chaos;
mod names;
mod one_by_one;
mod outage;
mod pace;
mod pause;
mod world;
