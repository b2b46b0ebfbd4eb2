//! Stores of the token that `mms auth login` was given: the keyring of the operating system, or a file for its owner alone.

#[cfg(test)]
mod fake;
mod file;
mod keyring;
pub(super) mod store;
#[cfg(feature = "keyring")]
mod system;
#[cfg(test)]
mod tests;

use std::path::{self, PathBuf};
use std::sync::Arc;

use super::key::Key;
use super::profile::ConfigFile;
use crate::output::failure::Failure;
use file::TokenFiles;
use keyring::{Keyring, Patience, Refusal};
pub(crate) use store::TokenStore;

/// Stores of the tokens of all profiles in one file of profiles.
pub(crate) struct TokenStores {
    config_file: PathBuf,
    files: TokenFiles,
    /// Nothing where the program is built without it.
    keyring: Option<Arc<dyn Keyring>>,
    patience: Patience,
}

/// A token that is kept.
#[derive(Debug)]
pub(crate) struct Kept {
    /// Where it is.
    pub(crate) store: TokenStore,
    /// Why it is not in the keyring, where it should have been.
    refusal: Option<Refusal>,
}

impl TokenStores {
    /// Returns the stores of the user. Nothing is opened yet.
    pub(crate) fn of_user() -> Result<Self, Failure> {
        Ok(Self::new(ConfigFile::path_of()?, system_keyring(), Patience::USUAL))
    }

    fn new(config_file: PathBuf, keyring: Option<Arc<dyn Keyring>>, patience: Patience) -> Self {
        // From another folder a relative path is another file.
        let config_file = path::absolute(&config_file).unwrap_or(config_file);
        Self { files: TokenFiles::beside(&config_file), config_file, keyring, patience }
    }

    /// Returns the store that has the token of a profile.
    pub(crate) fn store_of(file: &ConfigFile, profile: &str) -> Result<Option<TokenStore>, Failure> {
        Ok(file.profile(profile)?.and_then(|profile| TokenStore::parse(profile.get(Key::TokenStore)?)))
    }

    /// Refuses a store that this program does not have.
    pub(crate) fn check(&self, choice: Option<TokenStore>) -> Result<(), Failure> {
        if choice != Some(TokenStore::Keyring) || self.keyring.is_some() {
            return Ok(());
        }
        Err(Failure::usage("--token-store keyring: this mms is built without it")
            .hint("build it with --features full, or write --token-store file"))
    }

    /// Keeps a token for a profile in the store of choice, or else in the keyring if there is one, and tells where.
    pub(crate) async fn keep(
        &self,
        choice: Option<TokenStore>,
        profile: &str,
        token: &str,
        tell: impl Fn(&str),
    ) -> Result<Kept, Failure> {
        self.check(choice)?;
        let path = self.files.path_of(profile)?;
        let mut refusal = None;
        if choice != Some(TokenStore::File) && self.keyring.is_some() {
            let secret = token.to_owned();
            match self.call(profile, &tell, move |keyring, entry| keyring.set(entry, &secret)).await {
                Ok(()) => {
                    tell("The token is kept in the keyring.");
                    return Ok(Kept { store: TokenStore::Keyring, refusal: None });
                }
                Err(refusal) if choice.is_some() => {
                    return Err(Failure::failed(format!("the token cannot be kept in the keyring: {refusal}"))
                        .hint("unlock the keyring, or write --token-store file"));
                }
                Err(reason) => refusal = Some(reason),
            }
        }
        self.files.keep(profile, token)?;
        if let Some(refusal) = &refusal {
            let path = path.display();
            tell(&format!("The token is kept in {path}, for you alone: no keyring answers here: {refusal}."));
        }
        Ok(Kept { store: TokenStore::File, refusal })
    }

    /// Returns the file that a store has for the token of a profile, if it keeps it in one.
    pub(crate) fn file_of(&self, store: TokenStore, profile: &str) -> Result<Option<PathBuf>, Failure> {
        if store == TokenStore::File { self.files.path_of(profile).map(Some) } else { Ok(None) }
    }

