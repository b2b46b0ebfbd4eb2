//! Arguments of `mms pool`.

use clap::Args;

use crate::args::value::parser;

/// What is shown of the pool.
#[derive(Debug, Args)]
pub(crate) struct PoolArgs {
    /// Count as freeable what the children below this used share have beyond what they have consumed
    #[arg(long, value_name = "PERCENT", default_value = "20%", value_parser = parser::percent)]
    pub(crate) below: u64,
}
