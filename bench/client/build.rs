//! Generates the client from the contract once more, to run it without the hooks.

use std::path::Path;
use std::process::ExitCode;

use mms_codegen::{build_script, client_source};

const CONTRACT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../openapi/mms.yaml");

fn main() -> ExitCode {
    build_script(Path::new(CONTRACT), |contract| Ok(vec![("client.rs", client_source(contract)?)]))
}
