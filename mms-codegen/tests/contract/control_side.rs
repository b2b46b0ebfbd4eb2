//! Tests of the rules for the control side, where they differ from the contract's.

use mms_codegen::{Contract, DocumentKind};
use serde_json::{Value, json};

/// Breaks one rule and expects exactly one message.
fn breaks(expected: &str, change: impl FnOnce(&mut Value)) {
    let error = changed(change).unwrap_err();
    assert_eq!(error, expected);
}

fn changed(change: impl FnOnce(&mut Value)) -> Result<Contract, String> {
    let mut document = crate::read(DocumentKind::CONTROL).document().clone();
    change(&mut document);
    Contract::from_document(DocumentKind::CONTROL, document).map_err(|error| error.to_string())
}

fn replace_state(document: &mut Value) -> &mut Value {
    &mut document["paths"]["/state"]["put"]
}

#[test]
fn the_control_side_of_this_workspace_keeps_every_rule() {
    assert_eq!(changed(|_| {}).unwrap().kind(), DocumentKind::CONTROL);
}

#[test]
fn it_is_served_on_this_machine_alone() {
    breaks("servers: the document has no server", |it| it["servers"] = json!([]));
    for url in ["https://eu1.make.com/api/v2", "http://0.0.0.0:8787/_sandbox", "http://127.0.0.1:8787/_sandbox/"] {
        breaks(&format!("servers: {url:?} is not http://127.0.0.1:8787/_sandbox"), |it| {
            it["servers"][0]["url"] = url.into();
        });
    }
}

#[test]
fn its_server_is_none_of_the_contract() {
    let document = crate::changed(|it| it["servers"][0]["url"] = "http://127.0.0.1:8787/_sandbox".into());
    let error = Contract::from_document(DocumentKind::CONTRACT, document).unwrap_err().to_string();
    assert_eq!(error, "servers: \"http://127.0.0.1:8787/_sandbox\" is not https://, a host and /api/v2");
}

#[test]
fn its_schemas_have_types_of_their_own() {
    breaks("schema Zone: no type of mms-types owns it: add one to the registry there", |it| {
        it["components"]["schemas"]["Zone"] = json!({"type": "string"});
    });
    breaks("type LimitBody of mms-types: the document has no schema of this name", |it| {
        let schemas = &mut it["components"]["schemas"];
        schemas.as_object_mut().unwrap().remove("LimitBody").unwrap();
        schemas["Behaviour"]["properties"]["limitBody"] = json!({"$ref": "#/components/schemas/Verdict"});
    });
}

#[test]
fn a_body_may_be_yaml_beside_json() {
    let location = "PUT /state: requestBody";
    let expected = "expected application/json, and beside it only application/yaml";
    breaks(
        &format!("{location}: media types [\"application/json\", \"application/yaml\", \"text/plain\"]: {expected}"),
        |it| replace_state(it)["requestBody"]["content"]["text/plain"] = json!({"schema": {"type": "string"}}),
    );
    breaks(&format!("{location}: application/yaml with a $ref to a named schema is missing"), |it| {
        replace_state(it)["requestBody"]["content"]["application/yaml"]["schema"] = json!({"type": "string"});
    });
    breaks(&format!("{location}: an example is missing"), |it| {
        replace_state(it)["requestBody"]["content"]["application/yaml"]["examples"] = json!({});
    });
    let without_json = changed(|it| {
        replace_state(it)["requestBody"]["content"].as_object_mut().unwrap().remove("application/json").unwrap();
    });
    let error = without_json.unwrap_err();
    assert!(
        error.starts_with(&format!("{location}: application/json with a $ref to a named schema is missing")),
        "{error}"
    );
}

#[test]
fn its_errors_are_json_of_the_one_error_schema() {
    breaks(
        "GET /clock: response \"5XX\": application/json is not the one error schema, #/components/schemas/ApiError",
        |it| {
            let mut response = it["components"]["responses"]["server_error"].clone();
            response["content"]["application/json"]["schema"]["$ref"] = "#/components/schemas/ApiSuberror".into();
            it["paths"]["/clock"]["get"]["responses"]["5XX"] = response;
        },
    );
}

#[test]
fn a_rule_of_the_contract_is_a_rule_of_the_control_side() {
    breaks("POST /clock/advance: x-operation-kind is null: expected read, absolute_write or create", |it| {
        it["paths"]["/clock/advance"]["post"].as_object_mut().unwrap().remove("x-operation-kind").unwrap();
    });
}
