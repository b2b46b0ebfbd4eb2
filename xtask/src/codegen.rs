//! `cargo xtask codegen`: the contract, the types and what is written from them.

use std::fmt::Display;
use std::fs;
use std::io::{self, ErrorKind};
use std::path::{Path, PathBuf};
use std::process::Command;

use mms_codegen::Contract;
use serde_json::{Map, Value};

use crate::compatibility;
use crate::report::{Failure, Report};
pub use crate::report::{Outcome, Status};
use crate::schemas;

/// The hand-written contract, from the root of the workspace.
const YAML: &str = "openapi/mms.yaml";
/// The canonical form of it, from the root of the workspace.
const JSON: &str = "openapi/mms.json";
/// The crate of the client, as the generated mocks name it.
const CLIENT: &str = "mms_client";
/// The command that makes everything fresh.
const REGENERATE: &str = "cargo xtask codegen";

/// Runs what `cargo xtask codegen --check` runs in the workspace at `root`; writes nothing.
#[must_use]
pub fn check(root: &Path) -> Outcome {
    Codegen::new(root).check()
}

/// The task over one workspace.
#[derive(Debug, Clone)]
pub struct Codegen {
    root: PathBuf,
    rendered: Map<String, Value>,
}

impl Codegen {
    /// Takes the workspace at `root` and the schemas of `mms-types`.
    #[must_use]
    pub fn new(root: &Path) -> Self {
        Self { root: root.to_owned(), rendered: mms_types::schemas() }
    }

    /// Replaces the schemas of the types, for types that are not (or not yet) those of `mms-types`.
    #[must_use]
    pub fn with_schemas(mut self, rendered: Map<String, Value>) -> Self {
        self.rendered = rendered;
        self
    }

    /// Compares contract and types and writes `openapi/mms.json`, if its content changes.
    ///
    /// Where contract and types disagree it writes nothing and shows how they differ: [`Status::Stale`].
    #[must_use]
    pub fn regenerate(&self) -> Outcome {
        run(|report| {
            let contract = self.contract(report)?;
            let Some(fresh) = self.agreed(&contract, report) else { return Ok(Status::Stale) };
            if self.written()?.as_deref() == Some(fresh.as_bytes()) {
                report.line("Fresh", JSON);
            } else {
                fs::write(self.root.join(JSON), &fresh).map_err(|error| crashed(JSON, &error))?;
                report.line("Wrote", JSON);
            }
            Ok(Status::Fresh)
        })
    }

    /// Compares contract, types and `openapi/mms.json`, and writes nothing at all.
    #[must_use]
    pub fn check(&self) -> Outcome {
        run(|report| {
            let contract = self.contract(report)?;
            let Some(fresh) = self.agreed(&contract, report) else { return Ok(Status::Stale) };
            match self.written()? {
                Some(written) if written == fresh.as_bytes() => {
                    report.line("Fresh", JSON);
                    return Ok(Status::Fresh);
                }
                Some(written) => {
                    report.line("Stale", format_args!("{JSON}: it is not what the contract says"));
                    let written = String::from_utf8_lossy(&written);
                    report.diff((JSON, &written), (&format!("{JSON} as {REGENERATE} writes it"), &fresh));
                }
                None => report.line("Stale", format_args!("{JSON}: it does not exist")),
            }
            report.run(REGENERATE);
            Ok(Status::Stale)
        })
    }

    /// Reports what callers of the contract at an earlier revision would break on.
    ///
    /// The revision is whatever git takes for one: a tag, a branch, a hash.
    #[must_use]
    pub fn against(&self, revision: &str) -> Outcome {
        run(|report| {
            let contract = self.contract(report)?;
            let earlier = mms_codegen::read_earlier(&self.at_revision(revision)?)
                .map_err(|error| Failure::Invalid(format!("{revision}:{YAML}: {error}")))?;
            let findings = compatibility::findings(&earlier, contract.document()).map_err(|error| {
                let document = if error.in_earlier { format!("{revision}:{YAML}") } else { YAML.to_owned() };
                Failure::Invalid(format!("{document}: {}", error.message))
            })?;
            for finding in &findings {
                report.line("Breaking", finding);
            }
            if findings.is_empty() {
                report.line("Compatible", format_args!("{YAML} with {revision}"));
                return Ok(Status::Fresh);
            }
            report.line("Incompatible", format_args!("{YAML} with {revision}: {} breaking", findings.len()));
            report.run(&format!("git diff {revision} -- {YAML}"));
            Ok(Status::Stale)
        })
    }

