//! `mms`: the child organizations of a Make distributor, from a terminal or a script.

mod args;
mod command;
mod config;
mod lookup;
mod output;
mod session;

use std::ffi::OsString;

use clap::Parser;

use crate::args::usage_error as misuse;
use crate::args::{Cli, Command, Format, SandboxCommand};
use crate::output::failure::{ExitCode, Failure};
use crate::output::printer::{self, Printer};
use crate::output::trace;

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
