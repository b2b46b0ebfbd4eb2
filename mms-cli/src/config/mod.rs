//! Settings of a command: where each value comes from, and the connection that they choose.

mod connection;
mod embedded_sandbox;
mod environment;
mod key;
mod names_place;
mod profile;
mod required;
mod server;
mod settings;
mod state_dir;
mod token;
mod token_store;

pub(crate) use connection::Connection;
pub(crate) use environment::token_variable;
pub(crate) use key::Key;
pub(crate) use names_place::NamesPlace;
pub(crate) use profile::ConfigFile;
pub(crate) use required::{Setting, missing};
pub(crate) use server::{WebPlace, refuse_for_serve};
pub(crate) use settings::{Found, Settings};
pub(crate) use token::{TokenSource, from_stdin, parse as parse_token};
pub(crate) use token_store::{Kept, TokenStore, TokenStores};
