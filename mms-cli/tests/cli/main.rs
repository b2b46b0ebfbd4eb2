//! The command `mms` as its users meet it: exit code, standard output and standard error of every command.

#![expect(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

mod allow_pause;
mod api;
mod bad_input;
mod bulk;
mod changes;
mod completion;
mod create_again;
mod doctor;
mod everyday_commands;
#[cfg(unix)]
mod examples;
mod first_hour;
#[cfg(unix)]
mod fleet;
mod formats;
mod frugality;
mod help;
mod hints;
mod incomplete_list;
#[cfg(unix)]
mod interruption;
#[cfg(target_os = "linux")]
mod killed;
#[cfg(unix)]
mod lock;
mod log;
mod login;
mod lost_answers;
mod odd_rows;
mod open;
mod own_writes;
mod profiles;
mod readme;
#[cfg(unix)]
mod recorded;
mod schemas;
mod secrets;
#[cfg(unix)]
mod seed;
mod selection;
mod serve;
mod settle;
mod state;
mod support;
mod target;
#[cfg(target_os = "linux")]
mod terminals;
#[cfg(target_os = "linux")]
mod three_terminals;
mod undo;
mod usage_errors;
