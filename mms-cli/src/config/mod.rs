//! Settings of a command: where each value comes from.

pub(crate) mod environment;
pub(crate) mod required;
pub(crate) mod state_dir;
pub(crate) mod target;
pub(crate) mod token;
