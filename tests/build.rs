//! Generates the typed mocks from the contract, and keeps the document at hand for the tests: only when the document changes.

use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::{env, error::Error, fs};

use mms_codegen::{Contract, mocks_source};

const CONTRACT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../openapi/mms.yaml");

fn main() -> ExitCode {
    println!("cargo::rerun-if-changed={CONTRACT}");
    match generate(Path::new(CONTRACT)) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            for line in error.to_string().lines() {
                println!("cargo::error=openapi/mms.yaml: {line}");
            }
            ExitCode::FAILURE
        }
    }
}

fn generate(contract: &Path) -> Result<(), Box<dyn Error>> {
    let contract = Contract::read(contract)?;
    let out = PathBuf::from(env::var("OUT_DIR")?);
    fs::write(out.join("mocks.rs"), mocks_source(&contract, "mms_client")?)?;
    fs::write(out.join("document.json"), contract.document().to_string())?;
    Ok(())
}
