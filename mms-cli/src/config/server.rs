//! Server and distributor of a command, by flag over environment: a base URL, a zone or an embedded sandbox.

use std::path::PathBuf;

use etcetera::BaseStrategy;
use mms_client::{BaseUrl, ZoneHost, ZoneHostError};
use mms_types::OrganizationId;

use super::environment::ZONE;
use super::key::Key;
use super::required::{Setting, missing};
use super::settings::{Found, Origin, Settings};
use crate::args::GlobalArgs;
use crate::invocation::Invocation;
use crate::output::failure::Failure;
use crate::output::printer::Printer;

/// Server of a command.
#[derive(Debug)]
pub(crate) enum Server {
    /// A sandbox embedded in this process, with its data in a file.
    EmbeddedSandbox(PathBuf),
    /// Make, in one of its zones.
    Zone(ZoneHost),
    /// Any server that the caller names by the root of its API.
    BaseUrl(BaseUrl),
}

/// Settings that name a server, in the order in which they count where one place has several.
pub(crate) const KEYS: [Key; 3] = [Key::Sandbox, Key::BaseUrl, Key::Zone];

impl Server {
    /// Chooses the server, and says by what; nothing where none is named.
    pub(crate) fn choose(settings: &Settings, printer: &Printer) -> Result<Option<(Self, Origin)>, Failure> {
        let Some(found) = settings.find(&KEYS)?.filter(|found| found.key != Key::Sandbox || found.text != "false")
        else {
            return Ok(None);
        };
        settings.tell_of_override(&found, &KEYS, printer)?;
        let Found { key, text, origin } = found;
        let source = origin.to_string();
        let server = match key {
            Key::Sandbox => Self::EmbeddedSandbox(sandbox_file(settings, &text, &origin)?),
            Key::BaseUrl => base_url(&text, &source, settings.is(Key::AllowHttp)?)?,
            _ => zone(&text, &source)?,
        };
        Ok(Some((server, origin)))
    }
}

/// Web application of a server, as far as the settings say where it is. It takes no token to know.
#[derive(Debug)]
pub(crate) struct WebPlace {
    zone: Option<ZoneHost>,
    distributor: Option<OrganizationId>,
    invocation: Invocation,
}

impl WebPlace {
    /// Finds it in the settings; a sandbox has none.
    pub(crate) fn find(arguments: &GlobalArgs, printer: &Printer) -> Result<Self, Failure> {
        refuse_contradiction(arguments)?;
        let settings = Settings::read(arguments, printer)?;
        let zone = match Server::choose(&settings, printer)? {
            Some((Server::EmbeddedSandbox(_), _)) => return Err(Self::refuse_sandbox()),
            Some((Server::Zone(zone), _)) => Some(zone),
            Some((Server::BaseUrl(url), _)) => {
                zone_within(url.as_str()).filter(|_| url.as_str().starts_with("https://"))
            }
            None => None,
        };
        let distributor = organization(&settings, printer)?.map(|(id, _)| id);
        Ok(Self { zone, distributor, invocation: arguments.invocation() })
    }

    /// Makes the failure of a command that wants the web application of a sandbox.
    pub(crate) fn refuse_sandbox() -> Failure {
        Failure::usage("a sandbox has no web application")
            .hint("leave the sandbox out, and name Make's zone: --zone eu1.make.com")
    }

    /// Returns the zone; an error where the settings name none, or another server.
    pub(crate) fn zone(&self) -> Result<ZoneHost, Failure> {
        self.zone.ok_or_else(|| {
            Failure::usage("no zone of Make is given, whose web application has the page")
                .hint(format!("set {ZONE} or --zone to the host that you sign in to, such as eu1.make.com"))
        })
    }

    /// Returns the distributor; an error where nobody named one.
    pub(crate) fn distributor(&self) -> Result<OrganizationId, Failure> {
        self.distributor.ok_or_else(|| missing(&[Setting::Organization], &self.invocation))
    }
}

/// Returns the file of the sandbox: that of the flag, else that of the profile which names the sandbox, else the default.
fn sandbox_file(settings: &Settings, text: &str, origin: &Origin) -> Result<PathBuf, Failure> {
    if text != "true" {
        return Ok(text.into());
    }
    let of_profile = match origin {
        Origin::Flag(_) => None,
        _ => settings.get(Key::SandboxFile)?,
    };
    of_profile.map_or_else(default_file, |found| Ok(found.text.into()))
}

