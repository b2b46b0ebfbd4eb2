//! Documents: reading them, their nodes with locations, and what a violation of their rules says.

pub(crate) mod contract;
pub(crate) mod kind;
pub(crate) mod location;
pub(crate) mod node;
pub(crate) mod operation;
mod shape;
pub(crate) mod violation;
mod yaml11;
