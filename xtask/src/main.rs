//! `cargo xtask codegen`.

use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::{Args, Parser, Subcommand};
use xtask::codegen::{Codegen, Outcome};

/// The tasks of this workspace.
#[derive(Parser)]
#[command(bin_name = "cargo xtask")]
struct Arguments {
    #[command(subcommand)]
    task: Task,
}

#[derive(Subcommand)]
enum Task {
    Codegen(Options),
}

/// Compares the contract with mms-types and writes openapi/mms.json from both.
///
/// Exit code 0: fresh, written or compatible; 4: stale or breaking; 100: the contract breaks a rule; 1: a file or git
/// could not be read.
#[derive(Args)]
#[group(multiple = false)]
struct Options {
    /// Write nothing: only say whether everything is fresh.
    #[arg(long)]
    check: bool,
    /// Report what callers of the contract at an earlier git revision would break on.
    #[arg(long, value_name = "REVISION")]
    against: Option<String>,
    /// Write the generated client, the operations and the mocks to a directory, for reading.
    #[arg(long, value_name = "DIRECTORY")]
    emit_client: Option<PathBuf>,
}

fn main() -> ExitCode {
    let Task::Codegen(options) = Arguments::parse().task;
    let root = Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/.."));
    let codegen = Codegen::new(root);
    let outcome = match (options.check, options.against, options.emit_client) {
        (_, Some(revision), _) => codegen.against(&revision),
        (_, _, Some(directory)) => codegen.emit_client(&directory),
        (true, _, _) => codegen.check(),
        (false, None, None) => codegen.regenerate(),
    };
    match print(&outcome) {
        Ok(()) => ExitCode::from(outcome.status().exit_code()),
        Err(_) => ExitCode::FAILURE,
    }
}

/// Writes the report to stdout and the error to stderr.
fn print(outcome: &Outcome) -> io::Result<()> {
    io::stdout().lock().write_all(outcome.report().as_bytes())?;
    io::stderr().lock().write_all(outcome.error().as_bytes())
}
