//! What a command writes, and what it asks.

pub(crate) mod failure;
pub(crate) mod printer;
pub(crate) mod questions;
pub(crate) mod relative_time;
pub(crate) mod table;
pub(crate) mod trace;