    /// Writes the generated client, the table of operations and the mocks into a directory, for reading.
    ///
    /// The directory is made where it does not exist; a relative one is relative to the current directory.
    #[must_use]
    pub fn emit_client(&self, directory: &Path) -> Outcome {
        run(|report| {
            let contract = self.contract(report)?;
            let generated = |source: Result<String, mms_codegen::GenerateError>| {
                source.map_err(|error| Failure::Invalid(format!("{YAML}: {error}")))
            };
            let sources = [
                ("client.rs", generated(mms_codegen::client_source(&contract))?),
                ("operations.rs", mms_codegen::operations_source(&contract)),
                ("mocks.rs", generated(mms_codegen::mocks_source(&contract, CLIENT))?),
            ];
            fs::create_dir_all(directory).map_err(|error| crashed(directory.display(), &error))?;
            for (name, source) in sources {
                let path = directory.join(name);
                fs::write(&path, source).map_err(|error| crashed(path.display(), &error))?;
                report.line("Wrote", path.display());
            }
            Ok(Status::Fresh)
        })
    }

    /// Reads the contract and checks its rules.
    fn contract(&self, report: &mut Report) -> Result<Contract, Failure> {
        let bytes = fs::read(self.root.join(YAML)).map_err(|error| crashed(YAML, &error))?;
        let invalid = |message: String| {
            let lines: Vec<String> = message.lines().map(|line| format!("{YAML}: {line}")).collect();
            Failure::Invalid(lines.join("\n"))
        };
        let text = String::from_utf8(bytes).map_err(|error| invalid(format!("not UTF-8: {error}")))?;
        let contract = Contract::from_yaml(&text).map_err(|error| invalid(error.to_string()))?;
        report.line("Valid", format_args!("{YAML}: {} operations", contract.operations().len()));
        Ok(contract)
    }

    /// Returns the content of `openapi/mms.json` if contract and types agree, else reports where they do not.
    fn agreed(&self, contract: &Contract, report: &mut Report) -> Option<String> {
        let disagreements = schemas::disagreements(contract.document(), &self.rendered);
        if disagreements.is_empty() {
            report.line("Fresh", format_args!("mms-types: {} schemas", self.rendered.len()));
            return Some(schemas::canonical(&schemas::merged(contract.document(), &self.rendered)));
        }
        for disagreement in disagreements {
            let name = disagreement.name;
            report.line("Stale", format_args!("schema {name}: the contract and the type disagree"));
            report.diff(
                (&format!("{YAML} schema {name}"), &disagreement.document),
                (&format!("mms-types {name}"), &disagreement.rendered),
            );
        }
        report.line("", format_args!("nothing was written: change {YAML} or the type until both say the same, then"));
        report.run(REGENERATE);
        None
    }

    /// Returns `openapi/mms.json` as it is, if it exists.
    fn written(&self) -> Result<Option<Vec<u8>>, Failure> {
        match fs::read(self.root.join(JSON)) {
            Ok(bytes) => Ok(Some(bytes)),
            Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
            Err(error) => Err(crashed(JSON, &error)),
        }
    }

    /// Reads the contract of an earlier revision through git.
    fn at_revision(&self, revision: &str) -> Result<String, Failure> {
        let crashed = |reason: String| Failure::Crashed(format!("revision {revision:?}: {reason}"));
        // An empty name would mean the index to `git show`: the document compared with itself.
        let commit = self.git(&["rev-parse", "--verify", "--end-of-options", &format!("{revision}^{{commit}}")]);
        let commit = String::from_utf8_lossy(&commit.map_err(crashed)?).trim().to_owned();
        let text = self.git(&["show", "--end-of-options", &format!("{commit}:./{YAML}")]).map_err(crashed)?;
        String::from_utf8(text).map_err(|error| Failure::Invalid(format!("{revision}:{YAML}: not UTF-8: {error}")))
    }

    /// Runs git at the root and returns what it writes, or the first line of why it does not.
    fn git(&self, arguments: &[&str]) -> Result<Vec<u8>, String> {
        let output = Command::new("git").current_dir(&self.root).env("LC_ALL", "C").args(arguments).output();
        let output = output.map_err(|error| format!("git cannot be run: {error}"))?;
        if output.status.success() {
            return Ok(output.stdout);
        }
        let reason = String::from_utf8_lossy(&output.stderr);
        Err(format!("git {}: {}", arguments[0], reason.lines().next().unwrap_or("no reason given")))
    }
}

/// Runs a task with a report of its own.
fn run(task: impl FnOnce(&mut Report) -> Result<Status, Failure>) -> Outcome {
    let mut report = Report::default();
    let end = task(&mut report);
    Outcome::new(&report, end)
}

fn crashed(path: impl Display, error: &io::Error) -> Failure {
    Failure::Crashed(format!("{path}: {error}"))
}
