//! Commands about many writes: what files ask for, planned and carried out; what was written down and taken back.

mod applied;
pub(super) mod apply;
pub(super) mod bulk;
mod carry_out;
mod confirm;
mod files;
mod ids;
pub(super) mod import;
mod journal_place;
mod lock;
mod log;
mod log_entry;
pub(super) mod plan;
mod progress;
mod rehearsal;
mod saved;
mod show;
mod source;
mod target;
mod undo;
mod undo_record;
mod undo_view;
mod view;

#[cfg(test)]
pub(super) use applied::AppliedStep;
pub(super) use carry_out::{carry_out_observed, settle};
#[cfg(test)]
pub(super) use import::ImportRow;
#[cfg(test)]
pub(super) use lock::JournalLock;
pub(super) use lock::run as lock;
pub(super) use log::run as log;
#[cfg(test)]
pub(super) use log_entry::LogEntry;
pub(super) use undo::run as undo;
#[cfg(test)]
pub(super) use undo_record::Undone;
#[cfg(test)]
pub(super) use view::PlanOutput;
