//! Tests of documents that are no OpenAPI.

use mms_codegen::{Contract, ContractError, DocumentKind};
use serde_json::{Value, json};

use crate::{changed, zones};

fn misshapen(location: &str, change: impl FnOnce(&mut Value)) {
    let error = Contract::from_document(DocumentKind::CONTRACT, changed(change)).unwrap_err();
    assert!(matches!(error, ContractError::NotOpenApi(_)), "{error}");
    let error = error.to_string();
    assert!(error.starts_with(&format!("the document is no OpenAPI 3.0: {location}: ")), "{error}");
    assert_eq!(error.lines().count(), 1, "{error}");
}

#[test]
fn a_key_of_an_operation_is_named_with_method_and_path() {
    for (key, value) in [("parameters", json!({})), ("tags", json!([1])), ("deprecated", json!("yes"))] {
        misshapen(&format!("GET /enums/imt-zones {key}"), |it| zones(it)[key] = value);
    }
}

#[test]
fn what_stands_in_an_operation_is_named_by_its_own_place() {
    let content = "responses/200/content/application/json";
    misshapen(&format!("GET /enums/imt-zones {content}/examples/a"), |it| {
        zones(it)["responses"]["200"]["content"]["application/json"]["examples"] = json!({"a": "b"});
    });
    misshapen(&format!("GET /enums/imt-zones {content}/schema"), |it| {
        zones(it)["responses"]["200"]["content"]["application/json"]["schema"] = "ZoneList".into();
    });
    misshapen("GET /enums/imt-zones parameters/0", |it| zones(it)["parameters"] = json!(["limit"]));
    misshapen("GET /enums/imt-zones responses/4XX", |it| zones(it)["responses"]["4XX"] = json!({}));
}

#[test]
fn what_stands_outside_of_operations_is_named_too() {
    misshapen("/enums/imt-zones", |it| it["paths"]["/enums/imt-zones"] = Value::Null);
    misshapen("/enums/imt-zones parameters", |it| it["paths"]["/enums/imt-zones"]["parameters"] = json!({}));
    misshapen("security", |it| it["security"] = "x".into());
    misshapen("paths", |it| it["paths"] = 7.into());
    misshapen("info/title", |it| it["info"]["title"] = 7.into());
    misshapen("info", |it| it["info"] = json!({"title": "t"}));
    misshapen("components/parameters/pageLimit", |it| {
        it["components"]["parameters"]["pageLimit"]["in"] = "somewhere".into();
    });
}

#[test]
fn a_schema_is_named_with_the_way_into_it() {
    misshapen("schema Zone properties/name/type", |it| {
        it["components"]["schemas"]["Zone"]["properties"]["name"] = json!({"type": ["string", "null"]});
    });
    misshapen("schema Zone", |it| it["components"]["schemas"]["Zone"] = "a string".into());
    misshapen("schema Zone properties/name", |it| {
        it["components"]["schemas"]["Zone"]["properties"]["name"] = "string".into();
    });
}

#[test]
fn a_key_that_the_document_lacks_is_named() {
    let error = Contract::from_document(
        DocumentKind::CONTRACT,
        json!({"openapi": "3.0.3", "info": {"title": "t", "version": "1"}}),
    );
    assert_eq!(error.unwrap_err().to_string(), "the document is no OpenAPI 3.0: missing field `paths`");
}

#[test]
fn each_piece_that_cannot_be_read_has_a_line() {
    let document = changed(|it| {
        zones(it)["tags"] = json!([1]);
        it["components"]["schemas"]["Zone"] = "a string".into();
    });
    let error = Contract::from_document(DocumentKind::CONTRACT, document).unwrap_err().to_string();
    assert_eq!(error.lines().count(), 2, "{error}");
}
