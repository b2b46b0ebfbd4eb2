//! The command `mms` as its users meet it: exit code, standard output and standard error of every command.

#![expect(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

mod bad_input;
mod cut_list;
mod fake_make;
mod formats;
mod help;
mod hints;
#[cfg(unix)]
mod interruption;
#[cfg(target_os = "linux")]
mod killed;
mod lost_answers;
mod main_job;
mod misuse;
mod pause;
#[cfg(target_os = "linux")]
mod proxy;
mod secrets;
mod serve;
mod server;
mod settle;
mod state;
mod whom;
mod world;
