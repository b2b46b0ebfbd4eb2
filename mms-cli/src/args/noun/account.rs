//! Arguments of `mms auth` and `mms config`.

#![expect(clippy::doc_markdown, reason = "a terminal shows backticks as they are")]

use clap::{Args, Subcommand};

use crate::config::TokenStore;

/// What can be done with the token.
#[derive(Debug, Subcommand)]
pub(crate) enum AuthCommand {
    /// Set a profile up: zone, token and distributor
    ///
    /// Asks for what no flag says, and for the token without showing it; off a terminal the token comes from standard input.
    /// Shows whose token it is, lets you choose the distributor among its organizations, names the scopes that it lacks, and
    /// keeps it in the keyring of the operating system, or where none answers in a file that you alone can read. With
    /// --sandbox it sets up a profile that speaks to a sandbox, which needs no token. It asks before a profile of another
    /// server loses that and its token.
    Login(LoginArgs),
    /// Show whose token it is, where it comes from and what it may do
    Status,
    /// Forget the token of a profile
    Logout,
    /// Print the token for a script; on a terminal it asks first
    Token,
}

/// How a profile is set up.
#[derive(Debug, Args)]
pub(crate) struct LoginArgs {
    /// Where to keep the token [default: the keyring, or the file where no keyring answers]
    #[arg(long, value_name = "STORE")]
    pub(crate) token_store: Option<TokenStore>,
}

/// What can be done with the settings.
#[derive(Debug, Subcommand)]
pub(crate) enum ConfigCommand {
    /// Show the settings that count
    Show {
        /// Show those that nobody sets, too
        #[arg(long)]
        origin: bool,
    },
    /// Set a value of a profile, or the default profile
    Set {
        /// The setting, such as zone, or default_profile
        key: String,
        /// Its value
        #[arg(allow_hyphen_values = true)]
        value: String,
    },
    /// Remove a value of a profile, or the choice of the default profile
    Unset {
        /// The setting, such as zone, or default_profile
        key: String,
    },
    /// Open the file of the profiles in $EDITOR
    Edit,
    /// Print the path of that file
    Path,
    /// List the profiles
    Profiles,
}
