//! Answers of the sandbox, as they come, held to the document.

use std::collections::BTreeSet;

use mms_client::{Operation, operations};
use mms_sandbox::types::TokenState;
use mms_sandbox::{SEED_TOKEN, Sandbox};
use mms_tests::Document;
use serde_json::Value;

use crate::exchange::{Reply, Request};

const JSON: &str = "application/json";

/// A token that no sandbox knows.
const UNKNOWN_TOKEN: &str = "00000000-0000-4000-8000-0000000000ff";

const A_CREATE: &str = r#"{"userEmail":"ada@sol.example","userName":"Ada Owner","organizationName":"Panadería Sol",
    "regionId":1,"countryId":7,"operations":20000}"#;

/// A request that a new sandbox carries out, for every operation.
fn requests() -> Vec<(&'static str, Request<'static>)> {
    let children = "/organizations/11/managed-organizations";
    let read = |target| Request { method: "GET", target, token: Some(SEED_TOKEN), body: None };
    let write = |method, target, body| Request { method, body: Some((JSON, body)), ..read(target) };
    vec![
        ("list_child_organizations", read(children)),
        ("create_child_organization", write("POST", children, A_CREATE)),
        (
            "update_child_organization_allocation",
            write("PATCH", "/organizations/11/managed-organizations/101", r#"{"operations":30000}"#),
        ),
        ("list_child_organization_consumption", read("/organizations/11/managed-organizations-consumption")),
        ("list_organizations", read("/organizations")),
        ("get_organization", read("/organizations/11")),
        ("get_current_user", read("/users/me")),
        ("get_current_authorization", read("/users/me/current-authorization")),
        ("list_regions", read("/enums/imt-regions")),
        ("list_countries", read("/enums/countries")),
        ("list_zones", read("/enums/imt-zones")),
        ("list_timezones", read("/enums/timezones")),
    ]
}

fn request(operation: &str) -> Request<'static> {
    requests().into_iter().find(|(id, _)| *id == operation).unwrap().1
}

async fn sandbox() -> Sandbox {
    Sandbox::builder().start().await.unwrap()
}

/// Holds an answer to the document: status, media type, body; a refusal in JSON has a `message`.
fn assert_documented(document: &Document, operation: &str, reply: &Reply) {
    let deviations = document.deviations(operation, reply.status, &reply.media_type, reply.body.as_bytes()).unwrap();
    assert_eq!(deviations, Vec::<String>::new(), "{operation}: {reply:?}");
    if reply.status != 200 {
        let body: Value = serde_json::from_str(&reply.body).unwrap();
        assert!(body["message"].as_str().is_some_and(|message| !message.is_empty()), "{operation}: {reply:?}");
    }
}

#[test]
fn every_operation_of_the_contract_is_asked_of_the_sandbox() {
    let asked: BTreeSet<&str> = requests().iter().map(|(operation, _)| *operation).collect();
    let documented: BTreeSet<&str> = operations().iter().map(|operation| operation.id).collect();
    assert_eq!(asked, documented);
}

#[tokio::test]
async fn every_operation_answers_as_documented() {
    let document = Document::contract().unwrap();
    let sandbox = sandbox().await;
    for (operation, request) in requests() {
        let reply = request.send(sandbox.base_url()).await;
        assert_eq!(reply.status, 200, "{operation}: {reply:?}");
        assert_documented(&document, operation, &reply);
    }
}

#[tokio::test]
async fn a_missing_and_an_unknown_token_are_refused_as_documented() {
    let document = Document::contract().unwrap();
    let sandbox = sandbox().await;
    for (operation, request) in requests() {
        for token in [None, Some("nonsense"), Some(UNKNOWN_TOKEN)] {
            let reply = Request { token, ..request.clone() }.send(sandbox.base_url()).await;
            assert_eq!(reply.status, 401, "{operation} with {token:?}: {reply:?}");
            assert_documented(&document, operation, &reply);
        }
    }
}

#[tokio::test]
async fn what_is_not_the_callers_is_not_found_and_what_is_no_id_is_refused() {
    let document = Document::contract().unwrap();
    let sandbox = sandbox().await;
    for (operation, request) in requests() {
        if !request.target.contains("/organizations/11") {
            continue;
        }
        for (id, status) in [("12", 404), ("4711", 404), ("0", 400), ("eleven", 400), ("-1", 400), ("1.5", 400)] {
            let target = request.target.replace("/11", &format!("/{id}"));
            let reply = Request { target: &target, ..request.clone() }.send(sandbox.base_url()).await;
            assert_eq!(reply.status, status, "{operation} {target}: {reply:?}");
            assert_documented(&document, operation, &reply);
        }
    }
}

