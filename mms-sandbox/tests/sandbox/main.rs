//! The sandbox over the wire, as any client meets it.

#![expect(clippy::unwrap_used, reason = "a failed unwrap fails the test at the right line")]

mod allocation;
mod authorization;
mod concurrency;
mod create;
mod data_file;
mod http;
mod lifecycle;
mod list;
mod lists_of_make;
mod organization;
mod refusals;
