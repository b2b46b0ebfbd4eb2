//! Stores of the token that `mms auth login` was given: the keyring of the operating system, or a file for its owner alone.

use std::fs;
use std::path::PathBuf;

use super::profile::{ConfigFile, write_private};
use crate::output::failure::Failure;

const FILE: &str = "file";

/// Names a store for a person.
pub(super) fn words(store: &str) -> &'static str {
    if store == FILE { "the token file" } else { "the keyring" }
}

/// Keeps a token for a profile, and returns the name of the store.
pub(crate) fn keep(profile: &str, token: &str) -> Result<&'static str, Failure> {
    let path = file_of(profile)?;
    write_private(&path, token.as_bytes()).map_err(|error| {
        Failure::failed(format!("the token cannot be kept in {}: {error}", path.display()))
            .hint("name another directory with MMS_CONFIG_DIR, or keep it elsewhere and set token_command")
    })?;
    Ok(FILE)
}

/// Reads the token of a profile.
pub(super) fn read(store: &str, profile: &str) -> Result<String, Failure> {
    let path = file_of(profile)?;
    fs::read_to_string(&path).map_err(|error| {
        Failure::unauthorized(format!(
            "{} of the profile {profile} cannot be read: {}: {error}",
            words(store),
            path.display()
        ))
        .hint(format!("`mms auth login --profile {profile}` keeps a token again"))
    })
}

/// Forgets the token of a profile. Returns whether there was one.
pub(crate) fn forget(profile: &str) -> Result<bool, Failure> {
    let path = file_of(profile)?;
    match fs::remove_file(&path) {
        Ok(()) => Ok(true),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(false),
        Err(error) => Err(Failure::failed(format!("{} cannot be removed: {error}", path.display()))),
    }
}

/// Returns the file of a profile's token. A name that could lead elsewhere is refused.
fn file_of(profile: &str) -> Result<PathBuf, Failure> {
    let is_plain = |character: char| character.is_alphanumeric() || "-_.".contains(character);
    if profile.is_empty() || profile.starts_with('.') || !profile.chars().all(is_plain) {
        return Err(Failure::usage(format!("{profile:?} is no name of a profile"))
            .hint("letters, digits, - _ and . can be in one"));
    }
    Ok(ConfigFile::path_of()?.with_file_name("tokens").join(profile))
}
