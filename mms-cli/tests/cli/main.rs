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
mod lost_answers;
mod main_job;
mod misuse;
mod pause;
mod secrets;
mod serve;
mod settle;
mod state;
mod whom;
mod world;
