//! Arguments of `mms undo`.

use clap::Args;

use super::log::run;

/// Arguments of undoing a run.
#[derive(Debug, Args)]
pub(crate) struct UndoArgs {
    /// The run, by the beginning of its id, as mms log shows it
    #[arg(value_name = "RUN", value_parser = run)]
    pub(crate) run: String,
    /// Leave out the children that were changed since the run, in place of doing nothing
    #[arg(long)]
    pub(crate) skip_changed: bool,
    /// Allow a total below what a child has consumed, or may have, which may pause its scenarios
    #[arg(long)]
    pub(crate) allow_pause: bool,
    /// Do everything but the changes themselves
    #[arg(long)]
    pub(crate) dry_run: bool,
}
