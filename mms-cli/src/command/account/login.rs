//! `mms auth login`: asks for zone and token, checks them, lets the person choose the distributor, and keeps all of it.

use std::io::{self, IsTerminal};

use mms_client::{BaseUrl, ZoneHost};
use mms_types::{CurrentUser, OrganizationId, OrganizationSummary};
use serde::Serialize;

use super::whoami::missing_scopes;
use crate::args::GlobalArgs;
use crate::config::{ConfigFile, Key, Settings, TokenSource, from_stdin, keep_token, parse_token};
use crate::lookup::resolve;
use crate::output::data::{Column, Record};
use crate::output::failure::Failure;
use crate::output::printer::Printer;
use crate::output::questions;
use crate::session::Session;

/// What was kept.
#[derive(Debug, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub(crate) struct LoggedIn {
    profile: String,
    config_file: String,
    /// The zone, the root of the API or the sandbox.
    api: String,
    user: Option<CurrentUser>,
    organization_id: Option<OrganizationId>,
    token_store: Option<&'static str>,
    missing_scopes: Vec<&'static str>,
}

impl Record for LoggedIn {
    const COLUMNS: &'static [Column<Self>] = &[
        Column::new("PROFILE", "profile", |row| (&row.profile).into()),
        Column::new("API", "api", |row| (&row.api).into()),
        Column::new("USER", "user", |row| row.user.as_ref().and_then(|user| user.name.as_ref()).into()),
        Column::new("ORGANIZATION", "organizationId", |row| row.organization_id.map(OrganizationId::get).into()),
        Column::new("TOKEN STORE", "tokenStore", |row| row.token_store.into()),
        Column::new("MISSING SCOPES", "missingScopes", |row| match row.missing_scopes.as_slice() {
            [] => "none".into(),
            missing => missing.join(" ").into(),
        }),
        Column::new("KEPT IN", "configFile", |row| (&row.config_file).into()),
    ];
}

/// Sets a profile up.
pub(super) async fn login(global: &GlobalArgs, printer: &Printer) -> Result<(), Failure> {
    printer.check_columns::<LoggedIn>()?;
    let file = ConfigFile::read()?;
    let name = Settings::profile_name(global, &file)?;
    let settings = Settings::read_or_new(global, printer)?;
    let found = settings.find(&[Key::Sandbox, Key::BaseUrl, Key::Zone])?;
    if let Some(found) = found.as_ref().filter(|found| found.key == Key::Sandbox && found.text != "false") {
        return keep_sandbox(file, name, &found.text, global, printer);
    }
    let (key, server) = match found.filter(|found| found.key != Key::Sandbox) {
        Some(found) => (found.key, found.text),
        None => (Key::Zone, ask_for_zone(printer).await?),
    };
    let base_url = match key {
        Key::BaseUrl if settings.is(Key::AllowHttp)? => BaseUrl::parse_allowing_http(&server),
        Key::BaseUrl => server.parse(),
        _ => return with_zone(global, printer, file, name, &server).await,
    };
    let base_url = base_url.map_err(|error| Failure::usage(format!("{}: {error}", key.name())))?;
    check_and_keep(global, printer, Target { file, name, key, server, base_url }).await
}

async fn with_zone(
    global: &GlobalArgs,
    printer: &Printer,
    file: ConfigFile,
    name: String,
    server: &str,
) -> Result<(), Failure> {
    let zone: ZoneHost = server.parse().map_err(|error| {
        Failure::usage(format!("zone: {error}")).hint("the zone is the host that you sign in to, such as eu1.make.com")
    })?;
    let server = zone.to_string();
    check_and_keep(global, printer, Target { file, name, key: Key::Zone, server, base_url: zone.into() }).await
}

/// Where the profile leads.
struct Target {
    file: ConfigFile,
    name: String,
    key: Key,
    server: String,
    base_url: BaseUrl,
}

