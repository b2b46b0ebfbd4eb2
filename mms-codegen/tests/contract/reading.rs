//! Tests of reading: what is no contract, and what is read all the same.

use std::path::Path;

use mms_codegen::{Contract, ContractError, DocumentKind, read_earlier};

const OPERATION: &str = "
openapi: 3.0.3
info: {title: t, version: '1'}
paths:
  /zones:
    get:
      responses:
        200: {description: d}
";

#[test]
fn a_missing_file_is_a_failed_read() {
    let error = Contract::read(DocumentKind::CONTRACT, Path::new("no/such/file.yaml")).unwrap_err();
    assert!(matches!(error, ContractError::Read(_)), "{error}");
}

#[test]
fn a_text_that_is_no_yaml_is_refused_with_its_line() {
    let error = Contract::from_yaml(DocumentKind::CONTRACT, "openapi: 3.0.3\npaths: [").unwrap_err();
    assert!(matches!(error, ContractError::Yaml(_)), "{error}");
    assert!(error.to_string().contains("line"), "{error}");
}

#[test]
fn a_key_that_stands_twice_is_refused() {
    let error = Contract::from_yaml(DocumentKind::CONTRACT, "openapi: 3.0.3\ninfo: {}\nopenapi: 3.0.3\n").unwrap_err();
    assert!(matches!(error, ContractError::Yaml(_)), "{error}");
    assert!(error.to_string().contains("duplicate entry with key \"openapi\""), "{error}");
}

#[test]
fn an_unquoted_status_is_refused_with_method_and_path() {
    let error = Contract::from_yaml(DocumentKind::CONTRACT, OPERATION).unwrap_err();
    assert_eq!(error.to_string(), "GET /zones responses: the key 200 is no string: quote it");
}

#[test]
fn a_word_that_other_readers_take_for_a_boolean_is_refused_with_its_line() {
    let text = OPERATION.replace("200:", "'200':").replace("description: d", "description: no");
    let error = Contract::from_yaml(DocumentKind::CONTRACT, &text).unwrap_err();
    assert_eq!(error.to_string(), "line 8: no is no text to a reader of YAML 1.1: quote it");
    let quoted = text.replace("description: no", "description: 'no'");
    let error = Contract::from_yaml(DocumentKind::CONTRACT, &quoted).unwrap_err();
    assert!(!error.to_string().contains("quote it"), "{error}");
}

#[test]
fn a_document_that_keeps_the_rules_and_is_no_openapi_is_refused() {
    let document = super::changed(|document| document["info"]["title"] = 7.into());
    let error = Contract::from_document(DocumentKind::CONTRACT, document).unwrap_err();
    assert!(matches!(error, ContractError::NotOpenApi(_)), "{error}");
}

#[test]
fn an_earlier_document_need_not_keep_the_rules() {
    let document = read_earlier(OPERATION).unwrap();
    assert_eq!(document["paths"]["/zones"]["get"]["responses"]["200"]["description"], "d");
}

#[test]
fn an_earlier_document_is_openapi_all_the_same() {
    let error = read_earlier("openapi: 3.0.3\npaths: 7\n").unwrap_err();
    assert!(matches!(error, ContractError::NotOpenApi(_)), "{error}");
    assert!(matches!(read_earlier("a: [").unwrap_err(), ContractError::Yaml(_)));
}
