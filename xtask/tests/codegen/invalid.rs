//! Tests of invalid contracts: exit code 100, or 1 where one cannot be read.

use std::fs;

use xtask::codegen::Outcome;

use crate::workspace::Workspace;

fn outcomes(workspace: &Workspace) -> [Outcome; 4] {
    let codegen = workspace.codegen();
    let client = workspace.root().join("client");
    [codegen.regenerate(), codegen.check(), codegen.against("HEAD"), codegen.emit_client(&client)]
}

fn refused(workspace: &Workspace, code: u8, error: &str) {
    for outcome in outcomes(workspace) {
        assert_eq!(outcome.status().exit_code(), code, "{outcome}");
        assert_eq!(outcome.report(), "");
        assert!(outcome.error().starts_with(error), "{outcome}");
    }
    assert!(!workspace.json().exists());
    assert!(!workspace.root().join("client").exists());
}

#[test]
fn a_broken_rule_is_invalid_and_names_method_and_path() {
    let workspace = Workspace::with_contract("");
    workspace.edit("operationId: list_zones", "operationId: listZones");
    refused(
        &workspace,
        100,
        "error: openapi/mms.yaml: GET /enums/imt-zones: operationId \"listZones\" is not in snake case\n",
    );
}

#[test]
fn each_of_several_broken_rules_has_a_line_of_its_own() {
    let workspace = Workspace::with_contract("");
    workspace.edit("operationId: list_zones\n      tags: [Enums]", "operationId: listZones\n      tags: []");
    let outcome = workspace.codegen().check();
    assert_eq!(outcome.error().lines().count(), 2, "{outcome}");
    assert!(outcome.error().lines().all(|line| line.starts_with("error: openapi/mms.yaml: GET /enums/imt-zones: ")));
}

#[test]
fn a_text_that_is_no_yaml_is_invalid() {
    refused(&Workspace::with_contract("paths: ["), 100, "error: openapi/mms.yaml: the document is no YAML: ");
}

#[test]
fn a_key_that_stands_twice_is_invalid() {
    let workspace = Workspace::with_contract("");
    workspace.edit("openapi: 3.0.3\n", "openapi: 3.0.3\nopenapi: 3.0.3\n");
    refused(&workspace, 100, "error: openapi/mms.yaml: the document is no YAML: duplicate entry with key \"openapi\"");
}

#[test]
fn an_unquoted_status_is_invalid() {
    let workspace = Workspace::with_contract("");
    workspace.edit("\"200\":", "200:");
    refused(
        &workspace,
        100,
        "error: openapi/mms.yaml: GET /organizations/{organizationId}/managed-organizations responses: the key 200 is \
         no string: quote it\n",
    );
}

#[test]
fn a_text_that_is_no_openapi_is_invalid() {
    let workspace = Workspace::with_contract("");
    workspace.edit("security:\n  - apiToken: []\n", "security: apiToken\n");
    refused(&workspace, 100, "error: openapi/mms.yaml: the document is no OpenAPI 3.0: ");
}

#[test]
fn a_file_that_is_no_text_is_invalid() {
    let workspace = Workspace::with_contract("");
    fs::write(workspace.root().join("openapi/mms.yaml"), [0xff, 0xfe]).unwrap();
    refused(&workspace, 100, "error: openapi/mms.yaml: not UTF-8: ");
}

#[test]
fn a_missing_contract_is_a_crash() {
    let workspace = Workspace::with_contract("");
    fs::remove_file(workspace.root().join("openapi/mms.yaml")).unwrap();
    refused(&workspace, 1, "error: openapi/mms.yaml: ");
}

#[test]
fn a_canonical_form_that_cannot_be_read_is_a_crash() {
    let workspace = Workspace::fresh();
    fs::remove_file(workspace.json()).unwrap();
    fs::create_dir(workspace.json()).unwrap();
    for outcome in [workspace.codegen().check(), workspace.codegen().regenerate()] {
        assert_eq!(outcome.status().exit_code(), 1);
        assert!(outcome.error().starts_with("error: openapi/mms.json: "), "{outcome}");
    }
}
