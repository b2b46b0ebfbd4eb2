//! One command's conversation: with Make, or with a sandbox within this process.

use std::path::Path;

use futures_util::TryStreamExt;
use mms_client::{ApiToken, BaseUrl, Client, Error};
use mms_sandbox::{SEED_ORGANIZATION, Sandbox};
use mms_types::{
    Allocation, ChildOrganization, ChildOrganizationConsumption, Country, CreateChildOrganizationRequest,
    CreatedChildOrganization, CurrentAuthorization, Operations, Organization, OrganizationId, Region,
    UpdateAllocationRequest,
};

use crate::cli::GlobalArgs;
use crate::environment::variable;
use crate::failure::Failure;
use crate::target::Target;
use crate::token;

const ORGANIZATION: &str = "MMS_ORGANIZATION_ID";
const USER_AGENT: &str = concat!("mms/", env!("CARGO_PKG_VERSION"));

/// The other side of a command, and the distributor that the command is about.
pub(crate) struct Session {
    client: Client,
    base_url: BaseUrl,
    place: String,
    organization_id: Option<OrganizationId>,
    /// The sandbox that this process runs for the command.
    sandbox: Option<Sandbox>,
}

impl Session {
    /// Runs a command on a session of its own. `name` tells other processes who holds the sandbox's file.
    pub(crate) async fn with(
        arguments: &GlobalArgs,
        name: &str,
        command: impl AsyncFnOnce(&Self) -> Result<(), Failure>,
    ) -> Result<(), Failure> {
        let session = Self::open(arguments, name).await?;
        let outcome = command(&session).await;
        let closed = session.close().await.map_err(|failure| failure.after("the command itself is done"));
        // What went wrong first is what the caller has to know; a sandbox that does not stop well comes second.
        outcome.and(closed)
    }

    /// Opens a session. A sandbox is started; apart from that nothing is sent.
    async fn open(arguments: &GlobalArgs, name: &str) -> Result<Self, Failure> {
        match Target::choose(arguments)? {
            Target::Sandbox(file) => Self::on_sandbox(&file, name, arguments.organization_id).await,
            Target::Server(base_url) => {
                let organization_id = organization_id(arguments)?;
                let token = token::find(arguments.token_file.as_deref())?;
                let place = base_url.to_string();
                Self::new(base_url, token, place, organization_id, None)
            }
        }
    }

    async fn on_sandbox(file: &Path, name: &str, organization_id: Option<OrganizationId>) -> Result<Self, Failure> {
        let sandbox = Sandbox::builder().data(file).holder(format!("mms --sandbox {name}")).start().await?;
        let unusable = |error: &dyn std::error::Error| Failure::failed(format!("the sandbox cannot be used: {error}"));
        let base_url = sandbox.base_url().parse().map_err(|error| unusable(&error))?;
        let token = sandbox.token().parse().map_err(|error| unusable(&error))?;
        let place = format!("sandbox {}", file.display());
        Self::new(base_url, token, place, Some(organization_id.unwrap_or(SEED_ORGANIZATION)), Some(sandbox))
    }

    fn new(
        base_url: BaseUrl,
        token: ApiToken,
        place: String,
        organization_id: Option<OrganizationId>,
        sandbox: Option<Sandbox>,
    ) -> Result<Self, Failure> {
        let client = Client::builder(base_url.clone(), token).user_agent(USER_AGENT).build();
        let client = client.map_err(|error| Failure::failed(error.to_string()))?;
        Ok(Self { client, base_url, place, organization_id, sandbox })
    }

    async fn close(self) -> Result<(), Failure> {
        match self.sandbox {
            Some(sandbox) => sandbox.stop().await.map_err(Failure::from),
            None => Ok(()),
        }
    }

    /// Returns the root of the API that is spoken to.
    pub(crate) const fn base_url(&self) -> &BaseUrl {
        &self.base_url
    }

