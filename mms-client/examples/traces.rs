//! Prints what the client traces: a span for each operation, one for each attempt, and what it waits for.
//!
//! Runs against a sandbox that fails twice: `cargo run -p mms-client --example traces`.

use std::error::Error;

use mms_client::types::OrganizationId;
use mms_client::{BaseUrl, Client};
use mms_sandbox::Sandbox;
use mms_sandbox::types::{FaultKind, FaultRule};
use tracing_subscriber::filter::{LevelFilter, Targets};
use tracing_subscriber::fmt::format::FmtSpan;
use tracing_subscriber::layer::SubscriberExt;
use tracing_subscriber::util::SubscriberInitExt;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn Error>> {
    // The crates beneath trace too, at this level line after line.
    let own = Targets::new().with_target("mms_client", LevelFilter::DEBUG);
    let lines = tracing_subscriber::fmt::layer().with_span_events(FmtSpan::CLOSE).with_ansi(false);
    tracing_subscriber::registry().with(lines).with(own).init();

    let sandbox = Sandbox::builder().start().await?;
    sandbox.control().add_fault(FaultRule::from(FaultKind::BadGateway).times(2))?;
    let url: BaseUrl = sandbox.base_url().parse()?;
    let client = Client::builder(url, sandbox.token().parse()?).build()?;
    client.list_child_organizations().organization_id(OrganizationId::new(11)).send().await?;
    Ok(())
}
