//! Settings of a command: where each value comes from, and the connection that they choose.

mod connection;
mod embedded_sandbox;
mod environment;
mod required;
mod server;
mod state_dir;
mod token;

pub(crate) use connection::Connection;
pub(crate) use environment::token_variable;
pub(crate) use required::{Setting, missing};
pub(crate) use server::refuse_for_serve;
