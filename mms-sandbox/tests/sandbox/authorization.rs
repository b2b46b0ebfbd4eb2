//! Tokens, scopes, and access to another distributor.

use mms_sandbox::Sandbox;
use mms_sandbox::types::TokenState;
use serde_json::json;

use crate::http_client::{CHILDREN, CONSUMPTION, Request, a_create, address, allocate, children, sandbox};

const READER: &str = "00000000-0000-4000-8000-0000000000aa";
const WRITER: &str = "00000000-0000-4000-8000-0000000000bb";
const NOBODY: &str = "00000000-0000-4000-8000-0000000000cc";
const FOREIGNER: &str = "00000000-0000-4000-8000-0000000000dd";

/// Starts a sandbox with tokens of fewer scopes, and a second distributor, 12, with the child 201.
async fn sandbox_of_two() -> Sandbox {
    let sandbox = sandbox().await;
    let mut state = sandbox.control().state().await.unwrap();
    let tokens = json!([
        { "token": READER, "scopes": ["managed-organizations:read"] },
        { "token": WRITER, "scopes": ["managed-organizations:write"] },
        { "token": NOBODY, "scopes": [] },
    ]);
    state.distributors[0].tokens.extend(serde_json::from_value::<Vec<TokenState>>(tokens).unwrap());
    let other = json!({
        "organizationId": 12,
        "operations": 10_000,
        "tokens": [{ "token": FOREIGNER, "scopes": ["managed-organizations:read", "organizations:read"] }],
        "children": [{ "organizationId": 201, "organizationName": "Foreign" }],
    });
    state.distributors.push(serde_json::from_value(other).unwrap());
    sandbox.control().replace_state(state).await.unwrap();
    sandbox
}

fn operations() -> Vec<(Request, Option<&'static str>)> {
    let allocation = json!({ "operations": 10_000 });
    vec![
        (Request::get(CHILDREN), Some("managed-organizations:read")),
        (Request::get(CONSUMPTION), Some("managed-organizations:read")),
        (Request::new("POST", CHILDREN).json(&a_create()), Some("managed-organizations:write")),
        (Request::new("PATCH", &format!("{CHILDREN}/101")).json(&allocation), Some("managed-organizations:write")),
        (Request::get("/organizations"), Some("organizations:read")),
        (Request::get("/organizations/11"), Some("organizations:read")),
        (Request::get("/enums/imt-regions"), None),
        (Request::get("/enums/countries"), None),
        (Request::get("/enums/imt-zones"), None),
        (Request::get("/enums/timezones"), None),
        (Request::get("/users/me"), None),
        (Request::get("/users/me/current-authorization"), None),
    ]
}

#[tokio::test]
async fn every_operation_without_a_token_is_refused() {
    let sandbox = sandbox().await;
    for (request, _) in operations() {
        let answer = request.without("Authorization").send(&sandbox).await;
        assert_eq!(answer.refusal(401, "Unauthorized", Some("IM102")), "The header Authorization is missing.");
        assert_eq!(answer.headers["www-authenticate"], "Token");
    }
}

#[tokio::test]
async fn an_unknown_token_is_refused() {
    let sandbox = sandbox().await;
    let answer = Request::get(CHILDREN).token(NOBODY).send(&sandbox).await;
    assert_eq!(answer.refusal(401, "Unauthorized", Some("IM102")), "The token is not known.");
}

#[tokio::test]
async fn a_malformed_authorization_is_refused() {
    let sandbox = sandbox().await;
    let token = sandbox.token();
    for value in [token.to_owned(), format!("Basic {token}"), "Token".to_owned(), "Token \u{e9}".to_owned()] {
        let request = Request::get(CHILDREN).header("Authorization", &value);
        let detail = request.send(&sandbox).await.refusal(401, "Unauthorized", Some("IM102"));
        assert_eq!(detail, "The header Authorization must read: Token, a space, an API token.", "{value}");
    }
}

