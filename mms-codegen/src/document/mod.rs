//! Documents: reading them, their nodes, and the locations of those.

pub(crate) mod contract;
pub(crate) mod kind;
pub(crate) mod location;
pub(crate) mod node;
pub(crate) mod operation;
mod shape;
mod yaml11;
