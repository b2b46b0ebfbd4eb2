//! Token files: one for each profile in `tokens/` beside the file of the profiles, for their owner alone.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use super::TokenStore;
use crate::config::profile::write_private;
use crate::output::failure::Failure;

/// Token files of all profiles.
#[derive(Debug)]
pub(super) struct TokenFiles {
    directory: PathBuf,
}

impl TokenFiles {
    /// Returns the files beside the file of the profiles.
    pub(super) fn beside(config_file: &Path) -> Self {
        Self { directory: config_file.with_file_name("tokens") }
    }

    /// Returns the file of a profile. A name that could lead elsewhere is refused.
    pub(super) fn path_of(&self, profile: &str) -> Result<PathBuf, Failure> {
        let is_plain = |character: char| character.is_alphanumeric() || "-_.".contains(character);
        if profile.is_empty() || profile.starts_with('.') || !profile.chars().all(is_plain) {
            return Err(Failure::usage(format!("{profile:?} is no name of a profile"))
                .hint("letters, digits, - _ and . can be in one"));
        }
        Ok(self.directory.join(profile))
    }

    /// Writes the file of a profile.
    pub(super) fn keep(&self, profile: &str, token: &str) -> Result<(), Failure> {
        let path = self.path_of(profile)?;
        write_private(&path, token.as_bytes()).map_err(|error| {
            Failure::failed(format!("the token cannot be kept in {}: {error}", path.display()))
                .hint("name another directory with MMS_CONFIG_DIR, or keep it elsewhere and set token_command")
        })
    }

    /// Reads the file of a profile.
    pub(super) fn read(&self, profile: &str) -> Result<String, Failure> {
        let path = self.path_of(profile)?;
        fs::read_to_string(&path).map_err(|error| {
            let (file, path) = (TokenStore::File.words(), path.display());
            Failure::unauthorized(format!("{file} of the profile {profile} cannot be read: {path}: {error}"))
                .hint(format!("`mms auth login --profile {profile}` keeps a token again"))
        })
    }

    /// Removes the file of a profile. Returns whether there was one.
    pub(super) fn forget(&self, profile: &str) -> Result<bool, Failure> {
        let path = self.path_of(profile)?;
        match fs::remove_file(&path) {
            Ok(()) => Ok(true),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(false),
            Err(error) => Err(Failure::failed(format!("{} cannot be removed: {error}", path.display()))),
        }
    }
}
