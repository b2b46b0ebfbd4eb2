//! Tests of the sandbox over the wire.

#![expect(clippy::unwrap_used, reason = "a failed unwrap fails the test at the right line")]

mod allocation;
mod authorization;
mod clock_and_usage;
mod concurrency;
mod control;
mod control_gate;
mod create;
mod damaged_file;
mod data_file;
mod faults;
mod faults_on_the_wire;
mod given;
mod http;
mod hygiene;
mod lifecycle;
mod limits;
mod list;
mod lists_of_make;
mod organization;
mod refusals;
mod requests;
mod state;
mod state_refused;
mod switches;
mod timeline;
