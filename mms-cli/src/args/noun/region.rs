//! Arguments of `mms region`.

use clap::Subcommand;

/// What can be done with regions.
#[derive(Debug, Subcommand)]
pub(crate) enum RegionCommand {
    /// List the regions
    List,
}
