//! `mms`: the child organizations of a Make distributor, from a terminal or a script.

mod cli;
mod command;
mod confirm;
mod environment;
mod failure;
mod printer;
mod resolve;
mod session;
mod table;
mod target;
mod time;
mod token;
mod usage;

use clap::Parser;

use crate::cli::Cli;
use crate::failure::{ExitCode, Failure};
use crate::printer::Printer;

fn main() -> std::process::ExitCode {
    let cli = match Cli::try_parse() {
        Ok(cli) => cli,
        Err(message) => return printer::usage(&message).into(),
    };
    let printer = Printer::new(&cli.global);
    Printer::trace(cli.global.verbose);
    let code = match run(&cli, &printer) {
        Ok(()) => ExitCode::Done,
        Err(failure) => {
            printer.failure(&failure);
            failure.code()
        }
    };
    code.into()
}

/// Runs the command on a runtime of its own, which nothing before needs.
fn run(cli: &Cli, printer: &Printer) -> Result<(), Failure> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    let runtime = runtime.map_err(|error| Failure::failed(format!("the async runtime does not start: {error}")))?;
    runtime.block_on(command::run(cli, printer))
}
