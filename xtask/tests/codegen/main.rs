//! Tests of `cargo xtask codegen`: what it says, what it writes, and how it ends.

#![expect(clippy::unwrap_used, reason = "a failed unwrap fails the test at the right line")]

mod breaking;
mod check;
mod command;
mod compatible;
mod control_side;
mod examples;
mod fleet_schema;
mod invalid;
mod regenerate;
mod revision;
mod surroundings;
mod workspace;
