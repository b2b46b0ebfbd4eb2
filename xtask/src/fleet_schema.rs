//! JSON Schema of a fleet file, which `docs/fleet.schema.json` publishes for editors.
//!
//! It comes from the reader of `mms-fleet`. That crate stands on the client, which cannot be built from a document that breaks a rule;
//! so it is no dependency of this one, and cargo is asked for the schema when the documents are as they should be.

use std::env;
use std::ffi::OsString;
use std::fs;
use std::io::ErrorKind;
use std::path::Path;
use std::process::Command;

use crate::report::{Failure, Outcome, Report, Status};

/// Where the schema is published, below the root of the workspace.
pub const PUBLISHED: &str = "docs/fleet.schema.json";

/// Returns the call of cargo that prints the schema; nothing where the workspace at `root` has no fleet.
#[must_use]
pub fn command(root: &Path) -> Option<Command> {
    root.join("mms-fleet/Cargo.toml").exists().then(|| {
        let cargo = env::var_os("CARGO").unwrap_or_else(|| OsString::from("cargo"));
        let mut command = Command::new(cargo);
        command.current_dir(root).args(["run", "--quiet", "--package", "mms-fleet", "--features", "schemars"]);
        command.args(["--example", "fleet_schema"]);
        command
    })
}

/// Publishes a schema, unless it is published already.
#[must_use]
pub fn publish(root: &Path, schema: &str) -> Outcome {
    run(|report| {
        if published(root)?.as_deref() == Some(schema) {
            report.line("Fresh", PUBLISHED);
        } else {
            fs::write(root.join(PUBLISHED), schema).map_err(|error| crashed(&error))?;
            report.line("Wrote", PUBLISHED);
        }
        Ok(Status::Fresh)
    })
}

/// Compares a schema with the published one, and writes nothing.
#[must_use]
pub fn check(root: &Path, schema: &str) -> Outcome {
    run(|report| {
        match published(root)? {
            Some(published) if published == schema => {
                report.line("Fresh", PUBLISHED);
                return Ok(Status::Fresh);
            }
            Some(published) => {
                report.line("Stale", format_args!("{PUBLISHED}: it is not what mms-fleet reads"));
                report.diff((PUBLISHED, &published), ("mms-fleet", schema));
            }
            None => report.line("Stale", format_args!("{PUBLISHED}: it does not exist")),
        }
        report.run("cargo xtask codegen");
        Ok(Status::Stale)
    })
}

fn published(root: &Path) -> Result<Option<String>, Failure> {
    match fs::read_to_string(root.join(PUBLISHED)) {
        Ok(text) => Ok(Some(text)),
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
        Err(error) => Err(crashed(&error)),
    }
}

fn run(task: impl FnOnce(&mut Report) -> Result<Status, Failure>) -> Outcome {
    let mut report = Report::default();
    let end = task(&mut report);
    Outcome::new(&report, end)
}

fn crashed(error: &std::io::Error) -> Failure {
    Failure::Crashed(format!("{PUBLISHED}: {error}"))
}
