//! Profile that a login sets up: what it said of its server before makes room for what it says now.

use std::fmt;
use std::path::{self, PathBuf};

use mms_client::{BaseUrl, ZoneHost};
use mms_types::OrganizationId;

use crate::args::GlobalArgs;
use crate::config::{ConfigFile, Kept, Key, Profile, Settings, TokenStore, TokenStores};
use crate::output::failure::Failure;
use crate::output::printer::Printer;
use crate::output::questions::Confirmation;

/// Profile before it is written.
#[derive(Debug)]
pub(super) struct NewProfile {
    file: ConfigFile,
    name: String,
    values: Vec<(Key, String)>,
    /// What it said before.
    former: Profile,
}

impl NewProfile {
    /// Begins the profile that is meant, which may be there already.
    pub(super) fn begin(global: &GlobalArgs) -> Result<Self, Failure> {
        let file = ConfigFile::read()?;
        let name = Settings::profile_name(global, &file)?;
        let former = file.profile(&name)?.unwrap_or_default();
        Ok(Self { file, name, values: Vec::new(), former })
    }

    /// Returns the name.
    pub(super) fn name(&self) -> &str {
        &self.name
    }

    /// Returns the file that it is written to.
    pub(super) fn file(&self) -> String {
        self.file.path().display().to_string()
    }

    /// Sets a value.
    pub(super) fn set(&mut self, key: Key, value: impl Into<String>) {
        self.values.push((key, value.into()));
    }

    /// Returns the distributor that the profile names, unless it is that of another server.
    pub(super) fn former_organization(&self) -> Option<OrganizationId> {
        let server = ProfileServer::of(|key| self.former.get(key));
        let is_same = server.is_none_or(|server| Some(server) == self.server());
        self.former.get(Key::OrganizationId).filter(|_| is_same)?.parse().ok()
    }

    /// Asks before another server takes the place of the profile's own and of its token. Nothing is changed yet.
    pub(super) async fn confirm_loss(&self, global: &GlobalArgs, printer: &Printer) -> Result<(), Failure> {
        let Some(loss) = self.loss() else { return Ok(()) };
        let confirmation = Confirmation::new(global.yes).map_err(|_| {
            Failure::usage(format!("the {loss}: a login to another server replaces that, and nobody is there to ask"))
                .hint("name another profile with --profile NAME, or add --yes to replace what this one says")
        })?;
        confirmation.confirm(printer, &format!("The {loss}. Replace that?")).await
    }

    /// Says what the profile loses to another server.
    fn loss(&self) -> Option<String> {
        let server = ProfileServer::of(|key| self.former.get(key));
        if server == self.server() {
            return None;
        }
        let server = server.map(|server| format!("speaks to {server}"));
        let losses: Vec<_> = server.into_iter().chain(self.former_token()).collect();
        if losses.is_empty() { None } else { Some(format!("profile {} {}", self.name, losses.join(" and "))) }
    }

    /// Returns the server of the login.
    fn server(&self) -> Option<ProfileServer> {
        ProfileServer::of(|key| self.values.iter().find(|(set, _)| *set == key).map(|(_, value)| value.as_str()))
    }

    fn former_token(&self) -> Option<String> {
        let former = |key| self.former.get(key);
        if let Some(store) = former(Key::TokenStore).and_then(TokenStore::parse) {
            return Some(format!("has a token in {}", store.words()));
        }
        let place = former(Key::TokenCommand).or_else(|| former(Key::TokenFile))?;
        Some(format!("takes its token from {place}"))
    }

    /// Writes the profile, and forgets the token of an earlier login where `kept` did not take its place.
    pub(super) async fn write(
        &mut self,
        stores: &TokenStores,
        kept: Option<&Kept>,
        printer: &Printer,
    ) -> Result<(), Failure> {
        let Self { file, name, values, former } = self;
        let former_store = former.get(Key::TokenStore).and_then(TokenStore::parse);
        file.begin_login(name);
        if let Some(kept) = kept {
            file.set(name, Key::TokenStore, kept.store.name());
        }
        for (key, value) in values {
            file.set(name, *key, value);
        }
        file.make_default_if_first(name);
        file.write()?;
        let forgotten = stores.forget_former(former_store, kept, name, |text| printer.note(text)).await;
        if let Err(failure) = forgotten {
            let texts: Vec<_> = [Some(failure.message()), failure.hint_line()].into_iter().flatten().collect();
            printer.warn(&texts.join("; "));
        }
        Ok(())
    }
}

/// Server of a profile, however its address is spelled.
#[derive(Debug, PartialEq, Eq)]
enum ProfileServer {
    /// A sandbox, with its file unless that is the default.
    Sandbox(Option<PathBuf>),
    /// An API, by its canonical place.
    Api(String),
}

impl ProfileServer {
    /// Finds the server among the values of a profile.
    fn of<'a>(value: impl Fn(Key) -> Option<&'a str>) -> Option<Self> {
        if value(Key::Sandbox) == Some("true") {
            let absolute = |file: &str| path::absolute(file).unwrap_or_else(|_| file.into());
            return Some(Self::Sandbox(value(Key::SandboxFile).map(absolute)));
        }
        if let Some(text) = value(Key::BaseUrl) {
            return Some(Self::Api(
                BaseUrl::parse_allowing_http(text).map_or_else(|_| text.to_owned(), |url| url.place()),
            ));
        }
        let zone = value(Key::Zone)?;
        Some(Self::Api(zone.parse().map_or_else(|_| zone.to_owned(), |zone: ZoneHost| BaseUrl::from(zone).place())))
    }
}

impl fmt::Display for ProfileServer {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Sandbox(None) => formatter.write_str("a sandbox"),
            Self::Sandbox(Some(file)) => write!(formatter, "the sandbox {}", file.display()),
            Self::Api(place) => formatter.write_str(place),
        }
    }
}
