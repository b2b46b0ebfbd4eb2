//! Settings of a command: where each value comes from, and the connection that they choose.

mod connection;
mod embedded_sandbox;
mod environment;
mod required;
mod state_dir;
mod target;
mod token;

pub(crate) use connection::Connection;
pub(crate) use required::{Setting, missing};
pub(crate) use target::refuse_for_serve;
