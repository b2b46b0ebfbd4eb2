//! Arguments of `mms help`, `mms completion` and `mms man`.

#![expect(clippy::doc_markdown, reason = "a terminal shows backticks as they are")]

use std::path::PathBuf;

use clap::Args;
use clap_complete::Shell;

/// What help is wanted about.
#[derive(Debug, Args)]
pub(crate) struct HelpArgs {
    /// A topic - exit-codes, environment, output, sandbox or safety - or a command, such as child create
    #[arg(value_name = "TOPIC|COMMAND")]
    pub(crate) words: Vec<String>,
}

/// Which shell's script is wanted.
#[derive(Debug, Args)]
pub(crate) struct CompletionArgs {
    /// The shell
    pub(crate) shell: Shell,
    /// Print a script that asks mms at each press of the tab key, and so knows the names of profiles, and of children, regions
    /// and countries that a command of this shell read in the last 10 minutes: it sets MMS_KEEP_NAMES, so that they are kept.
    /// Nothing is sent for it
    #[arg(long)]
    pub(crate) dynamic: bool,
}

/// Where the man pages go.
#[derive(Debug, Args)]
pub(crate) struct ManArgs {
    /// Directory that the pages are written into; it is made if it is not there
    #[arg(long, value_name = "DIR")]
    pub(crate) out: PathBuf,
}
