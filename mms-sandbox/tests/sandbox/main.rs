//! The sandbox over the wire, as any client meets it.

#![expect(clippy::unwrap_used, reason = "a failed unwrap fails the test at the right line")]

mod allocation;
mod authorization;
mod behaviour;
mod browser_requests;
mod clock_and_usage;
mod clock_races;
mod concurrency;
mod control;
mod control_auth;
mod copies;
mod create;
mod damaged_file;
mod data_file;
mod enums;
mod faults;
mod faults_on_the_wire;
mod fixtures;
#[path = "../http_client/mod.rs"]
mod http_client;
mod identity;
mod lifecycle;
mod limits;
mod list;
mod live_copy;
mod organization;
mod refusals;
mod requests;
mod state;
mod state_refused;
