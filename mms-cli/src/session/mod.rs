//! One command's conversation: with Make, or with a sandbox within this process.

pub(crate) mod journal;
pub(crate) mod signals;
mod wait_notice;
mod writes;

pub(crate) use writes::{how_long, seconds};

use std::cell::Cell;
use std::fs;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};
use std::time::Duration;

use futures_util::TryStreamExt;
use mms_client::{ApiToken, BaseUrl, Client, ClientBuilder, Error, FileJournal, SendLogKey};
use mms_sandbox::Sandbox;
use mms_types::{ChildOrganizationConsumption, Country, CurrentAuthorization, Organization, OrganizationId, Region};
use tokio::sync::watch;

use crate::args::GlobalArgs;
use crate::config::environment::variable;
use crate::config::required::{self as missing, Want};
use crate::config::state_dir::{State, journal_beside};
use crate::config::target::Target;
use crate::config::token;
use crate::lookup::children::Children;
use crate::output::failure::Failure;
use crate::output::failure::call::{Destination, Side, Subject, in_short};
use crate::output::failure::invocation::Invocation;
use crate::output::printer::Printer;
use crate::session::journal::unusable;
use crate::session::wait_notice as pauses;

pub(crate) const ORGANIZATION: &str = "MMS_ORGANIZATION_ID";
/// By what name a sandbox's journal, which lies beside its file, knows the sandbox: its address changes with every command.
const SANDBOX: &str = "sandbox";
const USER_AGENT: &str = concat!("mms/", env!("CARGO_PKG_VERSION"));

/// The other side of a command, and the distributor that the command is about.
pub(crate) struct Session {
    client: Client,
    destination: Destination,
    /// The root of the API; nothing for a sandbox, whose root ends with the command.
    base_url: Option<BaseUrl>,
    /// By what name the journal knows the API.
    api: String,
    /// The file of the journal.
    journal: PathBuf,
    /// How long one request may take.
    timeout: Duration,
    place: String,
    organization_id: Option<OrganizationId>,
    /// The sandbox that this process runs for the command.
    sandbox: Option<Sandbox>,
    /// Whether a write was sent.
    wrote: Cell<bool>,
    /// Why no usable answer came to a write, once its outcome is being looked for.
    unanswered: watch::Receiver<Option<String>>,
}

impl Session {
    /// Runs a command about a distributor on a session of its own. `name` tells other processes who holds the sandbox's file.
    pub(crate) async fn with(
        arguments: &GlobalArgs,
        printer: &Printer,
        name: &str,
        command: impl AsyncFnOnce(&Self) -> Result<(), Failure>,
    ) -> Result<(), Failure> {
        let wants = [Want::Zone, Want::Token, Want::Organization];
        Self::open(arguments, printer, name, &wants).await?.run(command).await
    }

    /// Runs a command about what is the same for every distributor.
    pub(crate) async fn with_any(
        arguments: &GlobalArgs,
        printer: &Printer,
        name: &str,
        command: impl AsyncFnOnce(&Self) -> Result<(), Failure>,
    ) -> Result<(), Failure> {
        let wants = [Want::Zone, Want::Token];
        Self::open(arguments, printer, name, &wants).await?.run(command).await
    }

    async fn run(self, command: impl AsyncFnOnce(&Self) -> Result<(), Failure>) -> Result<(), Failure> {
        let outcome = command(&self).await;
        let (wrote, look) = (self.wrote.get(), self.invocation().command("child list"));
        let closed = self.close().await.map_err(|failure| stopped_badly(failure, wrote, &look));
        // What went wrong first is what the caller has to know; a sandbox that does not stop well comes second.
        outcome.and(closed)
    }

    /// Opens a session. A sandbox is started; apart from that nothing is sent.
    async fn open(arguments: &GlobalArgs, printer: &Printer, name: &str, wants: &[Want]) -> Result<Self, Failure> {
        let target = Target::choose(arguments)?;
        if let Some(Target::Sandbox(file)) = &target {
            return Self::on_sandbox(arguments, printer, file, name).await;
        }
        let organization_id = organization_id(arguments)?;
        let is_missing = |want: &Want| match want {
            Want::Zone => target.is_none(),
            Want::Token => !token::is_given(arguments.token_file.as_deref()),
            Want::Organization => organization_id.is_none(),
        };
        let missing: Vec<_> = wants.iter().copied().filter(is_missing).collect();
        let (base_url, side) = match target {
            Some(Target::Zone(zone)) if missing.is_empty() => (zone.into(), Side::Zone),
            Some(Target::Server(base_url)) if missing.is_empty() => (base_url, Side::Url),
            _ => return Err(missing::failure(&missing)),
        };
        Self::on_server(arguments, printer, base_url, side, organization_id)
    }

