//! Connection of one command: the server or embedded sandbox that flags and environment choose, and what is kept about it.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use mms_client::{ApiToken, BaseUrl, SendLog, SendLogKey};
use mms_sandbox::Sandbox;
use mms_types::OrganizationId;

use super::embedded_sandbox;
use super::environment::{KEEP_NAMES, ORGANIZATION_ID, is_set, proxy};
use super::key::Key;
use super::names_place::NamesPlace;
use super::required::{Setting, missing};
use super::server::{Server, organization, organization_of_sandbox, refuse_contradiction};
use super::settings::{Origin, Settings};
use super::state_dir::StateDir;
use super::token::TokenSource;
use crate::args::GlobalArgs;
use crate::output::failure::{Destination, Failure, ServerKind, Sources};
use crate::output::printer::Printer;

/// Share of an allocation from which a child counts as near its limit, in percent, where the profile says no other.
pub(crate) const NEAR: u64 = 80;

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
    /// Where names are kept for completions, if a shell asks for that.
    pub(crate) names: Option<NamesPlace>,
    /// File of what `mms doctor` saw last; nothing for a sandbox that nobody else can reach.
    pub(crate) observations: Option<PathBuf>,
    /// Name of the server for a person: the sandbox's file, or the root of the API.
    pub(crate) place: String,
    /// Share in percent from which a child counts as near its limit.
    pub(crate) near: u64,
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
        refuse_contradiction(arguments)?;
        let settings = Settings::read(arguments, printer)?;
        let near = match settings.get(Key::NearPercent)? {
            Some(found) => found.text.parse().unwrap_or(NEAR),
            None => NEAR,
        };
        let chosen = Server::choose(&settings, printer)?;
        if let Some((Server::EmbeddedSandbox(file), origin)) = &chosen {
            let id = organization_of_sandbox(&settings, origin)?;
            return Self::to_sandbox(arguments, file, origin, id, near, command).await;
        }
        let organization = organization(&settings, printer)?;
        let token = TokenSource::find(&settings, printer)?;
        let is_missing = |setting: &Setting| match setting {
            Setting::Zone => chosen.is_none(),
            Setting::Token => token.is_none(),
            Setting::Organization => organization.is_none(),
        };
        let absent: Vec<_> = required.iter().copied().filter(is_missing).collect();
        let (Some((server, origin)), Some(token), []) = (chosen, token, absent.as_slice()) else {
            return Err(missing(&absent, &arguments.invocation()));
        };
        refuse_foreign_token(&settings, &origin, &token)?;
        let (base_url, kind) = match server {
            Server::Zone(zone) => (zone.into(), ServerKind::Zone),
            Server::BaseUrl(base_url) => (base_url, ServerKind::BaseUrl),
            Server::EmbeddedSandbox(_) => return Err(missing(&[Setting::Zone], &arguments.invocation())),
        };
        let sources = Sources {
            server: origin.to_string(),
            token: token.name(),
            organization: organization
                .as_ref()
                .map_or_else(|| ORGANIZATION_ID.to_owned(), |(_, origin)| origin.to_string()),
        };
        let destination = destination(arguments, kind, sources);
        let state = StateDir::find(&settings, printer)?;
        let organization_id = organization.map(|(id, _)| id);
        let token = token.read(printer).await?;
        Ok(Self { near, ..Self::to_server(base_url, token, organization_id, &state, destination, printer) })
    }

    /// Opens a connection with a token that no setting names yet.
    pub(crate) fn with_token(
        arguments: &GlobalArgs,
        printer: &Printer,
        base_url: BaseUrl,
        token: ApiToken,
    ) -> Result<Self, Failure> {
        let state = StateDir::find(&Settings::read_or_new(arguments, printer)?, printer)?;
        let sources = Sources {
            server: "the zone".to_owned(),
            token: "this command".to_owned(),
            organization: "--organization-id".to_owned(),
        };
        let destination = destination(arguments, ServerKind::Zone, sources);
        Ok(Self::to_server(base_url, token, arguments.organization_id, &state, destination, printer))
    }

    fn to_server(
        base_url: BaseUrl,
        token: ApiToken,
        organization_id: Option<OrganizationId>,
        state: &StateDir,
        destination: Destination,
        printer: &Printer,
    ) -> Self {
        let key = SendLogKey { base_url: base_url.place(), organization_id };
        Self {
            token,
            organization_id,
            place: base_url.to_string(),
            api_name: None,
            journal: state.journal(),
            send_log: Some(state.send_log(&key, printer)),
            allocations: Some(state.allocations()),
            cache: Some(state.cache()),
            names: is_set(KEEP_NAMES).then(|| NamesPlace::of_server(&base_url, organization_id, state)),
            observations: Some(state.observations()),
            destination,
            base_url,
            near: NEAR,
            sandbox: None,
        }
    }

    async fn to_sandbox(
        arguments: &GlobalArgs,
        file: &Path,
        origin: &Origin,
        organization_id: Option<OrganizationId>,
        near: u64,
        command: &str,
    ) -> Result<Self, Failure> {
        let sandbox = embedded_sandbox::start(file, command).await?;
        let unusable = |error: &dyn std::error::Error| Failure::failed(format!("the sandbox cannot be used: {error}"));
        let distributor = sandbox.organization_id();
        let sources = Sources {
            server: origin.to_string(),
            token: origin.to_string(),
            organization: "--organization-id".to_owned(),
        };
        Ok(Self {
            base_url: sandbox.base_url().parse().map_err(|error| unusable(&error))?,
            token: sandbox.token().parse().map_err(|error| unusable(&error))?,
            organization_id: Some(organization_id.unwrap_or(distributor)),
            api_name: Some(embedded_sandbox::API_NAME),
            journal: embedded_sandbox::journal_beside(file),
            // It counts requests, and forgets them with this process: no log of earlier ones is needed.
            send_log: None,
            allocations: None,
            cache: None,
            names: is_set(KEEP_NAMES).then(|| NamesPlace::of_sandbox(file, organization_id)),
            observations: None,
            place: format!("sandbox {}", file.display()),
            destination: destination(arguments, ServerKind::EmbeddedSandbox(distributor), sources),
            near,
            sandbox: Some(sandbox),
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

fn destination(arguments: &GlobalArgs, server: ServerKind, sources: Sources) -> Destination {
    Destination { invocation: arguments.invocation(), server, sources, timeout: arguments.timeout, proxy: proxy() }
}

/// Refuses to send the token of a profile to another server than the profile's own.
fn refuse_foreign_token(settings: &Settings, server: &Origin, token: &TokenSource) -> Result<(), Failure> {
    let (Some(profile), Origin::ExplicitProfile(_) | Origin::Profile(_)) = (settings.profile(), token.origin()) else {
        return Ok(());
    };
    let own = profile.get(Key::BaseUrl).or_else(|| profile.get(Key::Zone));
    match own {
        Some(own) if server != token.origin() => Err(Failure::usage(format!(
            "the token of the profile {} is for {own}, and {server} names another server; nothing was sent",
            profile.name
        ))
        .hint("give a token beside the server, by MAKE_API_KEY or --token-file, or leave the server out")),
        _ => Ok(()),
    }
}
