//! Every kind of fault, over TCP: what the client sees, and whether the work was done.

use std::time::{Duration, Instant};

use mms_sandbox::Sandbox;
use mms_sandbox::types::SandboxState;
use serde_json::{Value, json};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use crate::fixtures::{a_state, advance, fail, sandbox_of};
use crate::http_client::{Answer, CHILDREN, Raw, Request, a_create, address, sandbox};

/// Adds a fault to the creates of a sandbox, and returns the bytes that answer the next create.
async fn create_under(sandbox: &Sandbox, action: Value) -> Option<Raw> {
    fail(sandbox, json!({ "operationId": "create_child_organization", "action": action }));
    Request::new("POST", CHILDREN).json(&a_create()).exchange(sandbox).await.unwrap()
}

/// Says how often the create was done, by the pool and the children alike.
async fn creates(sandbox: &Sandbox) -> u64 {
    let SandboxState { distributors, .. } = sandbox.control().state().await.unwrap();
    let children = distributors[0].children.len() - 3;
    assert_eq!(distributors[0].operations, 500_000 - 20_000 * u64::try_from(children).unwrap());
    u64::try_from(children).unwrap()
}

#[tokio::test]
async fn refused_connections_are_reset_and_the_next_one_is_served() {
    let sandbox = sandbox().await;
    let fault = fail(&sandbox, json!({ "times": 3, "action": { "kind": "refuse_connection" } }));
    for _ in 0..3 {
        assert!(Request::get(CHILDREN).exchange(&sandbox).await.is_err());
    }
    Request::get(CHILDREN).send(&sandbox).await.success();
    let fault = sandbox.control().fault(fault.id).unwrap();
    assert_eq!((fault.matched, fault.acted), (4, 3), "it counts connections");
}

#[tokio::test]
async fn a_refused_connection_is_no_request() {
    let sandbox = sandbox().await;
    fail(&sandbox, json!({ "times": 1, "action": { "kind": "refuse_connection" } }));
    let request = Request::new("POST", CHILDREN).json(&a_create());
    assert!(request.exchange(&sandbox).await.is_err());
    assert_eq!(sandbox.control().requests(&mms_sandbox::RequestFilter::default()).requests, []);
    assert_eq!(creates(&sandbox).await, 0);
}

#[tokio::test]
async fn a_delay_takes_its_time_and_does_the_work() {
    for kind in ["delay_before", "delay_after"] {
        let sandbox = sandbox().await;
        let start = Instant::now();
        let answer = create_under(&sandbox, json!({ "kind": kind, "milliseconds": 50 })).await.unwrap();
        assert!(start.elapsed() >= Duration::from_millis(50), "{kind}");
        assert_eq!((answer.status, creates(&sandbox).await), (200, 1), "{kind}");
    }
}

#[tokio::test]
async fn a_delay_stands_before_the_work_or_after_it() {
    for (kind, done) in [("delay_before", 0), ("delay_after", 1)] {
        let sandbox = sandbox().await;
        let rule = json!({ "method": "POST", "action": { "kind": kind, "milliseconds": 600_000 } });
        let fault = fail(&sandbox, rule);
        let mut stream = TcpStream::connect(address(&sandbox)).await.unwrap();
        let request = Request::new("POST", CHILDREN).json(&a_create()).written(address(&sandbox), "close");
        stream.write_all(&request).await.unwrap();
        while sandbox.control().fault(fault.id).unwrap().acted == 0 || creates(&sandbox).await < done {
            tokio::task::yield_now().await;
        }
        assert_eq!(creates(&sandbox).await, done, "{kind}");
    }
}

#[tokio::test]
async fn a_connection_closed_before_the_work_leaves_no_byte_and_no_work() {
    let sandbox = sandbox().await;
    assert!(create_under(&sandbox, json!({ "kind": "close_before" })).await.is_none());
    assert_eq!(creates(&sandbox).await, 0);
}

