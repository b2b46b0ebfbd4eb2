//! Arguments of `mms import`.

use std::path::PathBuf;

use clap::Args;

use super::DEFAULT_FLEET;

/// Where an import writes to.
#[derive(Debug, Args)]
pub(crate) struct ImportArgs {
    /// The fleet: a file, which need not be there, or several files and directories of *.yaml and *.yml; what is new goes to the first
    /// file
    #[arg(value_name = "FILE", default_value = DEFAULT_FLEET)]
    pub(crate) files: Vec<PathBuf>,
    /// Show what would be written, and write nothing
    #[arg(long)]
    pub(crate) dry_run: bool,
    /// Write nothing, and end with exit code 3 if the files are not as an import leaves them
    #[arg(long)]
    pub(crate) check: bool,
}
