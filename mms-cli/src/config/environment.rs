//! Environment variables that stand in for flags.

use std::env::{self, VarError};

use crate::output::failure::Failure;

/// Zone of Make, as in Make's own tools.
pub(super) const ZONE: &str = "MAKE_ZONE";
/// API token, as in Make's own tools.
pub(super) const API_KEY: &str = "MAKE_API_KEY";
/// Root of the API of any other server.
pub(super) const BASE_URL: &str = "MMS_BASE_URL";
/// The distributor.
pub(super) const ORGANIZATION_ID: &str = "MMS_ORGANIZATION_ID";
/// File that holds the token.
pub(super) const TOKEN_FILE: &str = "MMS_TOKEN_FILE";
/// Directory of what outlives a command.
pub(super) const STATE_DIR: &str = "MMS_STATE_DIR";

/// Directory of the profiles.
pub(super) const CONFIG_DIR: &str = "MMS_CONFIG_DIR";
/// The profile that is used.
pub(super) const PROFILE: &str = "MMS_PROFILE";

/// Whether names that commands read are kept for completions.
pub(crate) const KEEP_NAMES: &str = "MMS_KEEP_NAMES";

/// Names of a proxy for HTTPS.
const PROXIES: [&str; 4] = ["HTTPS_PROXY", "https_proxy", "ALL_PROXY", "all_proxy"];

/// Returns a variable that is set to something. One that is no text is an error that names it, never its value.
pub(super) fn variable(name: &str) -> Result<Option<String>, Failure> {
    match env::var(name) {
        Ok(value) => Ok(Some(value).filter(|value| !value.is_empty())),
        Err(VarError::NotPresent) => Ok(None),
        Err(VarError::NotUnicode(_)) => Err(Failure::usage(format!("the environment variable {name} is not UTF-8"))),
    }
}

/// Returns what the environment has for a token, as it stands.
pub(crate) fn token_variable() -> Option<std::ffi::OsString> {
    env::var_os(API_KEY)
}

/// Says whether a variable is set to something, text or not.
pub(super) fn is_set(name: &str) -> bool {
    env::var_os(name).is_some_and(|value| !value.is_empty())
}

/// Returns the variable that names a proxy for HTTPS, if one does.
pub(crate) fn proxy() -> Option<&'static str> {
    PROXIES.into_iter().find(|name| is_set(name))
}