#[tokio::test]
async fn a_connection_closed_after_the_work_leaves_no_byte_and_the_work_done_once() {
    let sandbox = sandbox().await;
    assert!(create_under(&sandbox, json!({ "kind": "close_after" })).await.is_none());
    assert_eq!(creates(&sandbox).await, 1);
}

#[tokio::test]
async fn a_cut_body_ends_at_its_byte_and_its_head_promises_the_whole() {
    let sandbox = sandbox().await;
    let whole = Request::get(CHILDREN).exchange(&sandbox).await.unwrap().unwrap();
    for bytes in [0, 1, 100, whole.body.len() - 1, whole.body.len(), usize::MAX >> 1] {
        let fault = fail(&sandbox, json!({ "action": { "kind": "cut_body", "bytes": bytes } }));
        let cut = Request::get(CHILDREN).exchange(&sandbox).await.unwrap().unwrap();
        assert_eq!((cut.status, cut.promised()), (200, whole.body.len()), "{bytes}");
        assert_eq!(cut.body, whole.body[..bytes.min(whole.body.len())], "{bytes}");
        sandbox.control().remove_fault(fault.id).unwrap();
    }
}

#[tokio::test]
async fn a_cut_body_closes_a_connection_that_was_to_be_kept() {
    let sandbox = sandbox().await;
    for bytes in [7, 1_000_000] {
        let fault = fail(&sandbox, json!({ "action": { "kind": "cut_body", "bytes": bytes } }));
        let mut stream = TcpStream::connect(address(&sandbox)).await.unwrap();
        let request = Request::get(CHILDREN).written(address(&sandbox), "keep-alive");
        stream.write_all(&request).await.unwrap();
        let mut answer = Vec::new();
        stream.read_to_end(&mut answer).await.unwrap();
        let answer = Raw::parse(&answer);
        assert_eq!(answer.body.len(), answer.promised().min(bytes));
        sandbox.control().remove_fault(fault.id).unwrap();
    }
}

#[tokio::test]
async fn a_cut_create_is_done() {
    let sandbox = sandbox().await;
    let cut = create_under(&sandbox, json!({ "kind": "cut_body", "bytes": 10 })).await.unwrap();
    assert_eq!((cut.status, cut.body.len(), creates(&sandbox).await), (200, 10, 1));
}

#[tokio::test]
async fn a_malformed_body_is_whole_and_no_json() {
    let sandbox = sandbox().await;
    let answer = create_under(&sandbox, json!({ "kind": "malformed_json" })).await.unwrap();
    assert_eq!((answer.status, answer.promised()), (200, answer.body.len()));
    assert_eq!(answer.headers["content-type"], "application/json");
    assert!(!answer.body.is_empty() && serde_json::from_slice::<Value>(&answer.body).is_err());
    assert_eq!(creates(&sandbox).await, 1);
}

#[tokio::test]
async fn an_error_stands_before_the_work_or_after_it() {
    for (kind, status) in
        [("bad_gateway", 502), ("too_many_requests", 429), ("server_error", 500), ("refused_at_the_edge", 403)]
    {
        for (after_work, done) in [(None, 0), (Some(false), 0), (Some(true), 1)] {
            let sandbox = sandbox().await;
            let mut action = json!({ "kind": kind });
            if let Some(after_work) = after_work {
                action["afterWork"] = json!(after_work);
            }
            let answer = create_under(&sandbox, action).await.unwrap();
            assert_eq!((answer.status, creates(&sandbox).await), (status, done), "{kind} {after_work:?}");
        }
    }
}

#[tokio::test]
async fn a_bad_gateway_speaks_html() {
    let sandbox = sandbox().await;
    let answer = create_under(&sandbox, json!({ "kind": "bad_gateway" })).await.unwrap();
    assert_eq!(answer.headers["content-type"], "text/html; charset=utf-8");
    assert!(answer.text().starts_with("<html>") && answer.text().contains("502 Bad Gateway"));
}

