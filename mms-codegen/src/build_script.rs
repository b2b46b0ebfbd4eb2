//! Build script of the crates that include generated code.

use std::error::Error;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::{env, fs};

use crate::document::contract::Contract;
use crate::document::kind::DocumentKind;
use crate::generate::GenerateError;

/// Runs a build script: reads the contract, and writes what is made of it into `OUT_DIR`, each text under its name.
///
/// Cargo runs it again only when the document changes. What is wrong with the document becomes a build error that names
/// method and path.
#[expect(clippy::print_stdout, reason = "a build script speaks to cargo on standard output")]
pub fn build_script(
    contract: &Path,
    sources: impl FnOnce(&Contract) -> Result<Vec<(&'static str, String)>, GenerateError>,
) -> ExitCode {
    println!("cargo::rerun-if-changed={}", contract.display());
    match write(contract, sources) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            for line in error.to_string().lines() {
                println!("cargo::error={}: {line}", DocumentKind::CONTRACT.yaml);
            }
            ExitCode::FAILURE
        }
    }
}

fn write(
    contract: &Path,
    sources: impl FnOnce(&Contract) -> Result<Vec<(&'static str, String)>, GenerateError>,
) -> Result<(), Box<dyn Error>> {
    let out = PathBuf::from(env::var("OUT_DIR")?);
    for (name, source) in sources(&Contract::read(DocumentKind::CONTRACT, contract)?)? {
        fs::write(out.join(name), source)?;
    }
    Ok(())
}
