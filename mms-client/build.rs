//! Generates the client from the contract. A released package has its output instead (`cargo xtask package`).

use std::path::Path;
use std::process::ExitCode;

use mms_codegen::{build_script, client_sources};

/// A symbolic link to the document of the workspace, which a package carries as a file.
const CONTRACT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/openapi/mms.yaml");

fn main() -> ExitCode {
    build_script(Path::new(CONTRACT), client_sources)
}
