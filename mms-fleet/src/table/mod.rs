//! Tables of children: CSV of any usual kind, or JSON lines, as a spreadsheet or another system writes them.
//!
//! A table says what is to be there once; it is no fleet file, and nothing is written back into it. Reading it is pure, and names
//! every mistake with its place.

mod allocations;
mod cell;
mod column;
mod credits;
mod json_lines;
mod new_children;
mod reading;
mod separated;
#[cfg(test)]
mod tests;
mod text;
mod wanted_credits;

pub use allocations::{AllocationRow, AllocationTable};
pub use new_children::{NewChildDefaults, NewChildTable};
pub use wanted_credits::{WantedCredits, WantedCreditsError};
