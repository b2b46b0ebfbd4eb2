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
pub(crate) use embedded_sandbox::{API_NAME as SANDBOX_API_NAME, journal_beside};
pub(crate) use environment::{KEEP_NAMES, proxy, token_variable};
pub(crate) use key::{DEFAULT_PROFILE, Key, is_default_profile};
pub(crate) use names_place::NamesPlace;
pub(crate) use profile::{ConfigFile, Profile};
pub(crate) use required::{Setting, missing};
pub(crate) use server::{
    KEYS as SERVER_KEYS, Server, WebPlace, organization, organization_of_sandbox, refuse_contradiction,
    refuse_for_serve,
};
pub(crate) use settings::{Found, Settings, unknown_profile};
pub(crate) use state_dir::StateDir;
pub(crate) use token::{KEYS as TOKEN_KEYS, TokenSource, from_stdin, parse as parse_token};
pub(crate) use token_store::{Kept, TokenStore, TokenStores};