#[tokio::test]
async fn a_token_that_is_none_is_as_unknown_as_any_other() {
    let sandbox = sandbox().await;
    for token in ["wrong", &sandbox.token()[1..], &sandbox.token().replace('-', ""), &format!(" {}", sandbox.token())] {
        let request = Request::get(CHILDREN).header("Authorization", &format!("Token {token}"));
        let detail = request.send(&sandbox).await.refusal(401, "Unauthorized", Some("IM102"));
        assert_eq!(detail, "The token is not known.", "{token}");
    }
}

#[tokio::test]
async fn the_scheme_and_the_token_are_read_in_either_case() {
    let sandbox = sandbox_of_two().await;
    for scheme in ["TOKEN", "token", "Bearer"] {
        let value = format!("{scheme} {}", READER.to_uppercase());
        Request::get(CHILDREN).header("Authorization", &value).send(&sandbox).await.success();
    }
}

#[tokio::test]
async fn every_operation_names_the_scope_that_the_token_lacks() {
    let sandbox = sandbox_of_two().await;
    for (request, scope) in operations() {
        let answer = request.token(NOBODY).send(&sandbox).await;
        let Some(scope) = scope else {
            answer.success();
            continue;
        };
        let detail = answer.refusal(403, "Permission denied", Some("SC403"));
        assert_eq!(detail, format!("The token lacks the scope {scope}."));
    }
}

#[tokio::test]
async fn a_token_that_only_reads_cannot_write_and_one_that_only_writes_cannot_read() {
    let sandbox = sandbox_of_two().await;
    Request::get(CHILDREN).token(READER).send(&sandbox).await.success();
    let create = || Request::new("POST", CHILDREN).json(&a_create());
    assert_eq!(create().token(READER).send(&sandbox).await.status, 403);
    create().token(WRITER).send(&sandbox).await.success();
    assert_eq!(Request::get(CHILDREN).token(WRITER).send(&sandbox).await.status, 403);
}

#[tokio::test]
async fn a_token_shows_its_own_scopes() {
    let sandbox = sandbox_of_two().await;
    for (token, scopes) in [(READER, json!(["managed-organizations:read"])), (NOBODY, json!([]))] {
        let request = Request::get("/users/me/current-authorization").token(token);
        assert_eq!(request.send(&sandbox).await.success()["authorization"]["scope"], scopes);
    }
}

#[tokio::test]
async fn the_organization_of_another_is_not_found_just_as_an_unknown_one() {
    let sandbox = sandbox_of_two().await;
    for organization in ["12", "13", "101"] {
        let path = format!("/organizations/{organization}");
        let children = format!("{path}/managed-organizations");
        for request in [
            Request::get(&path),
            Request::get(&children),
            Request::get(&format!("{children}-consumption")),
            Request::new("POST", &children).json(&a_create()),
            Request::new("PATCH", &format!("{children}/101")).json(&json!({ "operations": 0 })),
        ] {
            let detail = request.send(&sandbox).await.refusal(404, "Not Found", None);
            assert_eq!(detail, format!("There is no organization {organization}."));
        }
    }
}

#[tokio::test]
async fn the_child_of_another_is_not_found_and_not_listed() {
    let sandbox = sandbox_of_two().await;
    let answer = allocate(&sandbox, 201, 0).await;
    assert_eq!(answer.refusal(404, "Not Found", None), "There is no child organization 201.");
    assert_eq!(children(&sandbox).await.len(), 3);
    let consumption = Request::get(CONSUMPTION).send(&sandbox).await.success();
    assert_eq!(consumption["managedOrganizationsConsumption"].as_array().unwrap().len(), 3);
    let own = Request::get("/organizations/12/managed-organizations").token(FOREIGNER);
    let own = own.send_to(address(&sandbox)).await.success();
    assert_eq!(own["managedOrganizations"][0]["organizationId"], 201);
}
