//! The contract as a test double: typed mocks of every operation, and tools to keep to the contract or to leave it.
//!
//! The mocks are generated from `openapi/mms.yaml`, like the client. What they take and answer is typed, so a test cannot
//! leave the contract by mistake; [`deviation`] and [`RawServer`] leave it on purpose.
//!
//! ```
//! use httpmock::MockServer;
//! use mms_client::types::{ChildOrganizationList, OrganizationId};
//! use mms_tests::{MockServerExt, client_for};
//!
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() -> Result<(), Box<dyn std::error::Error>> {
//! let server = MockServer::start_async().await;
//! let list = server.list_child_organizations(|when, then| {
//!     when.organization_id(&OrganizationId::new(11));
//!     then.ok(&ChildOrganizationList { managed_organizations: Vec::new(), pg: None });
//! });
//!
//! let answer = client_for(&server)?.list_child_organizations().organization_id(11).send().await?;
//! assert!(answer.managed_organizations.is_empty());
//! list.assert_calls(1);
//! # Ok(())
//! # }
//! ```
//!
//! httpmock takes no account of what a fixture says: hold a hand-written one to the contract with [`Document`]. Of several
//! mocks that match, the oldest answers.

pub mod deviation;

mod client;
mod document;
mod mocks;
mod raw_server;
mod schemas;

pub use client::{BASE_PATH, TOKEN, client_at, client_for};
pub use document::{Document, Example, Part};
pub use mocks::{MockServerExt, operations};
pub use raw_server::{RawServer, Reaction};
pub use schemas::Schemas;

/// The Rust of README, which has to compile and to run.
#[cfg(doctest)]
#[doc = include_str!("../../README.md")]
struct Readme;

/// The Rust of the sandbox's manual, which has to as well.
#[cfg(doctest)]
#[doc = include_str!("../../docs/sandbox.md")]
struct Manual;

/// The Rust of the fleet's manual.
#[cfg(doctest)]
#[doc = include_str!("../../docs/fleet.md")]
struct FleetManual;
