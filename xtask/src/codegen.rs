//! `cargo xtask codegen`: documents against types, and the canonical form.

use std::fmt::Display;
use std::fs;
use std::io::{self, ErrorKind};
use std::path::{Path, PathBuf};

use mms_codegen::{Contract, DocumentKind};
use serde_json::{Map, Value};

use crate::compatibility;
use crate::examples;
use crate::report::{Failure, Report};
pub use crate::report::{Outcome, Status};
use crate::revision::Revision;
use crate::schemas;

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
    /// The documents, each with the schemas of the types that own its own.
    kinds: [(DocumentKind, Map<String, Value>); 2],
}

/// What becomes of a document that agrees with its types.
struct Fresh {
    kind: DocumentKind,
    json: String,
}

impl Codegen {
    /// Takes the workspace at `root` and the schemas of `mms-types`.
    #[must_use]
    pub fn new(root: &Path) -> Self {
        let kinds =
            [(DocumentKind::CONTRACT, mms_types::schemas()), (DocumentKind::CONTROL, mms_types::sandbox::schemas())];
        Self { root: root.to_owned(), kinds }
    }

    /// Replaces the schemas of the types of a kind of document, for types that are not (or not yet) those of `mms-types`.
    #[must_use]
    pub fn with_schemas(mut self, kind: DocumentKind, rendered: Map<String, Value>) -> Self {
        if let Some((_, schemas)) = self.kinds.iter_mut().find(|(known, _)| *known == kind) {
            *schemas = rendered;
        }
        self
    }

    /// Compares documents and types and writes the canonical forms whose content changes.
    ///
    /// Where a document and its types disagree it writes nothing and shows how they differ: [`Status::Stale`].
    #[must_use]
    pub fn regenerate(&self) -> Outcome {
        run(|report| {
            let Some(documents) = self.agreed(report)? else { return Ok(Status::Stale) };
            for Fresh { kind, json } in documents {
                if self.written(kind)?.as_deref() == Some(json.as_bytes()) {
                    report.line("Fresh", kind.json);
                } else {
                    fs::write(self.root.join(kind.json), &json).map_err(|error| crashed(kind.json, &error))?;
                    report.line("Wrote", kind.json);
                }
            }
            Ok(Status::Fresh)
        })
    }

    /// Compares documents, types and canonical forms, and writes nothing at all.
    #[must_use]
    pub fn check(&self) -> Outcome {
        run(|report| {
            let Some(documents) = self.agreed(report)? else { return Ok(Status::Stale) };
            let mut status = Status::Fresh;
            for document in documents {
                if !self.is_written(&document, report)? {
                    status = Status::Stale;
                }
            }
            if status == Status::Stale {
                report.run(REGENERATE);
            }
            Ok(status)
        })
    }

    /// Reports what callers of the documents at an earlier revision would break on.
    ///
    /// The revision is whatever git takes for one: a tag, a branch, a hash. The control side is new where the revision has
    /// none; a revision without a contract is none of this project.
    #[must_use]
    pub fn against(&self, revision: &str) -> Outcome {
        run(|report| {
            let contracts = self.contracts(report)?;
            let earlier = Revision::find(&self.root, revision)?;
            let mut status = Status::Fresh;
            for contract in contracts {
                if !compared(&contract, &earlier, report)? {
                    status = Status::Stale;
                }
            }
            Ok(status)
        })
    }

