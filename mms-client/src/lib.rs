//! A client for the part of Make's API that manages child organizations.
//!
//! ```no_run
//! use futures_util::TryStreamExt;
//! use mms_client::types::{ChildOrganization, OrganizationId};
//! use mms_client::{ApiToken, Client, ZoneHost};
//!
//! # async fn example() -> Result<(), Box<dyn std::error::Error>> {
//! let zone: ZoneHost = "eu1.make.com".parse()?;
//! let token: ApiToken = std::env::var("MAKE_API_KEY")?.parse()?;
//! let client = Client::builder(zone, token).build()?;
//!
//! let distributor = OrganizationId::new(11);
//! let children: Vec<ChildOrganization> = client.child_organizations(distributor).try_collect().await?;
//! for child in children {
//!     println!("{} {}", child.organization_id, child.organization_name.unwrap_or_default());
//! }
//! # Ok(())
//! # }
//! ```
//!
//! Every operation of the contract (`openapi/mms.yaml`) is a method of [`Client`] that returns a builder; `send()` answers with
//! a [`ResponseValue`] or an [`Error`]:
//!
//! ```no_run
//! use mms_client::types::{OrganizationId, UpdateAllocationRequest};
//!
//! # async fn example(client: mms_client::Client) -> Result<(), Box<dyn std::error::Error>> {
//! let answer = client
//!     .update_child_organization_allocation()
//!     .organization_id(11)
//!     .child_organization_id(123)
//!     .body(UpdateAllocationRequest { operations: "20000".parse()? })
//!     .send()
//!     .await;
//! match answer {
//!     Ok(allocation) => println!("{} operations left in the pool", allocation.new_parent_operations),
//!     Err(error) if error.maybe_sent() => println!("look before you send it again: {error}"),
//!     Err(error) => println!("nothing was changed: {error}"),
//! }
//! # Ok(())
//! # }
//! ```
//!
//! What the contract does not know, [`Client::send_raw`] reaches: any path of the API, with the same token, pace and limits.
//!
//! # What it does with a request
//!
//! - **Keeps the pace.** The server's limit per minute is kept however the server counts, by all clones of a client.
//! - **Sends again what may be sent again.** Reads, and totals that were not sent or met a 429; never a write that may have been
//!   carried out, and never a create.
//! - **Ends.** Connection, silence, attempt and call have a time each, and a dropped call leaves nothing behind.
//! - **Guards the token.** It travels in a header marked sensitive and shows in no `Debug`, error or trace. Only HTTPS is
//!   spoken, but for loopback addresses; no redirect is followed and no proxy used.
//! - **Reads any answer.** Every 2xx decodes as the documented answer; an error body may be JSON, text, HTML or nothing, and its
//!   status stays readable.
//! - **Traces.** A `tracing` span for every operation and attempt; no body, no token.
//!
//! Two writes have a call that knows in the end what became of them: [`Client::create_child_once`] and
//! [`Client::set_allocation`]. The [`guide`] has a chapter for each of these promises, and says where they end.
//!
//! # Features
//!
//! - `rustls`, on by default: HTTPS by rustls with ring and the platform's certificate verifier. Without it only plain HTTP is
//!   spoken, which is enough for a sandbox on this machine.
//! - `test-util`: a clock that a test turns, and a distributor in memory.

mod config;
mod env;
mod error;
pub mod guide;
mod http;
mod pace;
mod read;
mod write;

// The generated code names these two from the root.
use config::settings;
use http::runtime;

pub use config::base_url::{BaseUrl, BaseUrlError};
pub use config::build_error::BuildError;
pub use config::builder::ClientBuilder;
pub use config::token::{ApiToken, ApiTokenError};
pub use config::zone::{ZoneHost, ZoneHostError, zones};
#[cfg(any(test, feature = "test-util"))]
pub use env::clock::FakeClock;
pub use env::clock::{Clock, Sleep, SystemClock};
pub use env::random::{Random, SeededRandom, SystemRandom};
pub use error::Error;
pub use http::connect_phase::ConnectPhase;
pub use http::events::{RequestsLeft, Wait, WaitReason};
pub use http::generated::{Client, builder};
pub use http::operation::{CONTRACT_VERSION, Operation, OperationKind, operation, operations};
pub use http::raw::{RawAnswer, RawMethod, RawRequest, RawRequestError};
pub use http::retry::policy::RetryPolicy;
pub use http::runtime::ResponseValue;
pub use mms_types as types;
pub use pace::{FileSendLog, LogTime, MemorySendLog, Pace, SendLog, SendLogKey, Sent};
pub use read::children::ChildOrganizations;
pub use read::organizations::Organizations;
pub use read::page_size::PageSize;
pub use read::with_consumption::{ChildWithConsumption, ChildrenWithConsumption};
pub use write::allocation::{
    ExpectedChild, Overwritten, Proof, SetAllocation, SetAllocationError, SettleError, SettledAllocation,
};
pub use write::careful_writes::CarefulWrites;
pub use write::create_once::{CreateOnce, CreateOnceError, CreateOncePolicy, SettledIntent};
#[cfg(any(test, feature = "test-util"))]
pub use write::distributor::simulated::{Counting, SimulatedDistributor, SimulatedError, SimulatedFaults};
pub use write::journal::{
    AllocationIntent, AllocationOutcome, Claim, FileJournal, History, Intent, IntentId, IntentIdError, IntentOutcome,
    Journal, JournalError, MemoryJournal, Moment, OpenIntent, Resolution, Run, RunId, RunJournal, Torn, WriteJournal,
    Written,
};
pub use write::look::{Look, Purpose};
