//! `cargo xtask codegen`, `cargo xtask package` and `cargo xtask soak`.

use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode, Stdio};
use std::{env, path};

use clap::{Args, Parser, Subcommand};
use xtask::codegen::{Codegen, Outcome};
use xtask::fleet_schema;
use xtask::package::Package;
use xtask::soak::{Part, Soak};

/// The root of this workspace.
const ROOT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/..");

/// The tasks of this workspace.
#[derive(Parser)]
#[command(bin_name = "cargo xtask")]
struct Arguments {
    /// The root of the workspace, for the tests of this command.
    #[arg(long, value_name = "DIRECTORY", global = true, hide = true, default_value = ROOT)]
    root: PathBuf,
    #[command(subcommand)]
    task: Task,
}

#[derive(Subcommand)]
enum Task {
    Codegen(Options),
    Package(PackageOptions),
    Soak(SoakOptions),
}

/// Compares the documents with mms-types and writes openapi/mms.json and openapi/sandbox.json from both, and
/// docs/fleet.schema.json from the reader of mms-fleet.
///
/// Exit code 0: fresh, written or compatible; 4: stale or breaking; 100: a document breaks a rule; 1: a file or git
/// could not be read; 2: wrong use.
#[derive(Args)]
#[group(multiple = false)]
struct Options {
    /// Write nothing: only say whether everything is fresh.
    #[arg(long)]
    check: bool,
    /// Report what callers of the documents at an earlier git revision would break on.
    #[arg(long, value_name = "REVISION")]
    against: Option<String>,
    /// Write the generated client, the operations and the mocks to a directory, for reading.
    #[arg(long, value_name = "DIRECTORY")]
    emit_client: Option<PathBuf>,
}

/// Makes the packages of a release from the last commit, with the generated code in place of the generator, and builds each.
///
/// They are in release-packages/COMMIT/package of the target directory. Exit code 0: made and built; 1: git or cargo failed; 100: a
/// manifest or the contract cannot be taken; 2: wrong use.
#[derive(Args)]
struct PackageOptions {
    /// Stop before cargo: only clone the last commit to package-staging of the target directory, and change it there.
    #[arg(long)]
    stage_only: bool,
}

/// Runs the tests of which `cargo test` runs a short form in their full form, in release mode. A test that fails names the seed
/// that does it again.
///
/// Exit code 0: every promise is kept; 1: one is broken, or a test could not be run; 2: wrong use.
#[derive(Args)]
struct SoakOptions {
    /// What to test; everything without it.
    #[arg(value_enum, value_name = "PART")]
    parts: Vec<Part>,
    /// How often to kill: the sandbox 100 times without it, the command 500 times at random for each of two servers.
    #[arg(long, value_name = "NUMBER")]
    kills: Option<u64>,
    /// Kill a sandbox that waits for the disk at every commit.
    #[arg(long)]
    durable: bool,
    /// Let chance begin at this number: a new one for the sandbox's load and 0 for everything else without it.
    #[arg(long, value_name = "NUMBER")]
    seed: Option<u64>,
}

fn main() -> ExitCode {
    let Arguments { root, task } = Arguments::parse();
    match task {
        Task::Codegen(options) => codegen(&root, &options),
        Task::Package(options) => package(&root, &options),
        Task::Soak(SoakOptions { parts, kills, durable, seed }) => soak(&root, &Soak { parts, kills, durable, seed }),
    }
}

fn codegen(root: &Path, options: &Options) -> ExitCode {
    let codegen = Codegen::new(root);
    let outcome = match (options.check, &options.against, &options.emit_client) {
        (_, Some(revision), _) => codegen.against(revision),
        (_, _, Some(directory)) => codegen.emit_client(directory),
        (true, _, _) => codegen.check(),
        (false, None, None) => codegen.regenerate(),
    };
    if print(&outcome).is_err() {
        return ExitCode::FAILURE;
    }
    let is_done = options.against.is_some() || options.emit_client.is_some() || !outcome.is_fresh();
    match fleet_schema::command(root) {
        Some(command) if !is_done => published(root, command, options.check),
        _ => ExitCode::from(outcome.status().exit_code()),
    }
}

/// Publishes what cargo prints as the schema of a fleet file, or compares it with what is published.
fn published(root: &Path, mut command: Command, is_check: bool) -> ExitCode {
    let output = match command.stderr(Stdio::inherit()).output() {
        Ok(output) if output.status.success() => output.stdout,
        Ok(_) => return ExitCode::FAILURE,
        Err(error) => return failed("cargo", &error),
    };
    let schema = String::from_utf8_lossy(&output);
    let outcome = if is_check { fleet_schema::check(root, &schema) } else { fleet_schema::publish(root, &schema) };
    match print(&outcome) {
        Ok(()) => ExitCode::from(outcome.status().exit_code()),
        Err(_) => ExitCode::FAILURE,
    }
}

fn package(root: &Path, options: &PackageOptions) -> ExitCode {
    let target = env::var_os("CARGO_TARGET_DIR").map_or_else(|| root.join("target"), PathBuf::from);
    let package = match path::absolute(target) {
        Ok(target) => Package::new(root, &target),
        Err(error) => return failed("target directory", &error),
    };
    let outcome = package.stage();
    if print(&outcome).is_err() {
        return ExitCode::FAILURE;
    }
    if options.stage_only || !outcome.is_fresh() {
        return ExitCode::from(outcome.status().exit_code());
    }
    match package.command().and_then(|mut command| command.status()) {
        Ok(status) if status.success() => ExitCode::SUCCESS,
        Ok(_) => ExitCode::FAILURE,
        Err(error) => failed("cargo", &error),
    }
}

fn failed(what: &str, error: &io::Error) -> ExitCode {
    let _ = writeln!(io::stderr(), "error: {what}: {error}");
    ExitCode::FAILURE
}

/// Runs every part, those after one that fails too.
fn soak(root: &Path, soak: &Soak) -> ExitCode {
    let mut failed = Vec::new();
    for part in soak.parts() {
        let _ = writeln!(io::stderr(), "== soak {part}");
        for run in soak.runs(*part) {
            match soak.command(&run, root).status() {
                Ok(status) if status.success() => continue,
                Ok(_) => {}
                Err(error) => drop(writeln!(io::stderr(), "error: cargo: {error}")),
            }
            failed.push(part.to_string());
        }
    }
    if failed.is_empty() {
        return ExitCode::SUCCESS;
    }
    failed.dedup();
    let _ = writeln!(io::stderr(), "error: failed: {}", failed.join(", "));
    ExitCode::FAILURE
}

/// Writes the report to stdout and the error to stderr.
fn print(outcome: &Outcome) -> io::Result<()> {
    io::stdout().lock().write_all(outcome.report().as_bytes())?;
    io::stderr().lock().write_all(outcome.error().as_bytes())
}
