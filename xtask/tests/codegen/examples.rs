//! Tests of examples against their schemas.

use serde_json::{Value, json};
use xtask::codegen::Status;

use crate::breaking::CHILDREN;
use crate::workspace::{CONTRACT, Workspace, document, text};

fn refused(expected: &str, change: impl FnOnce(&mut Value)) {
    let mut document = document();
    change(&mut document);
    let workspace = Workspace::with_contract(&text(&document));
    let outcome = workspace.codegen().check();
    assert_eq!(outcome.status(), Status::Invalid, "{outcome}");
    assert_eq!(outcome.report(), "");
    assert!(outcome.error().starts_with(&format!("error: openapi/mms.yaml: {expected}")), "{outcome}");
}

#[test]
fn an_example_of_a_request_keeps_to_its_schema() {
    let content = "requestBody/content/application/json";
    refused(
        &format!(
            "POST {CHILDREN} {content}: example smallest_allocation at /operations: 12345 is not a multiple of 10000"
        ),
        |it| {
            let content = &mut it["paths"][CHILDREN]["post"]["requestBody"]["content"]["application/json"];
            content["examples"]["smallest_allocation"]["value"]["operations"] = 12_345.into();
        },
    );
}

#[test]
fn an_example_of_an_answer_keeps_to_its_schema() {
    refused(
        "GET /enums/imt-zones responses/200/content/application/json: example all: \"imtZones\" is a required property",
        |it| {
            let content =
                &mut it["paths"]["/enums/imt-zones"]["get"]["responses"]["200"]["content"]["application/json"];
            content["examples"] = json!({"all": {"value": {}}});
        },
    );
    refused("GET /enums/imt-zones responses/200/content/text/csv: example all: 7 is not of type \"string\"", |it| {
        let content = &mut it["paths"]["/enums/imt-zones"]["get"]["responses"]["200"]["content"];
        content["text/csv"] = json!({"schema": {"type": "string"}, "examples": {"all": {"value": 7}}});
    });
}

#[test]
fn a_shared_example_keeps_to_the_schema_of_every_place() {
    refused(
        "GET /organizations responses/4XX/content/application/json: example access_denied at /message: 403 is not of type \
         \"string\"",
        |it| it["components"]["examples"]["access_denied"]["value"]["message"] = 403.into(),
    );
}

#[test]
fn an_example_of_a_component_keeps_to_its_schema() {
    refused("components/parameters/organizationId: example: \"11\" is not of type \"integer\"", |it| {
        it["components"]["parameters"]["organizationId"]["example"] = "11".into();
    });
    refused("schema EmailAddress: example: \"nobody\" is not a \"email\"", |it| {
        it["components"]["schemas"]["EmailAddress"]["example"] = "nobody".into();
    });
}

#[test]
fn null_is_an_example_where_the_document_says_nullable() {
    let mut document = document();
    let field = json!({"type": "string", "nullable": true, "example": null});
    document["components"]["schemas"]["Zone"]["properties"]["name"] = field;
    let workspace = Workspace::with_contract(&text(&document));
    assert_eq!(workspace.codegen().check().status(), Status::Stale);
}

#[test]
fn a_schema_at_which_the_generator_panics_is_named() {
    refused("schema ZoneId: progenitor panics: not yet implemented: exclusive_minimum set without minimum\n", |it| {
        it["components"]["schemas"]["ZoneId"] = json!({"type": "integer", "exclusiveMinimum": true, "pattern": "x"});
    });
}

#[test]
fn a_word_that_other_readers_take_for_a_boolean_is_refused_with_its_line() {
    let workspace = Workspace::with_contract(&CONTRACT.replacen("openapi: 3.0.3", "openapi: 3.0.3\nx-note: no", 1));
    let outcome = workspace.codegen().check();
    assert_eq!(outcome.status(), Status::Invalid);
    assert_eq!(outcome.error(), "error: openapi/mms.yaml: line 3: no is no text to a reader of YAML 1.1: quote it\n");
}