    /// Reads the token of a profile.
    pub(super) async fn read(&self, store: TokenStore, profile: &str, tell: impl Fn(&str)) -> Result<String, Failure> {
        if store == TokenStore::File {
            return self.files.read(profile);
        }
        let place = format!("the token of the profile {profile} is in the keyring");
        if self.keyring.is_none() {
            return Err(Failure::unauthorized(format!("{place}, and this mms is built without it")).hint(format!(
                "build it with --features full, or `mms auth login --profile {profile}` keeps a token in a file"
            )));
        }
        match self.call(profile, tell, |keyring, entry| keyring.get(entry)).await {
            Ok(Some(token)) => Ok(token),
            Ok(None) => Err(Failure::unauthorized(format!("the keyring has no token of the profile {profile}"))
                .hint(format!("`mms auth login --profile {profile}` keeps a token again"))),
            Err(refusal) => Err(Failure::unauthorized(format!("{place}, which cannot be read: {refusal}"))
                .hint("unlock the keyring, or give the token by MAKE_API_KEY, --token-file or token_command")),
        }
    }

    /// Forgets the token that a profile has in a store. Returns whether there was one.
    pub(crate) async fn forget(&self, store: TokenStore, profile: &str, tell: impl Fn(&str)) -> Result<bool, Failure> {
        if store == TokenStore::File {
            return self.files.forget(profile);
        }
        self.call(profile, tell, |keyring, entry| keyring.remove(entry)).await.map_err(|refusal| {
            let entry = self.entry_of(profile);
            Failure::failed(format!("the token of the profile {profile} may still be in the keyring: {refusal}"))
                .hint(format!("unlock the keyring, or remove the entry {entry:?} of the service mms there"))
        })
    }

    /// Forgets the token that a profile has in the store of an earlier login, unless the new one has taken its place.
    pub(crate) async fn forget_former(
        &self,
        former: Option<TokenStore>,
        kept: Option<&Kept>,
        profile: &str,
        tell: impl Fn(&str),
    ) -> Result<(), Failure> {
        let Some(former) = former.filter(|former| kept.is_none_or(|kept| kept.store != *former)) else { return Ok(()) };
        if former == TokenStore::Keyring && kept.is_some_and(|kept| kept.refusal.is_some()) {
            // It would not take the new one, and is not asked again.
            let entry = self.entry_of(profile);
            return Err(Failure::failed("the former token may still be in the keyring")
                .hint(format!("remove the entry {entry:?} of the service mms there")));
        }
        self.forget(former, profile, tell).await.map(drop)
    }

    async fn call<T: Send + 'static>(
        &self,
        profile: &str,
        tell: impl Fn(&str),
        call: impl FnOnce(&dyn Keyring, &str) -> Result<T, Refusal> + Send + 'static,
    ) -> Result<T, Refusal> {
        let Some(keyring) = &self.keyring else { return Err(Refusal::new("this mms is built without it")) };
        let entry = self.entry_of(profile);
        keyring::call(keyring, self.patience, tell, move |keyring| call(keyring, &entry)).await
    }

    /// Names the entry of a profile. The user has one keyring, and may have several files of profiles, by `MMS_CONFIG_DIR` or
    /// another home: a profile of the same name in another file has an entry of its own.
    fn entry_of(&self, profile: &str) -> String {
        format!("{profile} in {}", self.config_file.display())
    }
}

#[cfg(feature = "keyring")]
#[expect(clippy::unnecessary_wraps, reason = "a program without it has none")]
fn system_keyring() -> Option<Arc<dyn Keyring>> {
    Some(Arc::new(system::SystemKeyring))
}

#[cfg(not(feature = "keyring"))]
fn system_keyring() -> Option<Arc<dyn Keyring>> {
    None
}
