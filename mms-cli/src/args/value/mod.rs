//! Values of arguments, and their parsers.

pub(super) mod duration;
pub(super) mod parser;
mod settle_time;
mod since;

pub(crate) use settle_time::SettleTime;
pub(in crate::args) use since::Since;
