//! Make's child-organization API on this machine: stateful, durable, with nothing to install.
//!
//! A sandbox keeps distributors, their pools and their children in SQLite, in memory or in a file, and answers the
//! operations of the contract (`openapi/mms.yaml`) with Make's rules enforced: tokens and scopes, multiples of 10,000, a
//! pool that cannot go below 0, 404 for what is not the caller's. It listens on this machine alone unless told otherwise.
//!
//! ```
//! use mms_sandbox::{Sandbox, SandboxError};
//!
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() -> Result<(), SandboxError> {
//! let sandbox = Sandbox::builder().start().await?;
//! println!("API root: {}, token: {}", sandbox.base_url(), sandbox.token());
//! sandbox.stop().await
//! # }
//! ```
//!
//! A first start creates one distributor, [`SEED_ORGANIZATION`], with 500,000 operations in its pool and three children, which
//! hold 10,000, 50,000 and 100,000. [`SEED_TOKEN`] may do everything that the contract describes.

mod api;
mod app_state;
mod clock;
mod control;
mod enums;
mod faults;
mod http;
mod limits;
mod list_cache;
mod middleware;
mod sandbox_error;
mod schema_check;
mod seed;
mod seed_file;
mod server;
mod store;
mod usage;

/// What travels on the control side: states, clocks, faults and switches.
pub use mms_types::sandbox as types;

pub use control::{Control, ControlError};
pub use http::request_log::RequestFilter;
pub use sandbox_error::SandboxError;
pub use seed::{SEED_ORGANIZATION, SEED_TOKEN};
pub use server::{Sandbox, SandboxBuilder};
