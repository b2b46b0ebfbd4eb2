//! One command's conversation: with Make, or with a sandbox within this process.

use std::cell::Cell;
use std::path::Path;
use std::time::Duration;

use futures_util::TryStreamExt;
use mms_client::{ApiToken, BaseUrl, Client, Error};
use mms_sandbox::Sandbox;
use mms_types::{
    Allocation, ChildOrganizationConsumption, Country, CreateChildOrganizationRequest, CreatedChildOrganization,
    CurrentAuthorization, Operations, Organization, OrganizationId, Region, UpdateAllocationRequest,
};

use crate::call_failure::{Destination, Side, Subject};
use crate::children::Children;
use crate::cli::GlobalArgs;
use crate::ending::unless_interrupted;
use crate::environment::variable;
use crate::failure::Failure;
use crate::invocation::Invocation;
use crate::target::Target;
use crate::token;

const ORGANIZATION: &str = "MMS_ORGANIZATION_ID";
const USER_AGENT: &str = concat!("mms/", env!("CARGO_PKG_VERSION"));

/// The other side of a command, and the distributor that the command is about.
pub(crate) struct Session {
    client: Client,
    destination: Destination,
    /// The root of the API; nothing for a sandbox, whose root ends with the command.
    base_url: Option<BaseUrl>,
    place: String,
    organization_id: Option<OrganizationId>,
    /// The sandbox that this process runs for the command.
    sandbox: Option<Sandbox>,
    /// Whether a write was sent.
    wrote: Cell<bool>,
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
        let (wrote, look) = (session.wrote.get(), session.invocation().command("child list"));
        let closed = session.close().await.map_err(|failure| stopped_badly(failure, wrote, &look));
        // What went wrong first is what the caller has to know; a sandbox that does not stop well comes second.
        outcome.and(closed)
    }

    /// Opens a session. A sandbox is started; apart from that nothing is sent.
    async fn open(arguments: &GlobalArgs, name: &str) -> Result<Self, Failure> {
        match Target::choose(arguments)? {
            Target::Sandbox(file) => Self::on_sandbox(arguments, &file, name).await,
            Target::Zone(zone) => Self::on_server(arguments, zone.into(), Side::Zone),
            Target::Server(base_url) => Self::on_server(arguments, base_url, Side::Url),
        }
    }

    async fn on_sandbox(arguments: &GlobalArgs, file: &Path, name: &str) -> Result<Self, Failure> {
        let sandbox = Sandbox::builder().data(file).holder(format!("mms --sandbox {name}")).start().await?;
        let unusable = |error: &dyn std::error::Error| Failure::failed(format!("the sandbox cannot be used: {error}"));
        let base_url = sandbox.base_url().parse().map_err(|error| unusable(&error))?;
        let token = sandbox.token().parse().map_err(|error| unusable(&error))?;
        let distributor = sandbox.organization_id();
        Ok(Self {
            client: client(base_url, token, arguments)?,
            destination: Destination { invocation: Invocation::new(arguments), side: Side::Sandbox(distributor) },
            base_url: None,
            place: format!("sandbox {}", file.display()),
            organization_id: Some(arguments.organization_id.unwrap_or(distributor)),
            sandbox: Some(sandbox),
            wrote: Cell::new(false),
        })
    }

    fn on_server(arguments: &GlobalArgs, base_url: BaseUrl, side: Side) -> Result<Self, Failure> {
        let organization_id = organization_id(arguments)?;
        let token = token::find(arguments.token_file.as_deref())?;
        Ok(Self {
            client: client(base_url.clone(), token, arguments)?,
            destination: Destination { invocation: Invocation::new(arguments), side },
            place: base_url.to_string(),
            base_url: Some(base_url),
            organization_id,
            sandbox: None,
            wrote: Cell::new(false),
        })
    }

    async fn close(self) -> Result<(), Failure> {
        match self.sandbox {
            Some(sandbox) => sandbox.stop().await.map_err(Failure::from),
            None => Ok(()),
        }
    }

    /// Returns how this command was called, for hints that name another one.
    pub(crate) const fn invocation(&self) -> &Invocation {
        &self.destination.invocation
    }

    /// Returns the root of the API; nothing for a sandbox within this process.
    pub(crate) const fn base_url(&self) -> Option<&BaseUrl> {
        self.base_url.as_ref()
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

    /// Returns every child of the distributor that the server lists.
    pub(crate) async fn children(&self) -> Result<Children, Failure> {
        let id = self.organization_id()?;
        let mut stream = self.client.child_organizations(id);
        let mut listed = Vec::new();
        loop {
            match stream.try_next().await {
                Ok(Some(child)) => listed.push(child),
                Ok(None) => return Ok(Children::new(listed, stream.is_complete())),
                Err(error) if listed.is_empty() => return Err(self.failure(&error, Subject::Organization(id))),
                Err(error) => return Err(self.failure(&error, Subject::FurtherPage(id))),
            }
        }
    }

    /// Returns what the distributor's children have consumed.
    pub(crate) async fn consumption(&self) -> Result<Vec<ChildOrganizationConsumption>, Failure> {
        let id = self.organization_id()?;
        let answer = self.client.list_child_organization_consumption().organization_id(id).send().await;
        let answer = answer.map_err(|error| self.failure(&error, Subject::Organization(id)))?;
        Ok(answer.into_inner().managed_organizations_consumption)
    }

    /// Returns the distributor itself, or nothing where the token may not read it.
    pub(crate) async fn organization(&self) -> Result<Option<Organization>, Failure> {
        let id = self.organization_id()?;
        match self.client.get_organization().organization_id(id).send().await {
            Ok(answer) => Ok(Some(answer.into_inner().organization)),
            Err(error) if error.is_forbidden() => Ok(None),
            Err(error) => Err(self.failure(&error, Subject::Organization(id))),
        }
    }

    /// Returns what the token may do.
    pub(crate) async fn authorization(&self) -> Result<CurrentAuthorization, Failure> {
        let answer = self.client.get_current_authorization().send().await;
        Ok(answer.map_err(|error| self.failure(&error, Subject::Other))?.into_inner().authorization)
    }

    /// Returns the regions.
    pub(crate) async fn regions(&self) -> Result<Vec<Region>, Failure> {
        let answer = self.client.list_regions().send().await;
        Ok(answer.map_err(|error| self.failure(&error, Subject::Other))?.into_inner().imt_regions)
    }

    /// Returns the countries.
    pub(crate) async fn countries(&self) -> Result<Vec<Country>, Failure> {
        let answer = self.client.list_countries().send().await;
        Ok(answer.map_err(|error| self.failure(&error, Subject::Other))?.into_inner().countries)
    }

    /// Creates a child, and sends that once.
    pub(crate) async fn create_child(
        &self,
        request: CreateChildOrganizationRequest,
    ) -> Result<CreatedChildOrganization, Failure> {
        let id = self.organization_id()?;
        let call = self.client.create_child_organization().organization_id(id).body(request).send();
        let answer = self.write("the create", call).await?;
        Ok(answer.map_err(|error| self.failure(&error, Subject::Organization(id)))?.into_inner())
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
        let call = request.body(UpdateAllocationRequest { operations }).send();
        let answer = self.write("the change of the allocation", call).await?;
        Ok(answer.map_err(|error| self.failure(&error, Subject::Child(child_id)))?.into_inner())
    }

    /// Sends a write. From here on a failure may come after it was done.
    async fn write<T>(&self, what: &str, call: impl Future<Output = T>) -> Result<T, Failure> {
        self.wrote.set(true);
        unless_interrupted(what, call).await
    }

    fn failure(&self, error: &Error, subject: Subject) -> Failure {
        self.destination.failure(error, subject)
    }
}

