//! Arguments of `mms sandbox`.

use std::net::SocketAddr;
use std::path::PathBuf;

use clap::{Args, Subcommand};

use crate::args::value::parser;

/// What can be done with the sandbox itself.
#[derive(Debug, Subcommand)]
pub(crate) enum SandboxCommand {
    /// Run the sandbox alone until it is interrupted, and print its base URL and token
    Serve(ServeArgs),
}

/// Where a sandbox listens and what it keeps.
#[derive(Debug, Args)]
pub(crate) struct ServeArgs {
    /// Address to listen on; port 0 takes any free one
    #[arg(long, value_name = "ADDRESS", default_value = "127.0.0.1:8787")]
    #[arg(value_parser = parser::address, allow_hyphen_values = true)]
    pub(crate) listen: SocketAddr,
    /// File that keeps the data [default: memory, forgotten at the end]
    #[arg(long, value_name = "FILE")]
    pub(crate) data: Option<PathBuf>,
    /// Make an answered write survive a power cut too, not only the end of the process
    #[arg(long, requires = "data")]
    pub(crate) durable: bool,
    /// Begin with the distributors, tokens and children of this file, YAML or .json; a data file that has some keeps them
    #[arg(long, value_name = "FILE")]
    pub(crate) seed: Option<PathBuf>,
    /// Set how the sandbox behaves where Make leaves it open, such as paging=ignored; may be repeated
    #[arg(long, value_name = "SWITCH=VALUE", value_parser = parser::switch)]
    pub(crate) set: Vec<(String, String)>,
    /// Let the clock stand still, at TIME such as 2026-11-01T00:00:00Z or at the time of the start; a data file that has a
    /// state keeps its time
    #[arg(long, value_name = "TIME", num_args = 0..=1, require_equals = true)]
    #[expect(clippy::option_option, reason = "clap's form of a flag whose value may be left out")]
    pub(crate) freeze_clock: Option<Option<String>>,
    /// Answer to this host name too; may be repeated [default: only the names and addresses of this machine]
    #[arg(long, value_name = "NAME")]
    pub(crate) allow_host: Vec<String>,
}
