//! The command `mms`: the child organizations of a Make distributor, from a terminal or a script.
//!
//! A library only so that it is compiled while its dependencies still are: it has no interface but [`main`]. Programs use
//! `mms-client`, `mms-fleet` and `mms-sandbox`.

mod args;
mod command;
mod completion;
mod config;
mod invocation;
mod lookup;
mod output;
#[cfg(test)]
mod reference;
mod session;
mod signals;

use std::ffi::OsString;

use crate::args::{Cli, usage_error};
use crate::output::appearance::Appearance;
use crate::output::failure::{ExitCode, Failure};
use crate::output::format::{Color, Format};
use crate::output::printer::{self, Printer};
use crate::output::safe::Secrets;
use crate::output::trace;

/// Runs the command that the arguments of this process name, and returns its exit code.
#[must_use]
pub fn main() -> std::process::ExitCode {
    let arguments: Vec<OsString> = std::env::args_os().collect();
    let secrets = Secrets::of(config::token_variable(), &arguments);
    if let Some(shell) = completion::asking_shell() {
        let appearance = Appearance { quiet: true, ..Appearance::plain(Format::Table, Color::Auto) };
        let printer = Printer::new(appearance, secrets);
        return ended(completion::answer(&shell, &arguments, &printer), &printer);
    }
    let (printer, outcome) = match Cli::parse_from_words(&arguments) {
        Ok(cli) => {
            let printer = Printer::new(cli.global.appearance(), secrets.clone());
            trace::show(cli.verbosity(), cli.is_server(), secrets);
            let outcome = run(&cli, &printer);
            (printer, outcome)
        }
        Err(error) if usage_error::is_help(&error) => return printer::help(&error).into(),
        Err(error) => {
            let printer = Printer::new(usage_error::appearance(&arguments), secrets);
            (printer, Err(usage_error::failure(&error, &arguments)))
        }
    };
    ended(outcome, &printer)
}

/// Tells of a failure, and returns the exit code.
fn ended(outcome: Result<(), Failure>, printer: &Printer) -> std::process::ExitCode {
    let code = match outcome {
        Ok(()) => ExitCode::Done,
        Err(failure) => {
            printer.failure(&failure);
            failure.code()
        }
    };
    code.into()
}

/// Runs the command on an async runtime.
fn run(cli: &Cli, printer: &Printer) -> Result<(), Failure> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    let runtime = runtime.map_err(|error| Failure::failed(format!("the async runtime does not start: {error}")))?;
    runtime.block_on(command::run(cli, printer))
}
