//! Arguments of `mms doctor`.

use clap::Args;

use crate::args::value::parser;

/// How the checks are run.
#[derive(Debug, Clone, Copy, Args)]
pub(crate) struct DoctorArgs {
    /// Run the checks alone that need no request
    #[arg(long)]
    pub(crate) offline: bool,
    /// Check again every so many seconds, and tell what changed alone: a line each, off a terminal in JSON
    #[arg(long, value_name = "SECONDS", num_args = 0..=1, require_equals = true, default_missing_value = "3600")]
    #[arg(value_parser = parser::seconds_from_1)]
    pub(crate) watch: Option<u32>,
}
