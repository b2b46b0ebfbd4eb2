//! Connection of one command: the server or embedded sandbox that flags and environment choose, and what is kept about it.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use mms_client::{ApiToken, BaseUrl, SendLog, SendLogKey};
use mms_sandbox::Sandbox;
use mms_types::OrganizationId;

use super::embedded_sandbox;
use super::environment::proxy;
use super::required::{Setting, missing};
use super::server::{Server, organization_id, organization_source};
use super::state_dir::StateDir;
use super::token;
use crate::args::GlobalArgs;
use crate::output::failure::{Destination, Failure, ServerKind, Sources};
use crate::output::printer::Printer;

/// Everything that a session needs to speak to its server.
pub(crate) struct Connection {
    pub(crate) base_url: BaseUrl,
    pub(crate) token: ApiToken,
    pub(crate) organization_id: Option<OrganizationId>,
    /// Name by which the journal knows the API, where it is not the client's own.
    pub(crate) api_name: Option<&'static str>,
    /// File of the journal.
    pub(crate) journal: PathBuf,
    /// Log of sent requests, where other commands count against the same limit.
    pub(crate) send_log: Option<Arc<dyn SendLog>>,
    /// File of the allocations that were set a moment ago.
    pub(crate) allocations: Option<PathBuf>,
    /// File of the cache, where requests are worth saving.
    pub(crate) cache: Option<PathBuf>,
    /// Name of the server for a person: the sandbox's file, or the root of the API.
    pub(crate) place: String,
    /// Explanation of failed calls.
    pub(crate) destination: Destination,
    /// The sandbox that this process runs for the command.
    sandbox: Option<Sandbox>,
}

impl Connection {
    /// Opens the connection that the arguments and the environment choose. A sandbox is started; apart from that nothing is
    /// sent. `command` tells other processes who holds a sandbox's file.
    pub(crate) async fn open(
        arguments: &GlobalArgs,
        printer: &Printer,
        command: &str,
        required: &[Setting],
    ) -> Result<Self, Failure> {
        let chosen = Server::choose(arguments)?;
        if let Some((Server::EmbeddedSandbox(file), _)) = &chosen {
            return Self::to_sandbox(arguments, file, command).await;
        }
        let organization_id = organization_id(arguments)?;
        let is_missing = |setting: &Setting| match setting {
            Setting::Zone => chosen.is_none(),
            Setting::Token => !token::is_given(arguments.token_file.as_deref()),
            Setting::Organization => organization_id.is_none(),
        };
        let absent: Vec<_> = required.iter().copied().filter(is_missing).collect();
        let (base_url, kind, source) = match chosen {
            Some((Server::Zone(zone), source)) if absent.is_empty() => (zone.into(), ServerKind::Zone, source),
            Some((Server::BaseUrl(base_url), source)) if absent.is_empty() => (base_url, ServerKind::BaseUrl, source),
            _ => return Err(missing(&absent)),
        };
        Self::to_server(arguments, printer, base_url, destination(arguments, kind, source), organization_id)
    }

    async fn to_sandbox(arguments: &GlobalArgs, file: &Path, command: &str) -> Result<Self, Failure> {
        let sandbox = embedded_sandbox::start(file, command).await?;
        let unusable = |error: &dyn std::error::Error| Failure::failed(format!("the sandbox cannot be used: {error}"));
        let distributor = sandbox.organization_id();
        Ok(Self {
            base_url: sandbox.base_url().parse().map_err(|error| unusable(&error))?,
            token: sandbox.token().parse().map_err(|error| unusable(&error))?,
            organization_id: Some(arguments.organization_id.unwrap_or(distributor)),
            api_name: Some(embedded_sandbox::API_NAME),
            journal: embedded_sandbox::journal_beside(file),
            // It counts requests, and forgets them with this process: no log of earlier ones is needed.
            send_log: None,
            allocations: None,
            cache: None,
            place: format!("sandbox {}", file.display()),
            destination: destination(arguments, ServerKind::EmbeddedSandbox(distributor), "--sandbox"),
            sandbox: Some(sandbox),
        })
    }

    fn to_server(
        arguments: &GlobalArgs,
        printer: &Printer,
        base_url: BaseUrl,
        destination: Destination,
        organization_id: Option<OrganizationId>,
    ) -> Result<Self, Failure> {
        let token = token::find(arguments.token_file.as_deref())?;
        let state = StateDir::find(arguments, printer)?;
        let key = SendLogKey { base_url: base_url.place(), organization_id };
        Ok(Self {
            token,
            organization_id,
            place: base_url.to_string(),
            api_name: None,
            journal: state.journal(),
            send_log: Some(state.send_log(&key, printer)),
            allocations: Some(state.allocations()),
            cache: Some(state.cache()),
            destination,
            base_url,
            sandbox: None,
        })
    }

    /// Returns the root of the API for other programs; nothing for an embedded sandbox, whose root ends with the command.
    pub(crate) fn lasting_base_url(&self) -> Option<&BaseUrl> {
        if self.sandbox.is_some() { None } else { Some(&self.base_url) }
    }

    /// Says whether the server is a sandbox within this process.
    pub(crate) const fn is_embedded(&self) -> bool {
        self.sandbox.is_some()
    }

    /// Closes the connection: an embedded sandbox is stopped.
    pub(crate) async fn close(self) -> Result<(), Failure> {
        match self.sandbox {
            Some(sandbox) => sandbox.stop().await.map_err(Failure::from),
            None => Ok(()),
        }
    }
}

fn destination(arguments: &GlobalArgs, server: ServerKind, source: &'static str) -> Destination {
    let sources = Sources {
        server: source,
        token: token::source(arguments.token_file.as_deref()),
        organization: organization_source(arguments),
    };
    Destination { invocation: arguments.invocation(), server, sources, timeout: arguments.timeout, proxy: proxy() }
}
