//! Generates the client from the contract.

use std::path::Path;
use std::process::ExitCode;

use mms_codegen::{build_script, client_source, operations_source, servers_source};

const CONTRACT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/openapi/mms.yaml");

fn main() -> ExitCode {
    build_script(Path::new(CONTRACT), |contract| {
        Ok(vec![
            ("client.rs", client_source(contract)?),
            ("operations.rs", operations_source(contract)),
            ("servers.rs", servers_source(contract)),
        ])
    })
}