/// Refuses flags that exclude each other.
pub(crate) fn refuse_contradiction(arguments: &GlobalArgs) -> Result<(), Failure> {
    if arguments.sandbox.is_some() {
        return refuse_beside_sandbox(arguments);
    }
    match (&arguments.base_url, &arguments.zone) {
        (Some(_), Some(_)) => Err(Failure::usage("--base-url and --zone exclude each other")),
        _ => Ok(()),
    }
}

fn refuse_beside_sandbox(arguments: &GlobalArgs) -> Result<(), Failure> {
    let others = [
        ("--zone", arguments.zone.is_some()),
        ("--base-url", arguments.base_url.is_some()),
        ("--token-file", arguments.token_file.is_some()),
    ];
    match others.iter().find(|(_, given)| *given) {
        Some((flag, _)) => Err(Failure::usage(format!("--sandbox and {flag} exclude each other"))),
        None => Ok(()),
    }
}

/// Refuses arguments that name a server or a distributor to `mms sandbox serve`, which is a server itself.
pub(crate) fn refuse_for_serve(arguments: &GlobalArgs) -> Result<(), Failure> {
    let alone = "it speaks to nobody: leave that out";
    let others = [
        ("--sandbox", arguments.sandbox.is_some(), "name its file with --data FILE"),
        ("--zone", arguments.zone.is_some(), alone),
        ("--base-url", arguments.base_url.is_some(), alone),
        ("--allow-http", arguments.allow_http, alone),
        ("--organization-id", arguments.organization_id.is_some(), "it says itself which distributor it has"),
        ("--token-file", arguments.token_file.is_some(), "it says itself which token it takes"),
        ("--state-dir", arguments.state_dir.is_some(), alone),
    ];
    match others.iter().find(|(_, given, _)| *given) {
        Some((flag, _, hint)) => Err(Failure::usage(format!("`mms sandbox serve` takes no {flag}")).hint(*hint)),
        None => Ok(()),
    }
}

fn base_url(text: &str, source: &str, allow_http: bool) -> Result<Server, Failure> {
    let parsed = if allow_http { BaseUrl::parse_allowing_http(text) } else { text.parse() };
    parsed.map(Server::BaseUrl).map_err(|error| {
        let failure = Failure::usage(format!("{source}: {error}"));
        failure.hint(if error.is_plain_http() {
            "use https, or add --allow-http if the way there is private"
        } else {
            "a base URL looks like https://eu1.make.com/api/v2"
        })
    })
}

fn zone(host: &str, source: &str) -> Result<Server, Failure> {
    host.parse().map(Server::Zone).map_err(|error: ZoneHostError| {
        Failure::usage(format!("{source}: {error}")).hint(match zone_within(host) {
            Some(zone) => format!("write the host alone: {source}{}{zone}", if source == ZONE { '=' } else { ' ' }),
            None => "another host needs --base-url with the root of its API".to_owned(),
        })
    })
}

/// Returns the zone whose host stands in a URL, or in a part of one.
fn zone_within(text: &str) -> Option<ZoneHost> {
    let rest = text.trim().trim_start_matches("https://").trim_start_matches("http://");
    rest.split(['/', ':', '?', '#']).next()?.parse().ok()
}

/// Returns the file that `--sandbox` alone means: `mms/sandbox.db` in the user's data directory.
fn default_file() -> Result<PathBuf, Failure> {
    let strategy = etcetera::choose_base_strategy().map_err(|error| {
        Failure::usage(format!("the user's data directory is unknown: {error}")).hint("name a file: --sandbox=FILE")
    })?;
    Ok(strategy.data_dir().join("mms").join("sandbox.db"))
}

/// Chooses the distributor; nothing where none is named.
pub(crate) fn organization(
    settings: &Settings,
    printer: &Printer,
) -> Result<Option<(OrganizationId, Origin)>, Failure> {
    let Some(found) = settings.get(Key::OrganizationId)? else { return Ok(None) };
    settings.tell_of_override(&found, &[Key::OrganizationId], printer)?;
    let Found { text, origin, .. } = found;
    let id = text.parse().map_err(|error| Failure::usage(format!("{origin}: {error}")))?;
    Ok(Some((id, origin)))
}

/// Chooses the distributor of a sandbox: that of the flag, or of the profile that names the sandbox; nothing means its own.
pub(crate) fn organization_of_sandbox(
    settings: &Settings,
    sandbox: &Origin,
) -> Result<Option<OrganizationId>, Failure> {
    let Some(Found { text, origin, .. }) = settings.get(Key::OrganizationId)? else { return Ok(None) };
    let counts = matches!(origin, Origin::Flag(_)) || origin == *sandbox;
    if !counts {
        return Ok(None);
    }
    text.parse().map(Some).map_err(|error| Failure::usage(format!("{origin}: {error}")))
}
