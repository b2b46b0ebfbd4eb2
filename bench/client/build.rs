//! Generates the client from the contract once more, to run it without the hooks.

use std::process::ExitCode;

#[cfg(feature = "measure")]
fn main() -> ExitCode {
    use std::path::Path;

    use mms_codegen::{build_script, client_source};

    const CONTRACT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../openapi/mms.yaml");
    build_script(Path::new(CONTRACT), |contract| Ok(vec![("client.rs", client_source(contract)?)]))
}

/// Without the measurements there is nothing to generate.
#[cfg(not(feature = "measure"))]
fn main() -> ExitCode {
    ExitCode::SUCCESS
}
