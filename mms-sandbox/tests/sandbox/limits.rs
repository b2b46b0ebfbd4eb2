//! Requests a minute and organization.

use mms_sandbox::Sandbox;
use serde_json::json;

use crate::fixtures::{OTHER_TOKEN, SECOND_TOKEN, a_state, advance, sandbox_of};
use crate::http_client::{CHILDREN, Request, a_create, sandbox};

/// Starts a sandbox whose distributor 11 has three requests a minute.
async fn sandbox_of_three() -> Sandbox {
    let mut state = a_state();
    state["distributors"][0]["apiLimit"] = json!(3);
    sandbox_of(state).await
}

fn read() -> Request {
    Request::get(CHILDREN)
}

#[tokio::test]
async fn the_limit_is_that_of_the_organizations_license() {
    let sandbox = sandbox_of_three().await;
    let organization = Request::get("/organizations/11").send(&sandbox).await.success();
    assert_eq!(organization["organization"]["license"]["apiLimit"], 3);
    for expected in [200, 200, 429, 429] {
        assert_eq!(read().status(&sandbox).await, expected);
    }
}

#[tokio::test]
async fn a_request_beyond_the_limit_does_nothing() {
    let sandbox = sandbox_of_three().await;
    for _ in 0..3 {
        read().send(&sandbox).await.success();
    }
    let create = Request::new("POST", CHILDREN).json(&a_create());
    assert_eq!(create.status(&sandbox).await, 429);
    let state = sandbox.control().state().await.unwrap();
    assert_eq!((state.distributors[0].operations, state.distributors[0].children.len()), (500_000, 1));
}

#[tokio::test]
async fn every_token_of_an_organization_draws_on_its_limit_and_no_other() {
    let sandbox = sandbox_of_three().await;
    for (token, expected) in
        [(sandbox.token(), 200), (OTHER_TOKEN, 200), (OTHER_TOKEN, 200), (sandbox.token(), 429), (OTHER_TOKEN, 429)]
    {
        assert_eq!(read().token(token).status(&sandbox).await, expected);
    }
    let second = Request::get("/organizations/12").token(SECOND_TOKEN);
    assert_eq!(second.status(&sandbox).await, 200);
}

#[tokio::test]
async fn a_minute_later_the_limit_is_whole_again() {
    let sandbox = sandbox_of_three().await;
    for expected in [200, 200, 200, 429] {
        assert_eq!(read().status(&sandbox).await, expected);
    }
    advance(&sandbox, 29).await;
    assert_eq!(read().status(&sandbox).await, 429);
    advance(&sandbox, 1).await;
    for expected in [200, 200, 200, 429] {
        assert_eq!(read().status(&sandbox).await, expected);
    }
}

#[tokio::test]
async fn a_refused_request_is_not_counted() {
    let mut state = a_state();
    state["distributors"][0]["apiLimit"] = json!(1);
    let sandbox = sandbox_of(state).await;
    sandbox.control().set_behaviour(serde_json::from_value(json!({ "limiter": "sliding_log" })).unwrap());
    assert_eq!(read().status(&sandbox).await, 200);
    advance(&sandbox, 59).await;
    assert_eq!(read().status(&sandbox).await, 429);
    advance(&sandbox, 1).await;
    assert_eq!(read().status(&sandbox).await, 200);
}

#[tokio::test]
async fn a_request_that_speaks_for_nobody_is_not_counted() {
    let sandbox = sandbox_of_three().await;
    for _ in 0..5 {
        assert_eq!(read().token("00000000-0000-4000-8000-000000000099").status(&sandbox).await, 401);
        assert_eq!(read().without("Authorization").status(&sandbox).await, 401);
    }
    assert_eq!(read().status(&sandbox).await, 200);
}

#[tokio::test]
async fn a_request_that_is_wrong_is_counted_all_the_same() {
    let sandbox = sandbox_of_three().await;
    for (path, expected) in
        [("/organizations/x", 400), ("/organizations/12", 404), ("/enums/countries", 200), ("/organizations/11", 429)]
    {
        assert_eq!(Request::get(path).status(&sandbox).await, expected, "{path}");
    }
}

#[tokio::test]
async fn the_control_side_and_the_documents_have_no_limit() {
    let sandbox = sandbox_of_three().await;
    for _ in 0..5 {
        Request::control(&sandbox, "GET", "/clock").send(&sandbox).await.success();
        Request::bare("GET", "/openapi.json").send(&sandbox).await.success();
    }
    assert_eq!(read().status(&sandbox).await, 200);
}

#[tokio::test]
async fn a_new_state_begins_with_a_whole_limit() {
    let sandbox = sandbox_of_three().await;
    for expected in [200, 200, 200, 429] {
        assert_eq!(read().status(&sandbox).await, expected);
    }
    let state = sandbox.control().state().await.unwrap();
    sandbox.control().replace_state(state).await.unwrap();
    assert_eq!(read().status(&sandbox).await, 200);
}

#[tokio::test]
async fn the_seeded_distributor_has_240_requests_a_minute() {
    let sandbox = sandbox().await;
    let organization = Request::get("/organizations/11").send(&sandbox).await.success();
    assert_eq!(organization["organization"]["license"]["apiLimit"], 240);
}
