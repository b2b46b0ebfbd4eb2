//! `mms auth login`: asks for zone and token, checks them, lets the person choose the distributor, and keeps all of it.

use mms_client::{BaseUrl, BaseUrlError, ZoneHost};
use mms_types::{CurrentUser, OrganizationId};
use serde::Serialize;

use super::answers;
use super::new_profile::NewProfile;
use super::whoami::missing_scopes;
use crate::args::{GlobalArgs, LoginArgs};
use crate::config::{Found, Kept, Key, Settings, TokenStore, TokenStores, parse_token};
use crate::output::data::{Column, Record, Value};
use crate::output::failure::Failure;
use crate::output::printer::Printer;
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
        Column::new("ORGANIZATION", "organizationId", |row| row.organization_id.map(|id| Value::Id(id.get())).into()),
        Column::new("TOKEN STORE", "tokenStore", |row| row.token_store.into()),
        Column::new("MISSING SCOPES", "missingScopes", |row| match row.missing_scopes.as_slice() {
            [] => "none".into(),
            missing => missing.join(" ").into(),
        }),
        Column::new("KEPT IN", "configFile", |row| (&row.config_file).into()),
    ];
}

/// Sets a profile up.
pub(super) async fn login(arguments: &LoginArgs, global: &GlobalArgs, printer: &Printer) -> Result<(), Failure> {
    printer.check_columns::<LoggedIn>()?;
    let stores = TokenStores::of_user()?;
    stores.check(arguments.token_store)?;
    let profile = NewProfile::begin(global)?;
    let login = Login { global, printer, choice: arguments.token_store, stores, profile };
    let settings = Settings::read_or_new(global, printer)?;
    match settings.find(&[Key::Sandbox, Key::BaseUrl, Key::Zone])? {
        Some(found) if found.key == Key::Sandbox && found.text != "false" => {
            login.with_sandbox(&found, &settings).await
        }
        Some(found) if found.key == Key::BaseUrl => login.with_base_url(found.text, settings.is(Key::AllowHttp)?).await,
        Some(found) if found.key == Key::Zone => login.with_zone(answers::zone(&found.text)?).await,
        _ => login.with_zone(answers::ask_for_zone(printer).await?).await,
    }
}

/// Login under way.
struct Login<'a> {
    global: &'a GlobalArgs,
    printer: &'a Printer,
    /// The store that `--token-store` names.
    choice: Option<TokenStore>,
    stores: TokenStores,
    profile: NewProfile,
}

/// What a server says of a token, and where the token is kept.
struct CheckedToken {
    user: Option<CurrentUser>,
    missing_scopes: Vec<&'static str>,
    kept: Kept,
}

impl Login<'_> {
    /// Sets up a profile of a sandbox, so that the daily commands are the same against both.
    async fn with_sandbox(mut self, sandbox: &Found, settings: &Settings) -> Result<(), Failure> {
        if self.choice.is_some() {
            return Err(Failure::usage("--token-store: a sandbox has a token of its own, and none is kept")
                .hint("leave --token-store out"));
        }
        // A profile that names the sandbox itself keeps what it says of it.
        let own = |key| settings.profile().filter(|_| !sandbox.is_flag()).and_then(|profile| profile.get(key));
        let file = if sandbox.text == "true" { own(Key::SandboxFile) } else { Some(sandbox.text.as_str()) };
        self.profile.set(Key::Sandbox, "true");
        if let Some(file) = file {
            let path = std::path::absolute(file).map_or_else(|_| file.to_owned(), |path| path.display().to_string());
            self.profile.set(Key::SandboxFile, path);
        }
        self.profile.confirm_loss(self.global, self.printer).await?;
        let organization_id = self.global.organization_id.or_else(|| self.profile.former_organization());
        if !sandbox.is_flag() {
            let name = self.profile.name();
            self.printer.note(&format!(
                "The profile {name} speaks to a sandbox, as before; `mms auth login --profile NAME` makes another profile."
            ));
        }
        self.finish("sandbox".to_owned(), organization_id, None).await
    }

    /// Sets up a profile of a zone of Make.
    async fn with_zone(mut self, zone: ZoneHost) -> Result<(), Failure> {
        let server = zone.to_string();
        self.profile.set(Key::Zone, server.clone());
        self.check_and_keep(server, zone.into()).await
    }

    /// Sets up a profile of any other server.
    async fn with_base_url(mut self, server: String, allow_http: bool) -> Result<(), Failure> {
        let parsed = match server.parse() {
            Err(error) if BaseUrlError::is_plain_http(&error) && allow_http => {
                self.profile.set(Key::AllowHttp, "true");
                BaseUrl::parse_allowing_http(&server)
            }
            parsed => parsed,
        };
        let base_url = parsed.map_err(|error| Failure::usage(format!("base_url: {error}")))?;
        self.profile.set(Key::BaseUrl, server.clone());
        self.check_and_keep(server, base_url).await
    }

    /// Asks for the token, checks it, lets the person choose the distributor, and keeps all of it.
    async fn check_and_keep(self, server: String, base_url: BaseUrl) -> Result<(), Failure> {
        let (global, printer) = (self.global, self.printer);
        self.profile.confirm_loss(global, printer).await?;
        let secret = answers::token(global, printer).await?;
        let token = parse_token(&secret, "your answer")?;
        let check = async |session: &Session| {
            let (authorization, user, organizations) =
                tokio::try_join!(session.authorization(), session.user(), session.organizations())?;
            if let Some(user) = &user {
                let who =
                    [user.name.as_deref(), user.email.as_deref()].into_iter().flatten().collect::<Vec<_>>().join(", ");
                printer.note(&format!("The token is that of user {} ({who}).", user.id));
            }
            let (organizations, former) = (organizations.unwrap_or_default(), self.profile.former_organization());
            let organization_id = answers::distributor(global, printer, &organizations, former).await?;
            let missing = missing_scopes(&authorization.scope).into_iter().map(|missing| missing.scope);
            let missing_scopes: Vec<_> = missing.collect();
            if !missing_scopes.is_empty() {
                let missing = missing_scopes.join(", ");
                let status = global.invocation().profile_command("status");
                printer.warn(&format!("the token lacks scopes: {missing}; {status} shows what for"));
            }
            let tell = |text: &str| printer.note(text);
            let kept = self.stores.keep(self.choice, self.profile.name(), &secret, tell).await?;
            self.finish(server, organization_id, Some(CheckedToken { user, missing_scopes, kept })).await
        };
        Session::with_token(global, printer, base_url, token, check).await
    }

    /// Writes the profile, and shows it.
    async fn finish(
        mut self,
        api: String,
        organization_id: Option<OrganizationId>,
        token: Option<CheckedToken>,
    ) -> Result<(), Failure> {
        if let Some(id) = organization_id {
            self.profile.set(Key::OrganizationId, id.to_string());
        }
        self.profile.write(&self.stores, token.as_ref().map(|token| &token.kept), self.printer).await?;
        let token_store = token.as_ref().map(|token| token.kept.store.name());
        let (user, missing_scopes) = token.map(|token| (token.user, token.missing_scopes)).unwrap_or_default();
        self.printer.one(&LoggedIn {
            profile: self.profile.name().to_owned(),
            config_file: self.profile.file(),
            api,
            user,
            organization_id,
            token_store,
            missing_scopes,
        })
    }
}
