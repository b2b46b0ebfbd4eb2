//! `mms`: the child organizations of a Make distributor, from a terminal or a script.

mod call_failure;
mod children;
mod cli;
mod command;
mod confirm;
mod ending;
mod environment;
mod failure;
mod holder;
mod invocation;
mod journal;
mod missing;
mod misuse;
mod patience;
mod pauses;
mod printer;
mod resolve;
mod session;
mod shell;
mod state;
mod table;
mod target;
mod time;
mod token;
mod trace;
mod usage;
mod write_failure;

use std::ffi::OsString;

use clap::Parser;

use crate::cli::{Cli, Command, Format, SandboxCommand};
use crate::failure::{ExitCode, Failure};
use crate::printer::Printer;

fn main() -> std::process::ExitCode {
    let arguments: Vec<OsString> = std::env::args_os().collect();
    let (printer, outcome) = match Cli::try_parse_from(&arguments) {
        Ok(cli) => {
            let printer = Printer::new(cli.global.output, cli.global.quiet, cli.global.color);
            trace::show(verbosity(&cli));
            let outcome = run(&cli, &printer);
            (printer, outcome)
        }
        Err(error) if misuse::is_help(&error) => return printer::help(&error).into(),
        Err(error) => {
            let printer = Printer::new(Format::Table, false, misuse::color(&arguments));
            (printer, Err(misuse::failure(&error, &arguments)))
        }
    };
    let code = match outcome {
        Ok(()) => ExitCode::Done,
        Err(failure) => {
            printer.failure(&failure);
            failure.code()
        }
    };
    code.into()
}

/// Returns how much is traced. A server leaves a line for each request unless it is told to be quiet.
fn verbosity(cli: &Cli) -> u8 {
    let is_server = matches!(cli.command, Command::Sandbox(SandboxCommand::Serve(_)));
    cli.global.verbose.max(u8::from(is_server && !cli.global.quiet))
}

/// Runs the command on a runtime of its own, which nothing before needs.
fn run(cli: &Cli, printer: &Printer) -> Result<(), Failure> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    let runtime = runtime.map_err(|error| Failure::failed(format!("the async runtime does not start: {error}")))?;
    runtime.block_on(command::run(cli, printer))
}
