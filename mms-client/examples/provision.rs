//! Creates a child organization, and says what to do when the answer is lost.
//!
//! Runs against a sandbox: `cargo run -p mms-cli -- sandbox serve`, then
//! `MAKE_API_KEY=00000000-0000-4000-8000-000000000011 cargo run -p mms-client --example provision`.
#![expect(clippy::print_stdout, reason = "an example shows what it did")]

use std::error::Error;

use mms_client::types::{CreateChildOrganizationRequest, OrganizationId};
use mms_client::{ApiToken, BaseUrl, Client};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn Error>> {
    let sandbox: BaseUrl = "http://127.0.0.1:8787/api/v2".parse()?;
    let token: ApiToken = std::env::var("MAKE_API_KEY")?.parse()?;
    let client = Client::builder(sandbox, token).user_agent("provision/1.0").build()?;
    let distributor = OrganizationId::new(11);

    let countries = client.list_countries().send().await?.into_inner().countries;
    let spain = countries.iter().find(|country| country.code.as_deref() == Some("ESP")).ok_or("no Spain")?;
    let regions = client.list_regions().send().await?.into_inner().imt_regions;
    let europe = regions.iter().find(|region| region.name == "EU").ok_or("no EU")?;

    let request = CreateChildOrganizationRequest {
        organization_name: "Panadería Sol".parse()?,
        user_name: "Ada Owner".parse()?,
        user_email: "ada@sol.example".parse()?,
        region_id: europe.id,
        country_id: spain.id,
        operations: "20000".parse()?,
    };
    match client.create_child_organization().organization_id(distributor).body(request).send().await {
        Ok(created) => println!("created {}", created.child_organization_id),
        Err(error) if error.maybe_sent() => println!("it may exist: look at the list before anything else ({error})"),
        Err(error) => println!("nothing was created: {error}"),
    }
    Ok(())
}