    async fn on_sandbox(arguments: &GlobalArgs, printer: &Printer, file: &Path, name: &str) -> Result<Self, Failure> {
        let journal = journal_beside(file);
        forget_removed(file, &journal)?;
        let sandbox = Sandbox::builder().data(file).holder(format!("mms --sandbox {name}")).start().await?;
        let unusable = |error: &dyn std::error::Error| Failure::failed(format!("the sandbox cannot be used: {error}"));
        let base_url: BaseUrl = sandbox.base_url().parse().map_err(|error| unusable(&error))?;
        let token = sandbox.token().parse().map_err(|error| unusable(&error))?;
        let distributor = sandbox.organization_id();
        let organization_id = Some(arguments.organization_id.unwrap_or(distributor));
        let (listener, unanswered) = watch::channel(None);
        // It counts requests, and forgets them with this process: so does the client, which needs no log of earlier ones.
        let builder = builder(printer, base_url, token, arguments, organization_id, listener).api_name(SANDBOX);
        Ok(Self {
            client: build(builder)?,
            destination: destination(arguments, Side::Sandbox(distributor)),
            base_url: None,
            api: SANDBOX.to_owned(),
            journal,
            place: format!("sandbox {}", file.display()),
            organization_id,
            sandbox: Some(sandbox),
            timeout: timeout(arguments),
            wrote: Cell::new(false),
            unanswered,
        })
    }

    fn on_server(
        arguments: &GlobalArgs,
        printer: &Printer,
        base_url: BaseUrl,
        side: Side,
        organization_id: Option<OrganizationId>,
    ) -> Result<Self, Failure> {
        let token = token::find(arguments.token_file.as_deref())?;
        let state = State::find(arguments)?;
        let api = base_url.to_string();
        let (listener, unanswered) = watch::channel(None);
        let mut builder =
            builder(printer, base_url.clone(), token, arguments, organization_id, listener).api_name(&api);
        if let Some(log) = state.send_log(&SendLogKey { base_url: api.clone(), organization_id }, printer) {
            builder = builder.send_log(log);
        }
        Ok(Self {
            client: build(builder)?,
            destination: destination(arguments, side),
            place: base_url.to_string(),
            base_url: Some(base_url),
            api,
            journal: state.journal(),
            organization_id,
            sandbox: None,
            timeout: timeout(arguments),
            wrote: Cell::new(false),
            unanswered,
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
        self.organization_id.ok_or_else(|| missing::failure(&[Want::Organization]))
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

    fn failure(&self, error: &Error, subject: Subject) -> Failure {
        self.destination.failure(error, subject)
    }
}

/// Says that a sandbox did not stop well, after a command that may have written.
fn stopped_badly(failure: Failure, wrote: bool, look: &str) -> Failure {
    if wrote { failure.after("the command itself is done", look) } else { failure }
}

fn destination(arguments: &GlobalArgs, side: Side) -> Destination {
    Destination { invocation: Invocation::new(arguments), side, timeout: arguments.timeout }
}

fn timeout(arguments: &GlobalArgs) -> Duration {
    Duration::from_secs(arguments.timeout.into())
}

fn builder(
    printer: &Printer,
    base_url: BaseUrl,
    token: ApiToken,
    arguments: &GlobalArgs,
    organization_id: Option<OrganizationId>,
    unanswered: watch::Sender<Option<String>>,
) -> ClientBuilder {
    let builder = Client::builder(base_url, token)
        .user_agent(USER_AGENT)
        .total_timeout(timeout(arguments))
        .on_wait(pauses::telling(printer.clone()))
        .on_lost_answer(move |error| drop(unanswered.send_replace(Some(in_short(error)))));
    match organization_id {
        Some(id) => builder.organization_id(id),
        None => builder,
    }
}

fn build(builder: ClientBuilder) -> Result<Client, Failure> {
    builder.build().map_err(|error| Failure::failed(error.to_string()))
}

/// Removes the journal of a sandbox whose file was removed, to start afresh: its creates are of a world that is gone.
fn forget_removed(sandbox: &Path, journal: &Path) -> Result<(), Failure> {
    // What cannot be seen, or is a link to nowhere, is not gone.
    let is_gone = fs::symlink_metadata(sandbox).is_err_and(|error| error.kind() == ErrorKind::NotFound);
    if !is_gone || !journal.is_file() {
        return Ok(());
    }
    // What does not read as a journal, or is in use, is somebody else's.
    let opened = FileJournal::open(journal).map_err(|error| unusable(&error))?;
    let removed = fs::remove_file(journal);
    drop(opened);
    removed.map_err(|error| {
        let journal = journal.display();
        Failure::failed(format!("{journal} belongs to a sandbox that is gone, and cannot be removed: {error}"))
    })
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
    use crate::output::failure::ExitCode;

    #[test]
    fn a_sandbox_that_stops_badly_leaves_only_a_write_in_doubt() {
        let stop = |wrote| stopped_badly(Failure::failed("the disk is full"), wrote, "`mms --sandbox child list`");

        assert_eq!(stop(false).code(), ExitCode::Failed);
        assert_eq!(stop(true).code(), ExitCode::Unknown);
        assert!(stop(true).way_out().unwrap().contains("`mms --sandbox child list`"));
    }
}
