//! Support of the tests: a user's directories and environment, and the servers that a command can speak to.

pub(crate) mod fake_make;
#[cfg(target_os = "linux")]
pub(crate) mod proxy;
pub(crate) mod server;
#[cfg(target_os = "linux")]
pub(crate) mod terminal;
pub(crate) mod world;
