//! Arguments of `mms plan`.

#![expect(clippy::doc_markdown, reason = "a terminal shows backticks as they are")]

use std::path::PathBuf;
use std::time::Duration;

use clap::{Args, Subcommand};
use mms_fleet::{GuardOverrides, Limit};

use super::DEFAULT_FLEET;
use crate::args::value::duration::up_to_30_days;
use crate::args::value::parser;

/// What is planned, or which saved plan is shown.
#[derive(Debug, Args)]
pub(crate) struct PlanArgs {
    #[command(subcommand)]
    pub(crate) command: Option<PlanCommand>,
    /// The fleet: files, and directories of *.yaml and *.yml
    #[arg(value_name = "FILE", default_value = DEFAULT_FLEET)]
    pub(crate) files: Vec<PathBuf>,
    /// Save the plan in this file, for mms apply; a plan that an apply refuses is not saved
    #[arg(long, value_name = "FILE")]
    pub(crate) out: Option<PathBuf>,
    /// How long a saved plan is good, up to 30 days, such as 30m, 24h or 7d [default: 24h]
    #[arg(long, value_name = "TIME", value_parser = up_to_30_days, requires = "out", allow_hyphen_values = true)]
    pub(crate) expires: Option<Duration>,
    /// End with exit code 3 if anything differs, so that a script can tell
    #[arg(long)]
    pub(crate) exit_code: bool,
    #[command(flatten)]
    pub(crate) guards: GuardArgs,
}

/// What can be done with a saved plan.
#[derive(Debug, Subcommand)]
pub(crate) enum PlanCommand {
    /// Show a saved plan, whatever became of it, without a request
    ///
    /// Says for which server and distributor it is, when it was made and by which version, and until when it is good. Whether
    /// what it touches has moved since then is not looked at: mms apply does that.
    Show(PlanShowArgs),
}

/// Arguments of a look at a saved plan.
#[derive(Debug, Args)]
pub(crate) struct PlanShowArgs {
    /// The file that --out wrote
    #[arg(value_name = "FILE")]
    pub(crate) file: PathBuf,
}

/// Guards that are lifted for this once, each by a flag of its own.
#[derive(Debug, Clone, Copy, Args)]
pub(crate) struct GuardArgs {
    /// Leave out the children of the lowest priority, where the pool does not suffice for all
    #[arg(long)]
    pub(crate) partial: bool,
    /// Children that may be created, in place of max_creates: a number, or a share such as 10%
    #[arg(long, value_name = "NUMBER", value_parser = parser::limit, allow_hyphen_values = true)]
    pub(crate) max_creates: Option<Limit>,
    /// Children whose allocation may change, in place of max_change: a number, or a share such as 10%
    #[arg(long, value_name = "NUMBER", value_parser = parser::limit, allow_hyphen_values = true)]
    pub(crate) max_change: Option<Limit>,
    /// Credits that stay in the pool, in place of pool_reserve
    #[arg(long, value_name = "CREDITS", value_parser = parser::whole, allow_hyphen_values = true)]
    pub(crate) pool_reserve: Option<u64>,
}

impl GuardArgs {
    /// Says whether no flag is given.
    pub(crate) const fn is_empty(&self) -> bool {
        let Self { partial, max_creates, max_change, pool_reserve } = self;
        !*partial && max_creates.is_none() && max_change.is_none() && pool_reserve.is_none()
    }

    /// Returns the flags that are given, as they are typed.
    pub(crate) fn words(&self) -> Vec<String> {
        let Self { partial, max_creates, max_change, pool_reserve } = self;
        let partial = partial.then(|| "--partial".to_owned());
        let creates = max_creates.map(|limit| format!("--max-creates {limit}"));
        let change = max_change.map(|limit| format!("--max-change {limit}"));
        let reserve = pool_reserve.map(|credits| format!("--pool-reserve {credits}"));
        [partial, creates, change, reserve].into_iter().flatten().collect()
    }

    /// Returns the guards that the flags replace.
    pub(crate) const fn overrides(&self) -> GuardOverrides {
        let Self { max_creates, max_change, pool_reserve, .. } = *self;
        GuardOverrides { max_creates, max_change, pool_reserve }
    }
}
