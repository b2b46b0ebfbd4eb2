//! What is traced.
//!
//! Spans and events of the crate [`tracing`](https://docs.rs/tracing). No body and no token is among them at any level.
//!
//! | span | level | fields |
//! | --- | --- | --- |
//! | `operation` | info | `operation_id`, `kind`; of a raw request `request`, which is method and path without the query; at the end `status`, `attempts` |
//! | `attempt` | debug | `attempt` from 1, `wait` since the one before or since the call; at the end `status` |
//!
//! | event | level | fields |
//! | --- | --- | --- |
//! | request ended | debug | `elapsed`, `answered` |
//! | the request is sent again | debug | `wait` |
//! | the limit is learnt, by a request without a span of its own | debug | `organization_id`, `limit` |
//! | the limit is not known | warn | `organization_id`, `reason` |
//! | the limit is used up | warn | `organization_id`, `wait` |
//! | the send log cannot be used | warn | `error` |
//! | the pool, or a child's allocation, cannot be read | debug | `error` |
//!
//! ```
//! # use mms_client::Client;
//! # use mms_sandbox::{Sandbox, types::{FaultKind, FaultRule}};
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() -> Result<(), Box<dyn std::error::Error>> {
//! # let sandbox = Sandbox::builder().start().await?;
//! # let url: mms_client::BaseUrl = sandbox.base_url().parse()?;
//! # let client = Client::builder(url, sandbox.token().parse()?).build()?;
//! use tracing_subscriber::fmt::format::FmtSpan;
//!
//! let traces = tracing_subscriber::fmt().with_max_level(tracing::Level::DEBUG).with_span_events(FmtSpan::CLOSE);
//! let _until_here = tracing::subscriber::set_default(traces.finish());
//! sandbox.control().add_fault(FaultRule::from(FaultKind::BadGateway).times(1))?;
//! client.list_regions().send().await?; // prints two attempts, of 502 and of 200, and the operation
//! # Ok(())
//! # }
//! ```
//!
//! `cargo run -p mms-client --example traces` prints those of a call that fails twice.
