//! Tells the program which commit it is built from, for `mms --version`: that of the repository, or of the package's own record.

use std::fs;
use std::path::Path;
use std::process::Command;

fn main() {
    println!("cargo::rerun-if-env-changed=MMS_COMMIT");
    // Where somebody names it, the compiler reads the variable itself.
    if std::env::var_os("MMS_COMMIT").is_some() {
        return;
    }
    if let Some(commit) = of_package().or_else(of_repository) {
        println!("cargo::rustc-env=MMS_COMMIT={commit}");
    }
}

/// Reads the record that `cargo package` puts into a package.
fn of_package() -> Option<String> {
    let record = fs::read_to_string(".cargo_vcs_info.json").ok()?;
    let commit = record.split("\"sha1\": \"").nth(1)?.split('"').next()?;
    Some(commit.get(..10)?.to_owned())
}

/// Asks git, if this is a clone. A commit or a checkout adds a line to the log of its head.
fn of_repository() -> Option<String> {
    let log = Path::new("../.git/logs/HEAD");
    println!("cargo::rerun-if-changed={}", if log.exists() { "../.git/logs/HEAD" } else { "build.rs" });
    let output = Command::new("git").args(["rev-parse", "--short=10", "HEAD"]).output().ok()?;
    let commit = String::from_utf8(output.stdout).ok()?.trim().to_owned();
    (output.status.success() && !commit.is_empty()).then_some(commit)
}
