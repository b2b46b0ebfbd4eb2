//! Output of a command: what it writes, in which form, and what it asks.

mod csv;
pub(crate) mod failure;
pub(crate) mod format;
mod json;
pub(crate) mod plan;
pub(crate) mod printer;
pub(crate) mod questions;
pub(crate) mod record;
pub(crate) mod safe;
mod table;
pub(crate) mod time;
pub(crate) mod trace;

#[cfg(test)]
pub(crate) use csv::text as csv_text;