/// Says that a sandbox did not stop well, after a command that may have written.
fn stopped_badly(failure: Failure, wrote: bool, look: &str) -> Failure {
    if wrote { failure.after("the command itself is done", look) } else { failure }
}

fn client(base_url: BaseUrl, token: ApiToken, arguments: &GlobalArgs) -> Result<Client, Failure> {
    let builder = Client::builder(base_url, token).user_agent(USER_AGENT);
    let client = builder.total_timeout(Duration::from_secs(arguments.timeout.into())).build();
    client.map_err(|error| Failure::failed(error.to_string()))
}

/// Finds the distributor: the flag, then the environment.
fn organization_id(arguments: &GlobalArgs) -> Result<Option<OrganizationId>, Failure> {
    if arguments.organization_id.is_some() {
        return Ok(arguments.organization_id);
    }
    let Some(text) = variable(ORGANIZATION)? else { return Ok(None) };
    text.parse().map(Some).map_err(|error| Failure::usage(format!("{ORGANIZATION}: {error}")))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::failure::ExitCode;

    #[test]
    fn a_sandbox_that_stops_badly_leaves_only_a_write_in_doubt() {
        let stop = |wrote| stopped_badly(Failure::failed("the disk is full"), wrote, "`mms --sandbox child list`");

        assert_eq!(stop(false).code(), ExitCode::Failed);
        assert_eq!(stop(true).code(), ExitCode::Unknown);
        assert!(stop(true).way_out().unwrap().contains("`mms --sandbox child list`"));
    }
}
