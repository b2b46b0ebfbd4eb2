//! Puts the generated code of this package where the crate includes it.
//!
//! `cargo xtask package` wrote `generated/` from `openapi/mms.yaml`: nobody who uses this package compiles the generator.

use std::error::Error;
use std::path::PathBuf;
use std::process::ExitCode;
use std::{env, fs};

fn main() -> ExitCode {
    println!("cargo::rerun-if-changed=generated");
    match copy() {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            println!("cargo::error=the generated code of this package: {error}");
            ExitCode::FAILURE
        }
    }
}

/// Writes new files: a package may be kept read-only, and a copy of its files would be, too.
fn copy() -> Result<(), Box<dyn Error>> {
    let out = PathBuf::from(env::var("OUT_DIR")?);
    for entry in fs::read_dir("generated")? {
        let entry = entry?;
        fs::write(out.join(entry.file_name()), fs::read(entry.path())?)?;
    }
    Ok(())
}
