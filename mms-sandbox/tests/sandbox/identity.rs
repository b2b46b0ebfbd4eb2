//! Identity of a sandbox, by which a client tells it from another at the same address.

use mms_sandbox::Sandbox;
use mms_types::SANDBOX_ID_HEADER;
use serde_json::json;

use crate::fixtures::{data_file, fail};
use crate::http_client::{CHILDREN, Request, a_create};

async fn identity(request: Request, sandbox: &Sandbox) -> String {
    let answer = request.exchange(sandbox).await.unwrap().unwrap();
    answer.headers[SANDBOX_ID_HEADER].clone()
}

async fn of(sandbox: &Sandbox) -> String {
    identity(Request::get(CHILDREN), sandbox).await
}

#[tokio::test]
async fn every_answer_carries_the_identity_those_of_faults_and_of_the_control_side_too() {
    let sandbox = Sandbox::builder().start().await.unwrap();
    let own = of(&sandbox).await;
    assert!(own.len() == 16 && own.bytes().all(|byte| byte.is_ascii_hexdigit()), "{own}");
    let requests = [
        Request::new("POST", CHILDREN).json(&a_create()),
        Request::new("POST", CHILDREN).json(&json!({})),
        Request::get(CHILDREN).without("Authorization"),
        Request::get("/nothing"),
        Request::bare("GET", "/nothing"),
        Request::bare("GET", "/openapi.json").header("Host", "elsewhere.example"),
        Request::control(&sandbox, "GET", "/clock"),
        Request::bare("GET", "/_sandbox/clock"),
    ];
    for request in requests {
        assert_eq!(identity(request, &sandbox).await, own);
    }
    for kind in ["bad_gateway", "too_many_requests", "malformed_json", "wrong_content_type", "refused_at_the_edge"] {
        fail(&sandbox, json!({ "action": { "kind": kind }, "times": 1 }));
        assert_eq!(of(&sandbox).await, own, "{kind}");
    }
}

#[tokio::test]
async fn a_restart_with_the_file_keeps_the_identity_and_another_state_has_another() {
    let (_directory, file) = data_file();
    let on_file = || Sandbox::builder().data(&file);
    let sandbox = on_file().start().await.unwrap();
    let first = of(&sandbox).await;
    sandbox.stop().await.unwrap();
    let sandbox = on_file().start().await.unwrap();
    assert_eq!(of(&sandbox).await, first);

    sandbox.control().reset().await.unwrap();
    let second = of(&sandbox).await;
    let state = sandbox.control().state().await.unwrap();
    sandbox.control().replace_state(state).await.unwrap();
    let third = of(&sandbox).await;
    let other = of(&Sandbox::builder().start().await.unwrap()).await;
    let distinct: std::collections::BTreeSet<_> = [first, second, third, other].into();
    assert_eq!(distinct.len(), 4);
}
