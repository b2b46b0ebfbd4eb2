//! Tables: many children in one command. `create` makes new ones; allocations are made in `command/changes`, with what is here.

mod create;
mod ends;
mod lookalikes;
mod open_creates;
mod record;
mod report;
mod rows;
mod source;

pub(crate) use create::create;
pub(crate) use ends::{outcome, reason};
#[cfg(test)]
pub(crate) use record::Onboarded;
pub(crate) use report::{Report, ReportRow};
pub(crate) use source::{allocations, table_asked};
