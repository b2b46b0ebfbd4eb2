//! Server and distributor of a command, by flag over environment: a base URL, a zone or an embedded sandbox.

use std::path::PathBuf;

use etcetera::BaseStrategy;
use mms_client::{BaseUrl, ZoneHost, ZoneHostError};
use mms_types::OrganizationId;

use super::environment::{BASE_URL, ORGANIZATION_ID, ZONE, variable};
use crate::args::GlobalArgs;
use crate::output::failure::Failure;

/// Server of a command.
#[derive(Debug)]
pub(super) enum Server {
    /// A sandbox embedded in this process, with its data in a file.
    EmbeddedSandbox(PathBuf),
    /// Make, in one of its zones.
    Zone(ZoneHost),
    /// Any server that the caller names by the root of its API.
    BaseUrl(BaseUrl),
}

impl Server {
    /// Chooses the server, and says by which setting: a flag before the environment, a base URL before a zone; nothing where none is
    /// named.
    pub(super) fn choose(arguments: &GlobalArgs) -> Result<Option<(Self, &'static str)>, Failure> {
        if let Some(file) = &arguments.sandbox {
            refuse_beside_sandbox(arguments)?;
            let file = file.clone().map_or_else(default_file, Ok)?;
            return Ok(Some((Self::EmbeddedSandbox(file), "--sandbox")));
        }
        let of_base_url =
            |url: &str, source| base_url(url, source, arguments.allow_http).map(|server| (server, source));
        let of_zone = |host: &str, source| zone(host, source).map(|server| (server, source));
        match (&arguments.base_url, &arguments.zone) {
            (Some(_), Some(_)) => return Err(Failure::usage("--base-url and --zone exclude each other")),
            (Some(url), None) => return of_base_url(url, "--base-url").map(Some),
            (None, Some(host)) => return of_zone(host, "--zone").map(Some),
            (None, None) => {}
        }
        if let Some(url) = variable(BASE_URL)? {
            return of_base_url(&url, BASE_URL).map(Some);
        }
        variable(ZONE)?.map(|host| of_zone(&host, ZONE)).transpose()
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

/// Returns the setting that names the distributor.
pub(super) const fn organization_source(arguments: &GlobalArgs) -> &'static str {
    if arguments.organization_id.is_some() { "--organization-id" } else { ORGANIZATION_ID }
}

/// Chooses the distributor: a flag before the environment; nothing where none is named.
pub(super) fn organization_id(arguments: &GlobalArgs) -> Result<Option<OrganizationId>, Failure> {
    if arguments.organization_id.is_some() {
        return Ok(arguments.organization_id);
    }
    let Some(text) = variable(ORGANIZATION_ID)? else { return Ok(None) };
    text.parse().map(Some).map_err(|error| Failure::usage(format!("{ORGANIZATION_ID}: {error}")))
}
