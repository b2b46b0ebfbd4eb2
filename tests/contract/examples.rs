//! Examples in the documents keep to their own schemas.

use std::collections::BTreeSet;

use mms_client::types::{CreateChildOrganizationRequest, UpdateAllocationRequest};
use mms_tests::{Document, Part};
use serde_json::{Value, json};

/// Returns the contract and the document of the control side.
fn documents() -> [Document; 2] {
    [Document::contract().unwrap(), Document::control_side().unwrap()]
}

/// Collects every object that has an `example` beside its keywords, by its place.
fn with_example<'a>(place: &str, value: &'a Value, found: &mut Vec<(String, &'a Value)>) {
    match value {
        Value::Object(fields) => {
            if fields.contains_key("example") {
                found.push((place.to_owned(), value));
            }
            for (name, value) in fields {
                with_example(&format!("{place}/{name}"), value, found);
            }
        }
        Value::Array(items) => items.iter().for_each(|item| with_example(place, item, found)),
        _ => {}
    }
}

#[test]
fn every_example_of_a_request_and_of_an_answer_keeps_to_its_schema() {
    for document in documents() {
        let schemas = document.schemas();
        for example in document.examples() {
            let errors: Vec<String> = schemas
                .validator(example.schema)
                .unwrap()
                .iter_errors(example.value)
                .map(|error| error.to_string())
                .collect();
            assert_eq!(errors, Vec::<String>::new(), "{} {:?} {}", example.operation, example.part, example.name);
        }
    }
}

#[test]
fn every_example_of_a_schema_and_of_a_parameter_keeps_to_it() {
    for document in documents() {
        let schemas = document.schemas();
        let mut found = Vec::new();
        with_example("schemas", &document.json()["components"]["schemas"], &mut found);
        with_example("parameters", &document.json()["components"]["parameters"], &mut found);
        assert!(found.len() > document.json()["components"]["parameters"].as_object().unwrap().len());
        for (place, owner) in found {
            let schema = owner.get("schema").unwrap_or(owner);
            let validator = schemas.validator(schema).unwrap();
            let error = validator.validate(&owner["example"]).map_err(|error| error.to_string());
            assert_eq!(error, Ok(()), "{place}");
        }
    }
}

#[test]
fn every_schema_of_a_document_is_a_schema() {
    for document in documents() {
        for name in document.json()["components"]["schemas"].as_object().unwrap().keys() {
            assert!(document.schemas().named(name).is_ok(), "{name}");
        }
    }
}

#[test]
fn every_documented_request_is_what_its_type_sends() {
    let document = Document::contract().unwrap();
    for example in document.examples() {
        if example.part != Part::Request {
            continue;
        }
        let text = example.value.to_string();
        let sent = match example.operation {
            "create_child_organization" => {
                json!(serde_json::from_str::<CreateChildOrganizationRequest>(&text).unwrap())
            }
            "update_child_organization_allocation" => {
                json!(serde_json::from_str::<UpdateAllocationRequest>(&text).unwrap())
            }
            other => panic!("no type for the request of {other}"),
        };
        assert_eq!(&sent, example.value, "{}", example.operation);
        let validator = document.schemas().validator(example.schema).unwrap();
        assert!(validator.is_valid(&sent), "{}", example.operation);
    }
}

#[test]
fn nothing_but_null_is_added_where_the_document_says_nullable() {
    let document = Document::contract().unwrap();
    let consumption = document.schemas().named("ChildOrganizationConsumption").unwrap();
    let row = |reset: Value| json!({ "organizationId": 1, "centicreditsConsumed": "0", "lastReset": reset });
    assert!(consumption.is_valid(&row(Value::Null)));
    assert!(consumption.is_valid(&row("2026-11-01T00:00:00Z".into())));
    assert!(!consumption.is_valid(&row("yesterday".into())), "the format counts");
    assert!(!consumption.is_valid(&row(1.into())));
}

#[test]
fn an_answer_outside_of_the_contract_is_found() {
    let document = Document::contract().unwrap();
    let deviations = |status, media_type, body: &str| {
        document.deviations("list_zones", status, media_type, body.as_bytes()).unwrap()
    };
    let json = "application/json";
    assert_eq!(deviations(200, json, r#"{"imtZones":[]}"#), Vec::<String>::new());
    assert_eq!(deviations(403, "text/plain; charset=utf-8", "error code: 1010"), Vec::<String>::new());
    assert_eq!(deviations(204, json, ""), ["204 is not documented"]);
    assert_eq!(deviations(200, "text/html", ""), [r#""text/html" is not documented for 200"#]);
    assert_eq!(deviations(200, json, r#"{"imtZones":[{"id":0,"domain":1}]}"#).len(), 2);
    assert_eq!(deviations(404, json, r#"{"message":404}"#).len(), 1);
    assert_eq!(deviations(200, json, "{"), ["the body is no JSON: EOF while parsing an object at line 1 column 1"]);
    assert!(document.deviations("list_planets", 200, json, b"{}").is_err());
}

#[test]
fn every_status_that_a_refusal_describes_has_an_example() {
    let status = regex::Regex::new(r"\b(4\d\d):").unwrap();
    for document in documents() {
        let examples: BTreeSet<(&str, u16)> =
            document.refusals().map(|(example, status)| (example.operation, status)).collect();
        let items = document.json()["paths"].as_object().unwrap().values();
        let entries = items.flat_map(|item| item.as_object().unwrap().values());
        for operation in entries.filter(|entry| entry.get("operationId").is_some()) {
            let id = operation["operationId"].as_str().unwrap();
            let refusal = &operation["responses"]["4XX"];
            let refusal = match refusal["$ref"].as_str() {
                Some(target) => document.json().pointer(target.trim_start_matches('#')).unwrap(),
                None => refusal,
            };
            let described: Vec<u16> = status
                .captures_iter(refusal["description"].as_str().unwrap())
                .map(|found| found[1].parse().unwrap())
                .collect();
            assert!(
                described.starts_with(&[400, 401, 403]) || described.starts_with(&[401, 403]),
                "{id}: {described:?}"
            );
            for status in described {
                assert!(examples.contains(&(id, status)), "{id} describes {status} without an example");
            }
        }
    }
}
