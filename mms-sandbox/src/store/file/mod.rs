//! Data file: what is checked before anything is written to it, and its lock.

pub(super) mod header;
pub(super) mod integrity;
pub(super) mod lock;
