//! Output of a command: what it writes, in which form, and what it asks.

pub(crate) mod appearance;
pub(crate) mod browser;
pub(crate) mod data;
pub(crate) mod failure;
pub(crate) mod format;
pub(crate) mod plan;
pub(crate) mod printer;
pub(crate) mod progress;
pub(crate) mod questions;
mod request_lines;
pub(crate) mod safe;
pub(crate) mod terminal;
pub(crate) mod time;
pub(crate) mod trace;
