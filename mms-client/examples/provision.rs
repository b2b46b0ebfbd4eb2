//! Creates a child organization at most once, whatever becomes of the answer or of this program.
//!
//! Runs against a sandbox: `cargo run -p mms-cli -- sandbox serve`, then
//! `MAKE_API_KEY=00000000-0000-4000-8000-000000000011 cargo run -p mms-client --example provision -- intents`.
//! The argument is the file of the journal. Run it twice: the second run finds the child.
#![expect(clippy::print_stdout, clippy::print_stderr, reason = "an example shows what it did")]

use std::error::Error;
use std::process::ExitCode;

use mms_client::types::{CreateChildOrganizationRequest, OrganizationId};
use mms_client::{ApiToken, BaseUrl, Client, CreateOnce, CreateOncePolicy, FileJournal};

#[tokio::main(flavor = "current_thread")]
async fn main() -> ExitCode {
    let Err(error) = provision().await else { return ExitCode::SUCCESS };
    eprintln!("error: {error}");
    let mut cause = error.source();
    while let Some(error) = cause {
        eprintln!("caused by: {error}");
        cause = error.source();
    }
    ExitCode::FAILURE
}

async fn provision() -> Result<(), Box<dyn Error>> {
    let journal = FileJournal::open(std::env::args().nth(1).ok_or("name the file of the journal")?)?;
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
    match client.create_child_once(distributor, &request, &journal, &CreateOncePolicy::default()).await {
        Ok(CreateOnce::Created { answer, .. }) => println!("created {}", answer.child_organization_id),
        Ok(CreateOnce::Existed { organization_id, .. }) => println!("{organization_id} was there already"),
        Ok(adopted) => println!("{} was created, though its answer was lost", adopted.organization_id()),
        Err(error) if error.maybe_created() => println!("look before anything else: {error}"),
        Err(error) => println!("nothing was created: {error}"),
    }
    Ok(())
}
