//! Arguments of `mms apply`.

use std::path::PathBuf;

use clap::Args;

use super::DEFAULT_FLEET;
use super::plan::GuardArgs;
use crate::args::noun::child::WaitArgs;

/// Arguments of an apply.
#[derive(Debug, Args)]
pub(crate) struct ApplyArgs {
    /// The fleet: files, and directories of *.yaml and *.yml; or one saved plan
    #[arg(value_name = "FILE", default_value = DEFAULT_FLEET)]
    pub(crate) files: Vec<PathBuf>,
    #[command(flatten)]
    pub(crate) guards: GuardArgs,
    /// The number of organizations that will be created: of another number nothing is sent. With --yes it is needed for more
    /// than ten, since none can ever be deleted
    #[arg(long, value_name = "NUMBER")]
    pub(crate) creates: Option<u64>,
    /// Apply the plan to a sandbox in memory first, with the children as they are and with faults, and go on only if it ends well
    #[arg(long)]
    pub(crate) rehearse: bool,
    /// Most requests under way at once; 8 if it is not given
    #[arg(long, value_name = "NUMBER", value_parser = clap::value_parser!(u8).range(1..=64))]
    pub(crate) parallel: Option<u8>,
    #[command(flatten)]
    pub(crate) wait: WaitArgs,
    /// Show what would be done and send nothing but reads
    #[arg(long)]
    pub(crate) dry_run: bool,
}

impl ApplyArgs {
    /// Returns the flags that say what is done and how, as they are typed after the files.
    pub(crate) fn words(&self) -> String {
        let mut words = self.guards.words();
        words.extend(self.rehearse.then(|| "--rehearse".to_owned()));
        words.extend(self.parallel.map(|number| format!("--parallel {number}")));
        words.iter().fold(String::new(), |line, word| line + " " + word)
    }
}