#[tokio::test]
async fn too_many_requests_is_plain_text_with_or_without_a_time() {
    for (seconds, header) in [(None, None), (Some(0), Some("0")), (Some(7), Some("7"))] {
        let sandbox = sandbox().await;
        let mut action = json!({ "kind": "too_many_requests" });
        if let Some(seconds) = seconds {
            action["retryAfterSeconds"] = json!(seconds);
        }
        let answer = create_under(&sandbox, action).await.unwrap();
        assert_eq!(answer.headers.get("retry-after").map(String::as_str), header);
        assert_eq!(answer.text(), "Requests limit for organization exceeded, please try again later.");
        assert!(answer.headers["content-type"].starts_with("text/plain"));
    }
}

#[tokio::test]
async fn a_server_error_has_its_status_and_makes_shape() {
    for (status, expected, message) in [
        (None, 500, "Internal Server Error"),
        (Some(424), 424, "Failed Dependency"),
        (Some(500), 500, "Internal Server Error"),
        (Some(503), 503, "Service Unavailable"),
    ] {
        let sandbox = sandbox().await;
        let mut action = json!({ "kind": "server_error" });
        if let Some(status) = status {
            action["status"] = json!(status);
        }
        fail(&sandbox, json!({ "action": action }));
        let detail = Request::get(CHILDREN).send(&sandbox).await.refusal(expected, message, None);
        assert!(detail.ends_with('.'), "{detail}");
    }
}

#[tokio::test]
async fn a_refusal_at_the_edge_is_its_plain_text() {
    let sandbox = sandbox().await;
    let answer = create_under(&sandbox, json!({ "kind": "refused_at_the_edge" })).await.unwrap();
    assert_eq!((answer.status, answer.text()), (403, "error code: 1010"));
    assert!(answer.headers["content-type"].starts_with("text/plain"));
}

#[tokio::test]
async fn a_wrong_content_type_has_the_right_body() {
    let sandbox = sandbox().await;
    let answer = create_under(&sandbox, json!({ "kind": "wrong_content_type" })).await.unwrap();
    assert!(answer.headers["content-type"].starts_with("text/plain"));
    let body: Value = serde_json::from_slice(&answer.body).unwrap();
    assert_eq!((&body["childOrganizationId"], creates(&sandbox).await), (&json!(1001), 1));
}

#[tokio::test]
async fn a_dribbled_body_comes_whole_in_pieces() {
    let sandbox = sandbox().await;
    let whole = Request::get("/organizations/11").exchange(&sandbox).await.unwrap().unwrap();
    let step = whole.body.len() / 3;
    fail(&sandbox, json!({ "action": { "kind": "dribble", "bytes": step, "milliseconds": 20 } }));
    let mut stream = TcpStream::connect(address(&sandbox)).await.unwrap();
    let start = Instant::now();
    stream.write_all(&Request::get("/organizations/11").written(address(&sandbox), "close")).await.unwrap();
    let (mut answer, mut reads) = (Vec::new(), 0);
    while stream.read_buf(&mut answer).await.unwrap() > 0 {
        reads += 1;
    }
    assert_eq!(Raw::parse(&answer).body, whole.body);
    assert!(reads >= 2, "{reads} reads");
    assert!(start.elapsed() >= Duration::from_millis(2 * 20));
}

async fn listed(sandbox: &Sandbox) -> Vec<u64> {
    let list = Request::get(CHILDREN).send(sandbox).await.success();
    let children = list["managedOrganizations"].as_array().unwrap();
    children.iter().map(|child| child["organizationId"].as_u64().unwrap()).collect()
}

