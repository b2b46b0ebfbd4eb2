//! Tests of the control side's document.

use std::fs;

use mms_codegen::DocumentKind;
use serde_json::json;
use xtask::codegen::{self, Status};

use crate::workspace::{CONTRACT, CONTROL, Workspace};

#[test]
fn a_changed_description_makes_its_own_canonical_form_stale() {
    let workspace = Workspace::fresh();
    workspace.edit_control("What the clock shows.", "What the sandbox's clock shows.");
    let outcome = codegen::check(workspace.root());
    assert_eq!(outcome.status().exit_code(), 4);
    for line in [
        "       Fresh openapi/mms.json\n       Stale openapi/sandbox.json: it is not what openapi/sandbox.yaml says\n",
        "--- openapi/sandbox.json\n+++ openapi/sandbox.json as cargo xtask codegen writes it\n",
        "+        \"description\": \"What the sandbox's clock shows.\",\n",
    ] {
        assert!(outcome.report().contains(line), "{line}{outcome}");
    }
    assert_eq!(outcome.report().matches("run: cargo xtask codegen\n").count(), 1, "{outcome}");
}

#[test]
fn only_the_stale_canonical_form_is_written() {
    let workspace = Workspace::fresh();
    workspace.edit_control("What the clock shows.", "What the sandbox's clock shows.");
    let contract = fs::metadata(workspace.json()).unwrap().modified().unwrap();
    let outcome = workspace.codegen().regenerate();
    assert!(
        outcome.report().ends_with("       Fresh openapi/mms.json\n       Wrote openapi/sandbox.json\n"),
        "{outcome}"
    );
    assert_eq!(fs::metadata(workspace.json()).unwrap().modified().unwrap(), contract);
    assert!(workspace.codegen().check().is_fresh());
}

#[test]
fn a_control_type_that_disagrees_is_stale_and_nothing_is_written() {
    let workspace = Workspace::fresh();
    // The contract alone would be written: its description changes, its structure does not.
    workspace.edit("The zone's host.", "The host of the zone.");
    let files = workspace.files();
    let mut rendered = mms_types::sandbox::schemas();
    rendered["ClockAdvance"]["properties"]["seconds"]["maximum"] = json!(60);
    let codegen = workspace.codegen().with_schemas(DocumentKind::CONTROL, rendered);
    for outcome in [codegen.regenerate(), codegen.check()] {
        assert_eq!(outcome.status().exit_code(), 4);
        for line in [
            "       Fresh mms-types: 43 schemas of openapi/mms.yaml\n",
            "       Stale schema ClockAdvance: openapi/sandbox.yaml and the type disagree\n",
            "--- openapi/sandbox.yaml schema ClockAdvance\n+++ mms-types ClockAdvance\n",
            "+      \"maximum\": 60,\n",
            "nothing was written: change openapi/sandbox.yaml or the type until both say the same, then\n",
        ] {
            assert!(outcome.report().contains(line), "{line}{outcome}");
        }
    }
    assert_eq!(workspace.files(), files);
}

#[test]
fn types_of_the_contract_do_not_own_schemas_of_the_control_side() {
    let workspace = Workspace::fresh();
    let outcome = workspace.codegen().with_schemas(DocumentKind::CONTROL, mms_types::schemas()).check();
    assert!(outcome.report().contains("Stale schema ClockReading: openapi/sandbox.yaml and the type disagree\n"));
    assert!(outcome.report().contains("Stale schema Zone: openapi/sandbox.yaml and the type disagree\n"));
    assert!(!outcome.report().contains("openapi/mms.yaml and the type disagree"), "{outcome}");
}

#[test]
fn a_broken_rule_is_invalid_and_names_the_document() {
    let workspace = Workspace::fresh();
    workspace.commit();
    workspace.edit_control("operationId: get_clock", "operationId: getClock");
    let codegen = workspace.codegen();
    for outcome in [codegen.regenerate(), codegen.check(), codegen.against("HEAD")] {
        assert_eq!(outcome.status().exit_code(), 100, "{outcome}");
        let expected = "error: openapi/sandbox.yaml: GET /clock: operationId \"getClock\" is not in snake case\n";
        assert_eq!(outcome.error(), expected);
        assert_eq!(outcome.report(), "       Valid openapi/mms.yaml: 12 operations\n");
    }
}

#[test]
fn a_missing_document_is_a_crash_that_names_it() {
    let workspace = Workspace::fresh();
    fs::remove_file(workspace.root().join(DocumentKind::CONTROL.yaml)).unwrap();
    let outcome = workspace.codegen().check();
    assert_eq!(outcome.status().exit_code(), 1);
    assert!(outcome.error().starts_with("error: openapi/sandbox.yaml: "), "{outcome}");
}

#[test]
fn the_client_does_not_depend_on_it() {
    let workspace = Workspace::with_contract(CONTRACT);
    workspace.write_control("openapi: 3.1.0\n");
    let outcome = workspace.codegen().emit_client(&workspace.root().join("client"));
    assert!(outcome.is_fresh(), "{outcome}");
    assert!(!outcome.report().contains("sandbox"), "{outcome}");
}

#[test]
fn the_canonical_form_says_what_the_document_says() {
    let workspace = Workspace::fresh();
    let written = fs::read_to_string(workspace.control_json()).unwrap();
    workspace.write_control(&written);
    assert!(workspace.codegen().check().is_fresh());
}

#[test]
fn a_revision_without_it_is_compatible() {
    let workspace = Workspace::fresh();
    fs::remove_file(workspace.root().join(DocumentKind::CONTROL.yaml)).unwrap();
    workspace.commit();
    workspace.write_control(CONTROL);
    let outcome = workspace.codegen().against("HEAD");
    assert_eq!(outcome.status(), Status::Fresh);
    let expected = "  Compatible openapi/mms.yaml with HEAD\n         New openapi/sandbox.yaml: not in HEAD\n";
    assert!(outcome.report().ends_with(expected), "{outcome}");
}

#[test]
fn a_change_that_breaks_its_callers_is_incompatible() {
    let workspace = Workspace::fresh();
    workspace.commit();
    workspace.edit_control("operationId: get_clock", "operationId: read_clock");
    let outcome = workspace.codegen().against("HEAD");
    assert_eq!(outcome.status().exit_code(), 4);
    let expected = "  Compatible openapi/mms.yaml with HEAD
    Breaking GET /clock: operationId was \"get_clock\", is \"read_clock\"
Incompatible openapi/sandbox.yaml with HEAD: 1 breaking
        run: git diff HEAD -- openapi/sandbox.yaml
";
    assert!(outcome.report().ends_with(expected), "{outcome}");
}

#[test]
fn an_earlier_document_that_cannot_be_read_is_invalid() {
    let workspace = Workspace::fresh();
    workspace.write_control("paths: [");
    workspace.commit();
    workspace.write_control(CONTROL);
    let outcome = workspace.codegen().against("HEAD");
    assert_eq!(outcome.status().exit_code(), 100);
    assert!(outcome.error().starts_with("error: HEAD:openapi/sandbox.yaml: the document is no YAML: "), "{outcome}");
}