async fn check_and_keep(global: &GlobalArgs, printer: &Printer, target: Target) -> Result<(), Failure> {
    let secret = ask_for_token(global, printer).await?;
    let token = parse_token(&secret, "your answer")?;
    let base_url = target.base_url.clone();
    let check = async |session: &Session| {
        let (authorization, user, organizations) =
            tokio::try_join!(session.authorization(), session.user(), session.organizations())?;
        if let Some(user) = &user {
            let who =
                [user.name.as_deref(), user.email.as_deref()].into_iter().flatten().collect::<Vec<_>>().join(", ");
            printer.note(&format!("The token is that of user {} ({who}).", user.id));
        }
        let organization_id = choose(global, printer, organizations.unwrap_or_default()).await?;
        let missing: Vec<_> = missing_scopes(&authorization.scope).into_iter().map(|missing| missing.scope).collect();
        if !missing.is_empty() {
            printer.warn(&format!("the token lacks scopes: {}; `mms status` shows what for", missing.join(", ")));
        }
        let Target { mut file, name, key, server, .. } = target;
        let store = keep_token(&name, &secret)?;
        file.begin_login(&name);
        for (key, text) in [(key, server.as_str()), (Key::TokenStore, store)] {
            file.set(&name, key, text);
        }
        if global.allow_http {
            file.set(&name, Key::AllowHttp, "true");
        }
        if let Some(id) = organization_id {
            file.set(&name, Key::OrganizationId, &id.to_string());
        }
        file.make_default_if_first(&name);
        file.write()?;
        printer.one(&LoggedIn {
            config_file: file.path().display().to_string(),
            profile: name,
            api: server,
            user,
            organization_id,
            token_store: Some(store),
            missing_scopes: missing,
        })
    };
    Session::with_token(global, printer, base_url, token, check).await
}

/// Keeps a sandbox as a profile, so that the daily commands are the same against both.
fn keep_sandbox(
    mut file: ConfigFile,
    name: String,
    sandbox: &str,
    global: &GlobalArgs,
    printer: &Printer,
) -> Result<(), Failure> {
    file.begin_login(&name);
    file.set(&name, Key::Sandbox, "true");
    if sandbox != "true" {
        let path = std::path::absolute(sandbox).map_or_else(|_| sandbox.to_owned(), |path| path.display().to_string());
        file.set(&name, Key::SandboxFile, &path);
    }
    if let Some(id) = global.organization_id {
        file.set(&name, Key::OrganizationId, &id.to_string());
    }
    file.make_default_if_first(&name);
    file.write()?;
    printer.one(&LoggedIn {
        config_file: file.path().display().to_string(),
        profile: name,
        api: "sandbox".to_owned(),
        user: None,
        organization_id: global.organization_id,
        token_store: None,
        missing_scopes: Vec::new(),
    })
}

fn is_answered() -> bool {
    io::stdin().is_terminal() && io::stderr().is_terminal()
}

async fn ask_for_zone(printer: &Printer) -> Result<String, Failure> {
    if !is_answered() {
        return Err(Failure::usage("no zone given, and nobody to ask")
            .hint("add --zone eu1.make.com, the host that you sign in to"));
    }
    questions::line(printer, "Zone, the host that you sign in to, such as eu1.make.com:").await
}

/// Takes the token from the file or the stream that is named, from a pipe, or from the person, without showing it.
async fn ask_for_token(global: &GlobalArgs, printer: &Printer) -> Result<String, Failure> {
    if global.token_file.is_some() {
        let settings = Settings::read_or_new(global, printer)?;
        if let Some(source) = TokenSource::find(&settings, printer)? {
            return source.read_text();
        }
    }
    if !is_answered() {
        return from_stdin();
    }
    printer.note("Make's web application makes a token under Profile, API access. It is not shown here.");
    questions::secret(printer, "Token:").await
}

/// Lets the person choose the distributor among the organizations that the token may see.
async fn choose(
    global: &GlobalArgs,
    printer: &Printer,
    organizations: Vec<OrganizationSummary>,
) -> Result<Option<OrganizationId>, Failure> {
    if let Some(id) = global.organization_id {
        if !organizations.iter().any(|organization| organization.id == id) {
            printer.warn(&format!("the token shows no organization {id}: it is taken as you say"));
        }
        return Ok(Some(id));
    }
    let list = |organizations: &[OrganizationSummary]| {
        let name = |organization: &OrganizationSummary| {
            format!("{} {}", organization.id, organization.name.as_deref().unwrap_or_default())
        };
        organizations.iter().map(name).collect::<Vec<_>>()
    };
    match organizations.as_slice() {
        [] => {
            printer.warn("the token shows no organization: `mms config set organization_id ID` names the distributor");
            Ok(None)
        }
        [one] => {
            printer.note(&format!(
                "The distributor is {}, the only organization of the token.",
                list(&organizations).join("")
            ));
            Ok(Some(one.id))
        }
        several if !is_answered() => {
            Err(Failure::usage(format!("the token shows several organizations: {}", list(several).join(", ")))
                .hint("name the distributor with --organization-id ID"))
        }
        several => {
            for line in list(several) {
                printer.note(&format!("  {line}"));
            }
            let answer = questions::line(printer, "Which one is the distributor? Its id or name:").await?;
            let chosen = resolve(&answer, several, &global.invocation())?;
            Ok(Some(chosen.id))
        }
    }
}
