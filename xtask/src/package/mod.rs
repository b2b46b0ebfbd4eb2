//! `cargo xtask package`: the packages of a release, with the generated code in place of the generator.
//!
//! What the last commit has is cloned into a directory of its own, three things are changed there, and cargo packages the
//! result: the workspace keeps the crates alone that are published; `mms-client` gets the generated code, and a build script
//! that only copies it; its build-dependency on the generator goes. The work tree is never touched.

mod manifest;

use std::ffi::OsString;
use std::fmt::Display;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::{env, fs, io};

use mms_codegen::{Contract, DocumentKind};

use crate::report::{Failure, Outcome, Report, Status};

/// The crate whose code is generated.
const CLIENT: &str = "mms-client";
/// The crate that generates it, which no package needs then.
const GENERATOR: &str = "mms-codegen";
/// The build script of the package of the client.
const BUILD_SCRIPT: &str = include_str!("packaged_build.rs");

/// The task over one workspace.
#[derive(Debug, Clone)]
pub struct Package {
    root: PathBuf,
    target: PathBuf,
}

impl Package {
    /// Takes the workspace at `root`, which must be one of git, and the directory for what is built.
    #[must_use]
    pub fn new(root: &Path, target: &Path) -> Self {
        Self { root: root.to_owned(), target: target.to_owned() }
    }

    /// Returns where the clone is.
    #[must_use]
    pub fn staging(&self) -> PathBuf {
        self.target.join("package-staging")
    }

    /// Makes the clone of the last commit anew, and changes what packages have differently. Earlier packages are removed.
    #[must_use]
    pub fn stage(&self) -> Outcome {
        let mut report = Report::default();
        let end = self.try_stage(&mut report);
        Outcome::new(&report, end)
    }

    /// Returns the call of cargo that makes the packages and builds each of them as its users will.
    ///
    /// The clone differs from its commit, so cargo has to be told that it may. Each commit has a directory of its own: of a package
    /// that was verified before, with the same version and directory, cargo takes the sources that it unpacked then.
    pub fn command(&self) -> io::Result<Command> {
        let output = git().current_dir(self.staging()).args(["rev-parse", "--short=12", "HEAD"]).output()?;
        let commit = String::from_utf8_lossy(&output.stdout);
        let cargo = env::var_os("CARGO").unwrap_or_else(|| OsString::from("cargo"));
        let mut command = Command::new(cargo);
        command.current_dir(self.staging()).args(["package", "--workspace", "--allow-dirty", "--target-dir"]);
        command.arg(self.packages().join(commit.trim()));
        Ok(command)
    }

    /// Returns where the packages are, in a directory for their commit.
    fn packages(&self) -> PathBuf {
        self.target.join("release-packages")
    }

    fn try_stage(&self, report: &mut Report) -> Result<Status, Failure> {
        self.clone_anew(report)?;
        let staging = self.staging();
        let workspace = File::read(&staging, "Cargo.toml")?;
        let mut published = Vec::new();
        for member in manifest::members(&workspace.text).map_err(|error| workspace.invalid(&error))? {
            let crate_manifest = File::read(&staging, &format!("{member}/Cargo.toml"))?;
            let publishable =
                manifest::is_publishable(&crate_manifest.text).map_err(|error| crate_manifest.invalid(&error))?;
            if publishable && member != GENERATOR {
                report.line("Staged", &member);
                published.push(member);
            }
        }
        let edited = manifest::with_members(&workspace.text, &published).map_err(|error| workspace.invalid(&error))?;
        write(&workspace.path, &edited)?;
        generate(&staging, report)?;
        Ok(Status::Fresh)
    }

    /// Clones the last commit, over what an earlier run left.
    fn clone_anew(&self, report: &mut Report) -> Result<(), Failure> {
        let staging = self.staging();
        for earlier in [&staging, &self.packages()] {
            match fs::remove_dir_all(earlier) {
                Err(error) if error.kind() != io::ErrorKind::NotFound => {
                    return Err(crashed(earlier.display(), &error));
                }
                _ => {}
            }
        }
        fs::create_dir_all(&self.target).map_err(|error| crashed(self.target.display(), &error))?;
        let mut clone = git();
        clone.args(["clone", "--quiet", "--no-tags", "--"]).arg(&self.root).arg(&staging);
        let output = clone.output().map_err(|error| crashed("git", &error))?;
        if !output.status.success() {
            let reason = String::from_utf8_lossy(&output.stderr).trim_end().to_owned();
            return Err(Failure::Crashed(format!("git clone: {reason}")));
        }
        report.line("Cloned", format_args!("the last commit to {}", staging.display()));
        Ok(())
    }
}

/// Returns git without the variables that name another repository where git itself started this program.
fn git() -> Command {
    let mut git = Command::new("git");
    git.env_remove("GIT_DIR").env_remove("GIT_INDEX_FILE").env_remove("GIT_WORK_TREE");
    git
}

/// Puts the generated code into the client, and takes the generator away from it.
fn generate(staging: &Path, report: &mut Report) -> Result<(), Failure> {
    let client = staging.join(CLIENT);
    let yaml = DocumentKind::CONTRACT.yaml;
    let contract =
        Contract::read(DocumentKind::CONTRACT, &staging.join(yaml)).map_err(|error| invalid(yaml, &error))?;
    let sources = mms_codegen::client_sources(&contract).map_err(|error| invalid(yaml, &error))?;
    let generated = client.join("generated");
    fs::create_dir_all(&generated).map_err(|error| crashed(generated.display(), &error))?;
    for (name, source) in sources {
        write(&generated.join(name), &source)?;
        report.line("Wrote", format_args!("{CLIENT}/generated/{name}"));
    }
    write(&client.join("build.rs"), BUILD_SCRIPT)?;
    let file = File::read(staging, &format!("{CLIENT}/Cargo.toml"))?;
    let edited =
        manifest::without_build_dependency(&file.text, GENERATOR).map_err(|error| file.invalid(&error))?.ok_or_else(
            || file.invalid(&format_args!("no build-dependency on {GENERATOR}: this task has to be adapted")),
        )?;
    write(&file.path, &edited)
}

/// A file of the clone.
struct File {
    name: String,
    path: PathBuf,
    text: String,
}

impl File {
    fn read(staging: &Path, name: &str) -> Result<Self, Failure> {
        let path = staging.join(name);
        let text = fs::read_to_string(&path).map_err(|error| crashed(name, &error))?;
        Ok(Self { name: name.to_owned(), path, text })
    }

    fn invalid(&self, error: &impl Display) -> Failure {
        invalid(&self.name, error)
    }
}

fn write(path: &Path, text: &str) -> Result<(), Failure> {
    fs::write(path, text).map_err(|error| crashed(path.display(), &error))
}

/// Names the file in front of every line about it.
fn invalid(name: &str, error: &impl Display) -> Failure {
    let lines: Vec<String> = error.to_string().lines().map(|line| format!("{name}: {line}")).collect();
    Failure::Invalid(lines.join("\n"))
}

fn crashed(path: impl Display, error: &io::Error) -> Failure {
    Failure::Crashed(format!("{path}: {error}"))
}