    /// Writes the generated client, the table of operations and the mocks into a directory, for reading.
    ///
    /// The directory is made where it does not exist; a relative one is relative to the current directory.
    #[must_use]
    pub fn emit_client(&self, directory: &Path) -> Outcome {
        run(|report| {
            let contract = self.contract(DocumentKind::CONTRACT, report)?;
            let generated = |source: Result<String, mms_codegen::GenerateError>| {
                source.map_err(|error| invalid(DocumentKind::CONTRACT.yaml, &error.to_string()))
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

    /// Reads every document and checks its rules.
    fn contracts(&self, report: &mut Report) -> Result<Vec<Contract>, Failure> {
        self.kinds.iter().map(|(kind, _)| self.contract(*kind, report)).collect()
    }

    /// Reads a document and checks its rules.
    fn contract(&self, kind: DocumentKind, report: &mut Report) -> Result<Contract, Failure> {
        let yaml = kind.yaml;
        let bytes = fs::read(self.root.join(yaml)).map_err(|error| crashed(yaml, &error))?;
        let invalid = |message: String| invalid(yaml, &message);
        let text = String::from_utf8(bytes).map_err(|error| invalid(format!("not UTF-8: {error}")))?;
        let contract = Contract::from_yaml(kind, &text).map_err(|error| invalid(error.to_string()))?;
        let examples = examples::violations(contract.document());
        if !examples.is_empty() {
            return Err(invalid(examples.join("\n")));
        }
        if kind == DocumentKind::CONTRACT {
            mms_codegen::client_source(&contract).map_err(|error| invalid(error.to_string()))?;
        }
        report.line("Valid", format_args!("{yaml}: {} operations", contract.operations().len()));
        Ok(contract)
    }

    /// Returns the content of every canonical form if all documents and types agree, else reports where they do not.
    fn agreed(&self, report: &mut Report) -> Result<Option<Vec<Fresh>>, Failure> {
        let contracts = self.contracts(report)?;
        let mut agreed = Vec::new();
        let mut disagreeing = Vec::new();
        for (contract, (kind, rendered)) in contracts.iter().zip(&self.kinds) {
            let disagreements = schemas::disagreements(contract.document(), rendered);
            if disagreements.is_empty() {
                report.line("Fresh", format_args!("mms-types: {} schemas of {}", rendered.len(), kind.yaml));
                let json = schemas::canonical(&schemas::merged(contract.document(), rendered));
                agreed.push(Fresh { kind: *kind, json });
                continue;
            }
            disagreeing.push(kind.yaml);
            for disagreement in disagreements {
                let name = disagreement.name;
                report.line("Stale", format_args!("schema {name}: {} and the type disagree", kind.yaml));
                report.diff(
                    (&format!("{} schema {name}", kind.yaml), &disagreement.document),
                    (&format!("mms-types {name}"), &disagreement.rendered),
                );
            }
        }
        if disagreeing.is_empty() {
            return Ok(Some(agreed));
        }
        let documents = disagreeing.join(", ");
        report.line(
            "",
            format_args!("nothing was written: change {documents} or the type until both say the same, then"),
        );
        report.run(REGENERATE);
        Ok(None)
    }

    /// Reports whether a canonical form is there and says what the document says.
    fn is_written(&self, document: &Fresh, report: &mut Report) -> Result<bool, Failure> {
        let Fresh { kind, json } = document;
        match self.written(*kind)? {
            Some(written) if written == json.as_bytes() => {
                report.line("Fresh", kind.json);
                return Ok(true);
            }
            Some(written) => {
                report.line("Stale", format_args!("{}: it is not what {} says", kind.json, kind.yaml));
                let written = String::from_utf8_lossy(&written);
                report.diff((kind.json, &written), (&format!("{} as {REGENERATE} writes it", kind.json), json));
            }
            None => report.line("Stale", format_args!("{}: it does not exist", kind.json)),
        }
        Ok(false)
    }

    /// Returns the canonical form of a document as it is, if it exists.
    fn written(&self, kind: DocumentKind) -> Result<Option<Vec<u8>>, Failure> {
        match fs::read(self.root.join(kind.json)) {
            Ok(bytes) => Ok(Some(bytes)),
            Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
            Err(error) => Err(crashed(kind.json, &error)),
        }
    }
}

/// Reports whether callers of a document at an earlier revision go on with the current one.
fn compared(contract: &Contract, revision: &Revision, report: &mut Report) -> Result<bool, Failure> {
    let DocumentKind { yaml, .. } = contract.kind();
    let name = revision.name();
    if contract.kind() == DocumentKind::CONTROL && !revision.has(yaml)? {
        report.line("New", format_args!("{yaml}: not in {name}"));
        return Ok(true);
    }
    let earlier = mms_codegen::read_earlier(&revision.text(yaml)?)
        .map_err(|error| invalid(&format!("{name}:{yaml}"), &error.to_string()))?;
    let findings = compatibility::findings(&earlier, contract.document()).map_err(|error| {
        let document = if error.in_earlier { format!("{name}:{yaml}") } else { yaml.to_owned() };
        invalid(&document, &error.message)
    })?;
    for finding in &findings {
        report.line("Breaking", finding);
    }
    if findings.is_empty() {
        report.line("Compatible", format_args!("{yaml} with {name}"));
        return Ok(true);
    }
    report.line("Incompatible", format_args!("{yaml} with {name}: {} breaking", findings.len()));
    report.run(&format!("git diff {name} -- {yaml}"));
    Ok(false)
}

/// Runs a task with a report of its own.
fn run(task: impl FnOnce(&mut Report) -> Result<Status, Failure>) -> Outcome {
    let mut report = Report::default();
    let end = task(&mut report);
    Outcome::new(&report, end)
}

/// Names the document in front of every line about it.
fn invalid(document: &str, message: &str) -> Failure {
    let lines: Vec<String> = message.lines().map(|line| format!("{document}: {line}")).collect();
    Failure::Invalid(lines.join("\n"))
}

fn crashed(path: impl Display, error: &io::Error) -> Failure {
    Failure::Crashed(format!("{path}: {error}"))
}
