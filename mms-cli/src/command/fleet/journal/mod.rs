//! Commands about the journal: what was written, taken back, and kept from others meanwhile.

mod lock;
mod log;
mod log_entry;
mod place;
mod undo;
mod undo_record;
mod undo_view;

#[cfg(test)]
pub(in crate::command) use lock::JournalLock;
pub(in crate::command) use lock::run as lock;
pub(in crate::command) use log::run as log;
#[cfg(test)]
pub(in crate::command) use log_entry::LogEntry;
pub(in crate::command) use undo::run as undo;
#[cfg(test)]
pub(in crate::command) use undo_record::Undone;