#[tokio::test]
async fn a_new_child_is_missing_from_so_many_lists() {
    let sandbox = sandbox_of(a_state()).await;
    fail(&sandbox, json!({ "action": { "kind": "lagging_list", "lists": 2 } }));
    Request::new("POST", CHILDREN).json(&a_create()).send(&sandbox).await.success();
    for expected in [&[101][..], &[101], &[101, 1001], &[101, 1001]] {
        assert_eq!(listed(&sandbox).await, expected);
    }
}

#[tokio::test]
async fn a_new_child_is_missing_for_so_many_seconds_of_the_clock() {
    let sandbox = sandbox_of(a_state()).await;
    fail(&sandbox, json!({ "action": { "kind": "lagging_list", "seconds": 30 } }));
    Request::new("POST", CHILDREN).json(&a_create()).send(&sandbox).await.success();
    assert_eq!((listed(&sandbox).await, listed(&sandbox).await), (vec![101], vec![101]));
    advance(&sandbox, 29).await;
    assert_eq!(listed(&sandbox).await, [101]);
    advance(&sandbox, 1).await;
    assert_eq!(listed(&sandbox).await, [101, 1001]);
}

#[tokio::test]
async fn a_child_that_was_in_a_list_stays_there_whatever_rule_comes() {
    let sandbox = sandbox_of(a_state()).await;
    let rule = json!({ "action": { "kind": "lagging_list", "lists": 5 } });
    let fault = fail(&sandbox, rule.clone());
    Request::new("POST", CHILDREN).json(&a_create()).send(&sandbox).await.success();
    assert_eq!(listed(&sandbox).await, [101]);
    sandbox.control().remove_fault(fault.id).unwrap();
    assert_eq!(listed(&sandbox).await, [101, 1001]);
    fail(&sandbox, rule);
    assert_eq!(listed(&sandbox).await, [101, 1001]);
}

#[tokio::test]
async fn a_child_of_an_earlier_state_hides_none_of_the_next() {
    let sandbox = sandbox_of(a_state()).await;
    fail(&sandbox, json!({ "action": { "kind": "lagging_list", "lists": 5 } }));
    Request::new("POST", CHILDREN).json(&a_create()).send(&sandbox).await.success();
    let state = sandbox.control().state().await.unwrap();
    sandbox.control().replace_state(state).await.unwrap();
    assert_eq!(listed(&sandbox).await, [101, 1001]);
}

#[tokio::test]
async fn a_list_that_lags_may_fail_as_well() {
    let sandbox = sandbox_of(a_state()).await;
    fail(&sandbox, json!({ "action": { "kind": "lagging_list", "lists": 1 } }));
    fail(&sandbox, json!({ "method": "GET", "times": 1, "action": { "kind": "wrong_content_type" } }));
    Request::new("POST", CHILDREN).json(&a_create()).send(&sandbox).await.success();
    let answer = Request::get(CHILDREN).exchange(&sandbox).await.unwrap().unwrap();
    assert!(answer.headers["content-type"].starts_with("text/plain"));
    assert!(!answer.text().contains("1001"));
    assert_eq!(listed(&sandbox).await, [101, 1001]);
}

#[tokio::test]
async fn a_kept_connection_outlives_a_fault_on_another_one() {
    let sandbox = sandbox().await;
    fail(&sandbox, json!({ "method": "POST", "action": { "kind": "close_after" } }));
    let mut kept = TcpStream::connect(address(&sandbox)).await.unwrap();
    for _ in 0..2 {
        kept.write_all(&Request::get("/organizations/11").written(address(&sandbox), "keep-alive")).await.unwrap();
        let mut answer = Vec::new();
        while !answer.ends_with(b"}}") {
            assert_ne!(kept.read_buf(&mut answer).await.unwrap(), 0);
        }
        Answer::parse(&String::from_utf8(answer).unwrap()).success();
        let lost = Request::new("POST", CHILDREN).json(&a_create()).exchange(&sandbox).await.unwrap();
        assert!(lost.is_none());
    }
    assert_eq!(creates(&sandbox).await, 2);
}
