//! Commands about many writes: what files ask for, planned and carried out; what was written down and taken back.

pub(super) mod apply;
pub(super) mod bulk;
mod files;
pub(super) mod import;
pub(super) mod journal;
mod not_begun;
pub(super) mod plan;
mod target;
mod torn;

#[cfg(test)]
pub(super) use apply::applied::AppliedStep;
pub(super) use apply::carry_out::{carry_out_observed, expected, settle};
#[cfg(test)]
pub(super) use import::ImportRow;
#[cfg(test)]
pub(super) use journal::{JournalLock, LogEntry, Undone};
pub(super) use journal::{lock, log, undo};
#[cfg(test)]
pub(super) use plan::view::PlanOutput;
