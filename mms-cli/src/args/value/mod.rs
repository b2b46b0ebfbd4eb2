//! Values of arguments, and their parsers.

pub(super) mod parser;
mod settle_time;

pub(crate) use parser::operations;
pub(crate) use settle_time::SettleTime;
