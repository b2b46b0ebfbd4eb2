//! Arguments of `mms lock`.

use std::time::Duration;

use clap::{Args, Subcommand};

use crate::args::value::duration::up_to_a_day;

/// What can be done with the lock of the journal.
#[derive(Debug, Subcommand)]
pub(crate) enum LockCommand {
    /// Show who has the journal
    ///
    /// Says which process has it, since when and why, or that nobody does. Nothing is sent, and the journal is not taken. Exit
    /// code 0 in both cases.
    Show,
    /// Hold the journal, so that no other command writes
    ///
    /// Commands that write wait for it, and name the reason. It ends at its time, with Ctrl-C, or with its process: the lock is
    /// the operating system's own, and nothing is left to unlock. It holds for the commands that keep this journal, which
    /// are those of this user on this machine; of a state directory that others share, for theirs, too. Commands that only
    /// read go on, and so do Make's web application and mms api. While another command has the journal this one waits, up to
    /// --timeout.
    Hold(HoldArgs),
}

/// Arguments of holding the journal.
#[derive(Debug, Args)]
pub(crate) struct HoldArgs {
    /// Why, for those who wait
    #[arg(long, value_name = "TEXT", value_parser = clap::builder::NonEmptyStringValueParser::new())]
    pub(crate) reason: String,
    /// For how long, up to a day, such as 30m or 1h
    #[arg(long = "for", value_name = "TIME", value_parser = up_to_a_day)]
    pub(crate) length: Duration,
}
