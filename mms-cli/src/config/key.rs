//! Settings by name: what a profile can say, and the flag and the variable that say the same.

use mms_client::{BaseUrl, ZoneHost};
use mms_types::OrganizationId;

use super::environment::{API_KEY, BASE_URL, ORGANIZATION_ID, STATE_DIR, TOKEN_FILE, ZONE};
use super::token_store::store::TokenStore;
use crate::output::failure::Failure;

/// Name of the setting that stands above the profiles: the profile that is used where nobody names one.
pub(crate) const DEFAULT_PROFILE: &str = "default_profile";

/// Says whether a name means that setting.
pub(crate) fn is_default_profile(name: &str) -> bool {
    canonical(name) == DEFAULT_PROFILE
}

/// Returns a name of a setting as the file spells it.
fn canonical(name: &str) -> String {
    name.replace('-', "_").to_ascii_lowercase()
}

/// Setting that has a name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Key {
    /// Whether the server is a sandbox on this machine.
    Sandbox,
    /// The file of that sandbox.
    SandboxFile,
    /// Root of the API.
    BaseUrl,
    /// Zone of Make.
    Zone,
    /// Whether a base URL may be plain HTTP.
    AllowHttp,
    /// The distributor.
    OrganizationId,
    /// The token itself, of the environment alone.
    Token,
    /// Program that prints the token.
    TokenCommand,
    /// File that holds the token.
    TokenFile,
    /// Where `mms auth login` put the token.
    TokenStore,
    /// Directory of what outlives a command.
    StateDir,
    /// Share from which a child counts as near its limit.
    NearPercent,
}

impl Key {
    /// All of them, in the order in which they are shown.
    pub(crate) const ALL: [Self; 12] = [
        Self::Sandbox,
        Self::SandboxFile,
        Self::BaseUrl,
        Self::Zone,
        Self::AllowHttp,
        Self::OrganizationId,
        Self::Token,
        Self::TokenCommand,
        Self::TokenFile,
        Self::TokenStore,
        Self::StateDir,
        Self::NearPercent,
    ];

    /// Returns the name in a profile.
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::Sandbox => "sandbox",
            Self::SandboxFile => "sandbox_file",
            Self::BaseUrl => "base_url",
            Self::Zone => "zone",
            Self::AllowHttp => "allow_http",
            Self::OrganizationId => "organization_id",
            Self::Token => "token",
            Self::TokenCommand => "token_command",
            Self::TokenFile => "token_file",
            Self::TokenStore => "token_store",
            Self::StateDir => "state_dir",
            Self::NearPercent => "near_percent",
        }
    }

    /// Returns the environment variable, if there is one.
    pub(crate) const fn variable(self) -> Option<&'static str> {
        match self {
            Self::BaseUrl => Some(BASE_URL),
            Self::Zone => Some(ZONE),
            Self::OrganizationId => Some(ORGANIZATION_ID),
            Self::Token => Some(API_KEY),
            Self::TokenFile => Some(TOKEN_FILE),
            Self::StateDir => Some(STATE_DIR),
            _ => None,
        }
    }

    /// Returns the flag, if there is one.
    pub(crate) const fn flag(self) -> Option<&'static str> {
        match self {
            Self::Sandbox => Some("--sandbox"),
            Self::BaseUrl => Some("--base-url"),
            Self::Zone => Some("--zone"),
            Self::AllowHttp => Some("--allow-http"),
            Self::OrganizationId => Some("--organization-id"),
            Self::TokenFile => Some("--token-file"),
            Self::StateDir => Some("--state-dir"),
            _ => None,
        }
    }

    /// Says whether a number is meant.
    pub(super) const fn is_number(self) -> bool {
        matches!(self, Self::OrganizationId | Self::NearPercent)
    }

    /// Finds the setting of a name.
    pub(crate) fn parse(name: &str) -> Result<Self, Failure> {
        let wanted = canonical(name);
        if wanted == Self::Token.name() {
            return Err(Failure::usage("a token does not stand in the profile, where it would be read by chance")
                .hint("`mms auth login` keeps it; or set token_command, such as \"pass show make\", or token_file"));
        }
        Self::ALL.into_iter().find(|key| key.name() == wanted).ok_or_else(|| {
            let names = Self::ALL.iter().filter(|key| **key != Self::Token).map(|key| key.name());
            let names: Vec<_> = names.collect();
            Failure::usage(format!("there is no setting {name:?}"))
                .hint(format!("the settings are {}; {DEFAULT_PROFILE} stands above the profiles", names.join(", ")))
        })
    }

    /// Says why a text cannot be the value.
    pub(crate) fn check(self, text: &str) -> Result<(), String> {
        let refused = |error: &dyn std::fmt::Display| error.to_string();
        match self {
            Self::Sandbox | Self::AllowHttp if !matches!(text, "true" | "false") => {
                Err(format!("{text:?} is neither true nor false"))
            }
            Self::Zone => text.parse::<ZoneHost>().map(drop).map_err(|error| refused(&error)),
            Self::BaseUrl => BaseUrl::parse_allowing_http(text).map(drop).map_err(|error| refused(&error)),
            Self::OrganizationId => text.parse::<OrganizationId>().map(drop).map_err(|error| refused(&error)),
            Self::NearPercent => match text.parse::<u64>() {
                Ok(1..=100) => Ok(()),
                _ => Err(format!("{text:?} is not a share: expected whole percent from 1 to 100")),
            },
            Self::TokenStore if TokenStore::parse(text).is_none() => {
                Err(format!("{text:?} is neither keyring nor file: `mms auth login` sets it"))
            }
            _ if text.is_empty() => Err("it is empty: unset it in place of that".to_owned()),
            _ => Ok(()),
        }
    }
}
