//! Store of the state in SQLite. It knows no HTTP, and has errors of its own.
//!
//! One connection lives on a thread of its own (`worker`); whoever needs the state sends a job, which gets the connection and
//! calls the functions of `tables`, `state` and `catch_up`.

pub(crate) mod catch_up;
mod checkpoint;
mod connection;
mod copy;
mod error;
mod file;
#[cfg(test)]
mod fixtures;
mod open_error;
mod schema;
pub(crate) mod state;
pub(crate) mod tables;
mod worker;

pub(crate) use connection::Durability;
pub(crate) use copy::CopyError;
pub(crate) use error::StoreError;
pub(crate) use file::LockedFile;
pub(crate) use open_error::OpenError;
pub(crate) use worker::{Store, WorkerHandle};
