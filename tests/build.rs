//! Generates the typed mocks from the contract, and keeps the document at hand for the tests.

use std::path::Path;
use std::process::ExitCode;

use mms_codegen::{build_script, mocks_source};

const CONTRACT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../openapi/mms.yaml");

fn main() -> ExitCode {
    build_script(Path::new(CONTRACT), |contract| {
        Ok(vec![
            ("mocks.rs", mocks_source(contract, "mms_client")?),
            ("document.json", contract.document().to_string()),
        ])
    })
}