#[tokio::test]
async fn every_wrong_body_of_a_write_is_refused_as_documented() {
    let document = Document::contract().unwrap();
    let sandbox = sandbox().await;
    let large = format!(r#"{{"operations":10000,"userName":"{}"}}"#, "x".repeat(70_000));
    let bodies = [
        (JSON, "", 400),
        (JSON, "{", 400),
        (JSON, "null", 400),
        (JSON, "[]", 400),
        (JSON, "{}", 400),
        (JSON, r#"{"operations":12345}"#, 400),
        (JSON, r#"{"operations":"20000"}"#, 400),
        (JSON, r#"{"operations":-10000}"#, 400),
        (JSON, r#"{"operations":null}"#, 400),
        (JSON, large.as_str(), 413),
        ("text/plain", A_CREATE, 415),
    ];
    for operation in ["create_child_organization", "update_child_organization_allocation"] {
        for (media_type, body, status) in bodies {
            let request = Request { body: Some((media_type, body)), ..request(operation) };
            let reply = request.send(sandbox.base_url()).await;
            assert_eq!(reply.status, status, "{operation} {body:.60}: {reply:?}");
            assert_documented(&document, operation, &reply);
        }
    }
}

#[tokio::test]
async fn a_create_that_the_state_does_not_allow_is_refused_as_documented() {
    let document = Document::contract().unwrap();
    let sandbox = sandbox().await;
    let operation = "create_child_organization";
    for (field, wrong, status) in [
        (r#""regionId":1"#, r#""regionId":99"#, 404),
        (r#""countryId":7"#, r#""countryId":9999"#, 404),
        (r#""operations":20000"#, r#""operations":9000000"#, 409),
        ("ada@sol.example", "ada at sol", 400),
        ("Panadería Sol", " Sol", 400),
    ] {
        let body = A_CREATE.replace(field, wrong);
        assert_ne!(body, A_CREATE, "{field} was found");
        let reply = Request { body: Some((JSON, &body)), ..request(operation) }.send(sandbox.base_url()).await;
        assert_eq!(reply.status, status, "{wrong}: {reply:?}");
        assert_documented(&document, operation, &reply);
    }
}

#[tokio::test]
async fn a_change_that_the_state_does_not_allow_is_refused_as_documented() {
    let document = Document::contract().unwrap();
    let sandbox = sandbox().await;
    let operation = "update_child_organization_allocation";
    let unknown = Request { target: "/organizations/11/managed-organizations/999", ..request(operation) };
    let too_much = Request { body: Some((JSON, r#"{"operations":9000000}"#)), ..request(operation) };
    for (request, status) in [(unknown, 404), (too_much, 409)] {
        let reply = request.send(sandbox.base_url()).await;
        assert_eq!(reply.status, status, "{reply:?}");
        assert_documented(&document, operation, &reply);
    }
}

#[tokio::test]
async fn a_page_that_is_none_is_refused_as_documented() {
    let document = Document::contract().unwrap();
    let sandbox = sandbox().await;
    let children = "list_child_organizations";
    let organizations = "list_organizations";
    for (operation, query) in [
        (children, "pg%5Blimit%5D=0"),
        (children, "pg%5Blimit%5D=x"),
        (children, "pg%5Boffset%5D=-1"),
        (children, "pg%5Blimit%5D=2147483648"),
        (organizations, "pg%5Blimit%5D=0"),
        (organizations, "pg%5Boffset%5D=-1"),
        (organizations, "pg%5BsortBy%5D=owner"),
        (organizations, "pg%5BsortDir%5D=ASC"),
    ] {
        let target = format!("{}?{query}", request(operation).target);
        let reply = Request { target: &target, ..request(operation) }.send(sandbox.base_url()).await;
        assert_eq!(reply.status, 400, "{query}: {reply:?}");
        assert_documented(&document, operation, &reply);
    }
}

#[tokio::test]
async fn a_method_that_a_path_does_not_have_is_refused_in_the_documented_shape() {
    let document = Document::contract().unwrap();
    let sandbox = sandbox().await;
    for (operation, request) in requests() {
        let reply = Request { method: "DELETE", body: None, ..request }.send(sandbox.base_url()).await;
        assert_eq!(reply.status, 405, "{operation}: {reply:?}");
        assert_documented(&document, operation, &reply);
    }
}

/// Starts a sandbox that has a token for each of these sets of scopes.
async fn sandbox_with_tokens(scopes: &[Vec<&str>]) -> Sandbox {
    let sandbox = sandbox().await;
    let mut state = sandbox.control().state().await.unwrap();
    let tokens = scopes.iter().enumerate().map(|(index, scopes)| TokenState {
        token: token(index),
        scopes: scopes.iter().map(ToString::to_string).collect(),
    });
    state.distributors[0].tokens.extend(tokens);
    sandbox.control().replace_state(state).await.unwrap();
    sandbox
}

fn token(index: usize) -> String {
    format!("00000000-0000-4000-8000-1{index:011}")
}

#[tokio::test]
async fn the_sandbox_asks_for_exactly_the_scopes_that_the_document_names() {
    let document = Document::contract().unwrap();
    let every: BTreeSet<&str> = operations().iter().flat_map(|operation| operation.scopes).copied().collect();
    let without =
        |operation: &Operation| every.iter().copied().filter(|scope| !operation.scopes.contains(scope)).collect();
    let scopes: Vec<Vec<&str>> =
        operations().iter().flat_map(|operation| [operation.scopes.to_vec(), without(operation)]).collect();
    let sandbox = sandbox_with_tokens(&scopes).await;

    for (index, operation) in operations().iter().enumerate() {
        let with = token(2 * index);
        let reply = Request { token: Some(&with), ..request(operation.id) }.send(sandbox.base_url()).await;
        assert_eq!(reply.status, 200, "{} with {:?}: {reply:?}", operation.id, operation.scopes);

        let without = token(2 * index + 1);
        let reply = Request { token: Some(&without), ..request(operation.id) }.send(sandbox.base_url()).await;
        assert_eq!(reply.status, if operation.scopes.is_empty() { 200 } else { 403 }, "{}: {reply:?}", operation.id);
        assert_documented(&document, operation.id, &reply);
        if reply.status == 403 {
            assert!(operation.scopes.iter().all(|scope| reply.body.contains(scope)), "it is named: {reply:?}");
        }
    }
}
