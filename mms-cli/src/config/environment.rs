//! The environment variables that stand in for flags.

use std::env::{self, VarError};

use crate::output::failure::Failure;

/// Returns a variable that is set to something. One that is no text is an error that names it, never its value.
pub(crate) fn variable(name: &str) -> Result<Option<String>, Failure> {
    match env::var(name) {
        Ok(value) => Ok(Some(value).filter(|value| !value.is_empty())),
        Err(VarError::NotPresent) => Ok(None),
        Err(VarError::NotUnicode(_)) => Err(Failure::usage(format!("the environment variable {name} is not UTF-8"))),
    }
}

/// Says whether a variable is set to something, text or not.
pub(crate) fn is_set(name: &str) -> bool {
    env::var_os(name).is_some_and(|value| !value.is_empty())
}
