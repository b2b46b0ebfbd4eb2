//! Measures what a call through the client costs. Each measurement is a program of its own in `bin/`.
//!
//! All of them run on Linux, and start a server as a process of its own: themselves, with another argument.
#![cfg(feature = "measure")]

mod by_hand;
mod finished;
mod generated;
mod pooled;
#[allow(unreachable_pub, reason = "the generated code re-exports it, and this crate does not")]
mod runtime;
mod server;
#[allow(unreachable_pub, reason = "the generated code shows it")]
mod settings;
mod this_process;

use std::error::Error;

pub use by_hand::ByHand;
pub use finished::finished;
pub use generated::Generated;
pub use pooled::Pooled;
pub use server::{PAGED, Server, WHOLE, run_server_if_asked};
pub use this_process::{cpu_time, pin, resident_peak};

/// The API token that is sent; the server takes any.
const TOKEN: &str = "00000000-0000-4000-8000-000000000011";

/// What goes wrong in a measurement.
pub type Fault = Box<dyn Error + Send + Sync>;

/// Returns the runtime of a client: one thread, which is all that one connection can use.
pub fn client_runtime() -> Result<tokio::runtime::Runtime, Fault> {
    Ok(tokio::runtime::Builder::new_current_thread().enable_all().build()?)
}

/// Returns the median of some figures.
#[must_use]
pub fn median(figures: impl Iterator<Item = f64>) -> f64 {
    let mut figures: Vec<f64> = figures.collect();
    figures.sort_by(f64::total_cmp);
    figures[figures.len() / 2]
}
