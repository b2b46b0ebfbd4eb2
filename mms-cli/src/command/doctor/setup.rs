//! Settings of a diagnosis: what can be read without a request, and where that leads.

use std::path::PathBuf;

use mms_client::BaseUrl;
use mms_types::OrganizationId;

use super::check::{Check, advice_of};
use crate::args::GlobalArgs;
use crate::config::{
    ConfigFile, Key, SANDBOX_API_NAME, SERVER_KEYS, Server, Setting, Settings, StateDir, TOKEN_KEYS, TokenSource,
    TokenStore, TokenStores, journal_beside, missing, organization, organization_of_sandbox, refuse_contradiction,
};
use crate::invocation::Invocation;
use crate::output::failure::Failure;
use crate::output::printer::Printer;

/// What the settings lead to.
#[derive(Default)]
pub(super) struct Setup {
    /// The name of the API in the journal, as far as it is known without an answer.
    pub(super) place: Option<String>,
    pub(super) organization_id: Option<OrganizationId>,
    pub(super) journal: Option<PathBuf>,
    pub(super) config: Option<PathBuf>,
    pub(super) state_dir: Option<PathBuf>,
    /// Files and directories of names and addresses, some of which may not be there.
    pub(super) kept: Vec<PathBuf>,
    /// Files that hold a token.
    pub(super) secrets: Vec<PathBuf>,
    pub(super) token: Option<TokenSource>,
    pub(super) is_embedded: bool,
    /// Whether server and token are said.
    pub(super) is_connectable: bool,
}

impl Setup {
    /// Reads the settings. What cannot be read is a check that found it, and what depends on it is left out.
    pub(super) fn read(global: &GlobalArgs, printer: &Printer) -> (Self, Vec<Check>) {
        let mut setup = Self { config: ConfigFile::path_of().ok(), ..Self::default() };
        let settings = match Settings::read(global, printer) {
            Ok(settings) => settings,
            Err(failure) => {
                let unread = "the configuration cannot be read";
                let skipped = ["settings", "environment"].map(|check| Check::skipped(check, unread));
                return (setup, [Check::failed("configuration", &failure)].into_iter().chain(skipped).collect());
            }
        };
        let mut checks = vec![configuration(&settings)];
        match setup.take(&settings, global, printer) {
            Ok(chosen) => checks.push(chosen),
            Err(failure) => checks.push(Check::failed("settings", &failure)),
        }
        checks.push(environment(&settings).unwrap_or_else(|failure| Check::failed("environment", &failure)));
        (setup, checks)
    }

    /// Takes what the settings say, and says where each comes from.
    fn take(&mut self, settings: &Settings, global: &GlobalArgs, printer: &Printer) -> Result<Check, Failure> {
        refuse_contradiction(global)?;
        let state = StateDir::find(settings, printer)?;
        let server = Server::choose(settings, printer)?;
        if let Some((Server::EmbeddedSandbox(file), origin)) = server {
            self.organization_id = organization_of_sandbox(settings, &origin)?;
            self.place = Some(SANDBOX_API_NAME.to_owned());
            (self.is_embedded, self.is_connectable) = (true, true);
            let shown = format!("sandbox {} from {origin}, with a token and a distributor of its own", file.display());
            self.journal = Some(journal_beside(&file));
            self.kept.extend(self.journal.clone());
            self.secrets.push(file);
            return Ok(Check::ok("settings", shown));
        }
        self.journal = Some(state.journal());
        self.state_dir = Some(state.path().to_owned());
        self.kept = state.kept();
        let organization = organization(settings, printer)?;
        self.organization_id = organization.as_ref().map(|(id, _)| *id);
        let token = TokenSource::find(settings, printer)?;
        self.secrets.extend(secret(settings)?);
        let mut said = Vec::new();
        let mut absent = Vec::new();
        match server {
            Some((server, origin)) => {
                let url = match server {
                    Server::Zone(zone) => BaseUrl::from(zone),
                    Server::BaseUrl(url) => url,
                    Server::EmbeddedSandbox(_) => return Err(missing(&[Setting::Zone], &global.invocation())),
                };
                said.push(format!("server {url} from {origin}"));
                self.place = Some(url.place());
            }
            None => absent.push(Setting::Zone),
        }
        match &token {
            Some(token) => said.push(format!("token from {}", token.name())),
            None => absent.push(Setting::Token),
        }
        match &organization {
            Some((id, origin)) => said.push(format!("organization {id} from {origin}")),
            None => absent.push(Setting::Organization),
        }
        self.is_connectable = self.place.is_some() && token.is_some();
        self.token = token;
        Ok(if absent.is_empty() {
            Check::ok("settings", said.join(", "))
        } else {
            incomplete(&absent, said, &global.invocation())
        })
    }
}

/// Names what is missing beside what is there.
fn incomplete(absent: &[Setting], mut said: Vec<String>, invocation: &Invocation) -> Check {
    let failure = missing(absent, invocation);
    said.insert(0, failure.message().to_owned());
    let advice = if absent.len() == 1 {
        advice_of(&failure)
    } else {
        let login = invocation.command("auth login");
        Some(format!("{login} asks for it and keeps it; `mms --sandbox doctor` needs no account"))
    };
    Check { advice, found: said.join("; "), ..Check::failed("settings", &failure) }
}

/// Returns the file that holds the token, if one does.
fn secret(settings: &Settings) -> Result<Option<PathBuf>, Failure> {
    let Some(found) = settings.find(&TOKEN_KEYS)? else { return Ok(None) };
    match (found.key, settings.profile()) {
        (Key::TokenFile, _) if found.text != "-" => Ok(Some(found.text.into())),
        (Key::TokenStore, Some(profile)) => match TokenStore::parse(&found.text) {
            Some(store) => TokenStores::of_user()?.file_of(store, &profile.name),
            None => Ok(None),
        },
        _ => Ok(None),
    }
}

/// Says which file and profile count, and whether the other profiles can be read.
fn configuration(settings: &Settings) -> Check {
    let file = match ConfigFile::read() {
        Ok(file) => file,
        Err(failure) => return Check::failed("configuration", &failure),
    };
    let path = file.path().display();
    if !file.path().exists() {
        return Check::ok("configuration", format!("no profiles: {path} is not there"));
    }
    if let Some(failure) = file.names().iter().find_map(|name| file.profile(name).err()) {
        return Check::warning("configuration", failure.message(), "`mms config edit` opens it");
    }
    Check::ok(
        "configuration",
        match settings.profile() {
            Some(profile) => format!("{path}, profile {}", profile.name),
            None => format!("{path}, and no profile of it is used"),
        },
    )
}

/// Says where the environment goes before the profile.
fn environment(settings: &Settings) -> Result<Check, Failure> {
    let mut overridden = Vec::new();
    for keys in [&SERVER_KEYS[..], &[Key::OrganizationId], &TOKEN_KEYS] {
        if let Some(found) = settings.find(keys)? {
            overridden.extend(settings.overridden(&found, keys)?);
        }
    }
    Ok(if overridden.is_empty() {
        Check::ok("environment", "no variable goes before a profile that says something else")
    } else {
        Check::warning(
            "environment",
            overridden.join("; "),
            "--profile NAME puts the profile first, or unset the variable",
        )
    })
}
