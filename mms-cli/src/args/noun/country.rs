//! Arguments of `mms country`.

use clap::Subcommand;

/// What can be done with countries.
#[derive(Debug, Subcommand)]
pub(crate) enum CountryCommand {
    /// List the countries with their ISO codes
    List,
}