    /// Names the other side as a person knows it: the sandbox's file, or the root of the API.
    pub(crate) fn place(&self) -> &str {
        &self.place
    }

    /// Returns the distributor; an error where nobody named one.
    pub(crate) fn organization_id(&self) -> Result<OrganizationId, Failure> {
        self.organization_id.ok_or_else(|| {
            Failure::usage("no organization given")
                .hint(format!("set {ORGANIZATION} or --organization-id to the distributor's id, which stands in the address of its page"))
        })
    }

    /// Returns every child of the distributor.
    pub(crate) async fn children(&self) -> Result<Vec<ChildOrganization>, Failure> {
        let id = self.organization_id()?;
        self.client.child_organizations(id).try_collect().await.map_err(|error| of_organization(error, id))
    }

    /// Returns what the distributor's children have consumed.
    pub(crate) async fn consumption(&self) -> Result<Vec<ChildOrganizationConsumption>, Failure> {
        let id = self.organization_id()?;
        let answer = self.client.list_child_organization_consumption().organization_id(id).send().await;
        let answer = answer.map_err(|error| of_organization(error, id))?;
        Ok(answer.into_inner().managed_organizations_consumption)
    }

    /// Returns the distributor itself, or nothing where the token may not read it.
    pub(crate) async fn organization(&self) -> Result<Option<Organization>, Failure> {
        let id = self.organization_id()?;
        match self.client.get_organization().organization_id(id).send().await {
            Ok(answer) => Ok(Some(answer.into_inner().organization)),
            Err(error) if error.is_forbidden() => Ok(None),
            Err(error) => Err(of_organization(error, id)),
        }
    }

    /// Returns what the token may do.
    pub(crate) async fn authorization(&self) -> Result<CurrentAuthorization, Failure> {
        Ok(self.client.get_current_authorization().send().await?.into_inner().authorization)
    }

    /// Returns the regions.
    pub(crate) async fn regions(&self) -> Result<Vec<Region>, Failure> {
        Ok(self.client.list_regions().send().await?.into_inner().imt_regions)
    }

    /// Returns the countries.
    pub(crate) async fn countries(&self) -> Result<Vec<Country>, Failure> {
        Ok(self.client.list_countries().send().await?.into_inner().countries)
    }

    /// Creates a child, and sends that once.
    pub(crate) async fn create_child(
        &self,
        request: CreateChildOrganizationRequest,
    ) -> Result<CreatedChildOrganization, Failure> {
        let id = self.organization_id()?;
        let answer = self.client.create_child_organization().organization_id(id).body(request).send().await;
        Ok(answer.map_err(|error| of_organization(error, id))?.into_inner())
    }

    /// Sets a child's total, and sends that once.
    pub(crate) async fn allocate(
        &self,
        child_id: OrganizationId,
        operations: Operations,
    ) -> Result<Allocation, Failure> {
        let id = self.organization_id()?;
        let request = self.client.update_child_organization_allocation();
        let request = request.organization_id(id).child_organization_id(child_id);
        let answer = request.body(UpdateAllocationRequest { operations }).send().await;
        Ok(answer.map_err(|error| of_organization(error, id))?.into_inner())
    }
}

/// Finds the distributor: the flag, then the environment.
fn organization_id(arguments: &GlobalArgs) -> Result<Option<OrganizationId>, Failure> {
    if arguments.organization_id.is_some() {
        return Ok(arguments.organization_id);
    }
    let Some(text) = variable(ORGANIZATION)? else { return Ok(None) };
    text.parse().map(Some).map_err(|error| Failure::usage(format!("{ORGANIZATION}: {error}")))
}

/// Names the organization where the server says that something is not there: it may be what is wrong.
fn of_organization(error: Error, id: OrganizationId) -> Failure {
    let not_found = error.is_not_found();
    let failure = Failure::from(error);
    if !not_found {
        return failure;
    }
    failure
        .about(&format!("organization {id}"))
        .hint("the token must belong to a member of the distributor: check --organization-id and the zone")
}
