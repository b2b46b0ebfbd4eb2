//! Names of the stores, as flags, profiles and people know them.

use clap::ValueEnum;

/// Store of a token.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum TokenStore {
    /// The keyring of the operating system
    Keyring,
    /// A file that you alone can read
    File,
}

impl TokenStore {
    /// Finds the store that a profile names.
    pub(crate) fn parse(name: &str) -> Option<Self> {
        [Self::Keyring, Self::File].into_iter().find(|store| store.name() == name)
    }

    /// Returns the name in a profile.
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::Keyring => "keyring",
            Self::File => "file",
        }
    }

    /// Names the store for a person.
    pub(crate) const fn words(self) -> &'static str {
        match self {
            Self::Keyring => "the keyring",
            Self::File => "the token file",
        }
    }
}
