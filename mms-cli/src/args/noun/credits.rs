//! Arguments of `mms credits`.

use clap::{Args, Subcommand};
use mms_types::Operations;

use super::child::ChangeArgs;
use crate::args::value::parser;

/// What can be done with credits.
#[derive(Debug, Subcommand)]
pub(crate) enum CreditsCommand {
    /// Move credits from one child organization to another
    ///
    /// Takes them from the one, and then gives them to the other, so that the pool is never short. Where the second half
    /// fails it says where the credits are, and how to go on.
    Move(MoveArgs),
}

/// Arguments of a move.
#[derive(Debug, Args)]
pub(crate) struct MoveArgs {
    /// The child that gives them: id or whole name
    #[arg(value_name = "FROM")]
    pub(crate) from: String,
    /// The child that gets them: id or whole name
    #[arg(value_name = "TO")]
    pub(crate) to: String,
    /// How many, a multiple of 10000
    #[arg(value_parser = parser::credits, allow_negative_numbers = true)]
    pub(crate) credits: Operations,
    #[command(flatten)]
    pub(crate) write: ChangeArgs,
}
