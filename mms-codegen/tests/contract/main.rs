//! Tests of the documents at build time: their rules, and what is generated from the contract.

#![expect(clippy::unwrap_used, reason = "a failed unwrap fails the test at the right line")]

mod control_side;
mod document;
mod generation;
mod operations;
mod reading;
mod rules;
mod shape;

use std::path::Path;

use mms_codegen::{Contract, ContractError, DocumentKind};
use serde_json::Value;

/// Returns the document of a side, as it is in this workspace.
fn read(kind: DocumentKind) -> Contract {
    Contract::read(kind, &Path::new(env!("CARGO_MANIFEST_DIR")).join("..").join(kind.yaml)).unwrap()
}

/// Returns the contract of this workspace.
fn contract() -> Contract {
    read(DocumentKind::CONTRACT)
}

/// Returns the contract of this workspace after a change.
fn changed(change: impl FnOnce(&mut Value)) -> Value {
    let mut document = contract().document().clone();
    change(&mut document);
    document
}

/// Breaks one rule of the contract and expects exactly one message.
fn breaks(expected: &str, change: impl FnOnce(&mut Value)) {
    let error = Contract::from_document(DocumentKind::CONTRACT, changed(change)).unwrap_err();
    assert!(matches!(error, ContractError::Rules(_)), "{error}");
    assert_eq!(error.to_string(), expected);
}

fn zones(document: &mut Value) -> &mut Value {
    &mut document["paths"]["/enums/imt-zones"]["get"]
}

fn remove(value: &mut Value, key: &str) -> Value {
    value.as_object_mut().unwrap().remove(key).unwrap()
}
