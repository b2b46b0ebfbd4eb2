//! Careful writes: calls that know in the end what became of them.

pub(crate) mod allocation;
pub(crate) mod careful_writes;
pub(crate) mod create_once;
pub(crate) mod distributor;
pub(crate) mod journal;
pub(crate) mod look;
pub(crate) mod read_look;
