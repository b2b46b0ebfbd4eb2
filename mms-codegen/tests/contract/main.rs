//! The contract at build time: its rules, and what is generated from it.

#![expect(clippy::unwrap_used, reason = "a failed unwrap fails the test at the right line")]

mod generation;
mod reading;
mod rules;

use std::path::Path;

use mms_codegen::Contract;
use serde_json::Value;

/// Returns the contract of this workspace.
fn contract() -> Contract {
    Contract::read(&Path::new(env!("CARGO_MANIFEST_DIR")).join("../openapi/mms.yaml")).unwrap()
}

/// Returns the document of this workspace after a change.
fn changed(change: impl FnOnce(&mut Value)) -> Value {
    let mut document = contract().document().clone();
    change(&mut document);
    document
}
