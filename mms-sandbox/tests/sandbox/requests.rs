//! Request log of the control side.

use mms_sandbox::Sandbox;
use serde_json::{Value, json};
use tokio::io::AsyncWriteExt;
use tokio::net::TcpStream;

use crate::fixtures::{a_state, advance, fail, sandbox_of};
use crate::http_client::{CHILDREN, Request, a_create, address, allocate, create, sandbox};

async fn log(sandbox: &Sandbox, query: &str) -> Vec<Value> {
    let list = Request::control(sandbox, "GET", &format!("/requests{query}")).send(sandbox).await.success();
    assert_eq!(list["dropped"], 0);
    list["requests"].as_array().unwrap().clone()
}

async fn sequences(sandbox: &Sandbox, query: &str) -> Vec<u64> {
    log(sandbox, query).await.iter().map(|request| request["sequence"].as_u64().unwrap()).collect()
}

#[tokio::test]
async fn requests_are_told_in_the_order_in_which_they_came() {
    let sandbox = sandbox_of(a_state()).await;
    Request::get(&format!("{CHILDREN}?pg%5Blimit%5D=10")).send(&sandbox).await.success();
    advance(&sandbox, 30).await;
    create(&sandbox, &a_create()).await.success();
    allocate(&sandbox, 101, 12_345).await;
    let (list, patch) = (format!("/api/v2{CHILDREN}"), format!("/api/v2{CHILDREN}/101"));
    let expected = [
        json!({
            "sequence": 1, "time": "2026-11-15T12:00:30Z", "method": "GET", "path": list, "query": "pg%5Blimit%5D=10",
            "operationId": "list_child_organizations", "status": 200,
        }),
        json!({
            "sequence": 2, "time": "2026-11-15T12:01:00Z", "method": "POST", "path": list,
            "operationId": "create_child_organization", "body": a_create().to_string(), "status": 200,
        }),
        json!({
            "sequence": 3, "time": "2026-11-15T12:01:00Z", "method": "PATCH", "path": patch,
            "operationId": "update_child_organization_allocation", "childOrganizationId": 101,
            "body": "{\"operations\":12345}", "status": 400,
        }),
    ];
    assert_eq!(log(&sandbox, "").await, expected);
}

#[tokio::test]
async fn a_filter_takes_what_matches_all_of_it() {
    let sandbox = sandbox().await;
    for child in [101, 102] {
        allocate(&sandbox, child, 20_000).await.success();
    }
    Request::get(CHILDREN).send(&sandbox).await.success();
    for (query, expected) in [
        ("?method=PATCH", &[1, 2][..]),
        ("?childOrganizationId=102", &[2]),
        ("?operationId=list_child_organizations", &[3]),
        ("?after=1", &[2, 3]),
        ("?after=0", &[1, 2, 3]),
        ("?after=3", &[]),
        ("?method=PATCH&after=1", &[2]),
        ("?method=PATCH&operationId=list_child_organizations", &[]),
    ] {
        assert_eq!(sequences(&sandbox, query).await, expected, "{query}");
    }
}

#[tokio::test]
async fn a_parameter_that_is_wrong_or_unknown_is_refused() {
    let sandbox = sandbox().await;
    for (query, expected) in [
        (
            "?childOrganizationId=acme",
            "Invalid value of parameter 'childOrganizationId': \"acme\" is not an id: expected a whole number from 1.",
        ),
        (
            "?after=-1",
            "Invalid value of parameter 'after': \"-1\" is not the number of a request: expected a whole number from 0.",
        ),
        ("?operationid=list_zones", "Unknown parameter 'operationid'."),
    ] {
        let answer = Request::control(&sandbox, "GET", &format!("/requests{query}")).send(&sandbox).await;
        assert_eq!(answer.refusal(400, "Bad Request", None), "Validation failed for 1 parameter(s).");
        assert_eq!(answer.body["suberrors"][0]["message"], expected);
    }
}

#[tokio::test]
async fn a_closed_connection_has_no_status_but_the_fault_that_closed_it() {
    let sandbox = sandbox().await;
    for kind in ["close_before", "close_after"] {
        fail(&sandbox, json!({ "method": "POST", "times": 1, "action": { "kind": kind } }));
    }
    for _ in 0..2 {
        let closed = Request::new("POST", CHILDREN).json(&a_create()).exchange(&sandbox).await.unwrap();
        assert!(closed.is_none());
    }
    create(&sandbox, &a_create()).await.success();
    let told: Vec<_> =
        log(&sandbox, "").await.iter().map(|request| (request["faultId"].clone(), request["status"].clone())).collect();
    assert_eq!(told, [(json!(1), Value::Null), (json!(2), Value::Null), (Value::Null, json!(200))]);
}

#[tokio::test]
async fn an_answer_that_was_made_to_fail_names_its_fault() {
    let sandbox = sandbox().await;
    fail(&sandbox, json!({ "nth": 2, "action": { "kind": "bad_gateway" } }));
    for _ in 0..3 {
        Request::get(CHILDREN).exchange(&sandbox).await.unwrap();
    }
    let told: Vec<_> =
        log(&sandbox, "").await.iter().map(|request| (request["faultId"].clone(), request["status"].clone())).collect();
    assert_eq!(told, [(Value::Null, json!(200)), (json!(1), json!(502)), (Value::Null, json!(200))]);
}

#[tokio::test]
async fn a_request_under_way_is_there_without_a_status() {
    let sandbox = sandbox().await;
    fail(&sandbox, json!({ "action": { "kind": "delay_before", "milliseconds": 600_000 } }));
    let mut stream = TcpStream::connect(address(&sandbox)).await.unwrap();
    stream.write_all(&Request::get(CHILDREN).written(address(&sandbox), "close")).await.unwrap();
    let seen = loop {
        let log = log(&sandbox, "").await;
        if !log.is_empty() {
            break log;
        }
    };
    assert_eq!((seen.len(), &seen[0]["status"]), (1, &Value::Null));
}

#[tokio::test]
async fn refused_requests_are_there_too_and_no_token_is() {
    let sandbox = sandbox().await;
    Request::get(CHILDREN).token("wrong-token").send(&sandbox).await;
    Request::get("/nowhere").send(&sandbox).await;
    let log = log(&sandbox, "").await;
    assert_eq!(log.iter().map(|request| request["status"].clone()).collect::<Vec<_>>(), [401, 404]);
    assert_eq!(log[1]["operationId"], Value::Null);
    let text = json!(log).to_string();
    assert!(!text.contains("wrong-token") && !text.contains(sandbox.token()), "{text}");
}

#[tokio::test]
async fn forgotten_requests_are_told_once_more_and_numbers_go_on() {
    let sandbox = sandbox().await;
    Request::get(CHILDREN).send(&sandbox).await.success();
    let forgotten = Request::control(&sandbox, "DELETE", "/requests").send(&sandbox).await.success();
    assert_eq!(forgotten["requests"][0]["sequence"], 1);
    assert_eq!(log(&sandbox, "").await, Vec::<Value>::new());
    Request::get(CHILDREN).send(&sandbox).await.success();
    assert_eq!(sequences(&sandbox, "").await, [2]);
}
