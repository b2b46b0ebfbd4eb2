//! Requests that a web page could send through a browser on this machine.

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use crate::http_client::{CHILDREN, Raw, Request, a_create, address, sandbox};

#[tokio::test]
async fn a_request_for_another_host_is_refused_on_both_sides() {
    let sandbox = sandbox().await;
    for request in [Request::get(CHILDREN), Request::control(&sandbox, "GET", "/state")] {
        let answer = request.header("Host", "evil.example:8787").send(&sandbox).await;
        let detail = answer.refusal(403, "Forbidden", None);
        assert!(detail.contains("does not answer to the host \"evil.example:8787\""), "{detail}");
    }
    Request::get(CHILDREN).header("Host", "localhost").send(&sandbox).await.success();
}

#[tokio::test]
async fn a_host_that_was_named_at_the_start_is_answered() {
    let sandbox = mms_sandbox::Sandbox::builder().allow_host("sandbox.test").start().await.unwrap();
    Request::get(CHILDREN).header("Host", "sandbox.test:80").send(&sandbox).await.success();
    assert_eq!(Request::get(CHILDREN).header("Host", "other.test").send(&sandbox).await.status, 403);
}

#[tokio::test]
async fn a_request_from_a_page_of_another_origin_is_refused_on_both_sides() {
    let sandbox = sandbox().await;
    for origin in ["https://evil.example", "null", "http://localhost:3000"] {
        for request in [Request::get(CHILDREN), Request::control(&sandbox, "POST", "/reset")] {
            let answer = request.header("Origin", origin).send(&sandbox).await;
            let detail = answer.refusal(403, "Forbidden", None);
            assert_eq!(detail, format!("Pages of {origin:?} may not speak to this server."));
        }
    }
    let own = format!("http://{}", address(&sandbox));
    Request::get(CHILDREN).header("Origin", &own).send(&sandbox).await.success();
}

#[tokio::test]
async fn a_refused_host_does_no_work_and_is_not_in_the_log() {
    let sandbox = sandbox().await;
    let create = Request::new("POST", CHILDREN).json(&a_create()).header("Host", "evil.example");
    assert_eq!(create.send(&sandbox).await.status, 403);
    assert_eq!(sandbox.control().requests(&mms_sandbox::RequestFilter::default()).requests, []);
    assert_eq!(sandbox.control().state().await.unwrap().distributors[0].children.len(), 3);
}

#[tokio::test]
async fn no_answer_has_a_cors_header() {
    let sandbox = sandbox().await;
    let own = format!("http://{}", address(&sandbox));
    for (method, target, status) in [
        ("GET", "/api/v2/organizations/11", 200),
        ("OPTIONS", "/api/v2/organizations/11", 405),
        ("OPTIONS", "/api/v2/organizations/11/managed-organizations", 405),
        ("OPTIONS", "/_sandbox/state", 405),
        ("OPTIONS", "/openapi.json", 405),
        ("GET", "/openapi.json", 200),
        ("GET", "/nowhere", 404),
    ] {
        for origin in [own.as_str(), "https://evil.example"] {
            let request = Request::bare(method, target)
                .token(if target.starts_with("/_sandbox") { sandbox.control_token() } else { sandbox.token() })
                .header("Origin", origin)
                .header("Access-Control-Request-Method", "POST");
            let answer = request.send(&sandbox).await;
            assert_eq!(answer.status, if origin == own { status } else { 403 }, "{method} {target}");
            assert!(answer.headers.keys().all(|name| !name.starts_with("access-control")), "{:?}", answer.headers);
        }
    }
}

#[tokio::test]
async fn a_head_that_is_too_large_is_refused() {
    let sandbox = sandbox().await;
    let mut head = b"GET /api/v2/organizations/11 HTTP/1.1\r\nHost: localhost\r\nX-Padding: ".to_vec();
    head.resize(64 * 1024, b'x');
    let mut stream = TcpStream::connect(address(&sandbox)).await.unwrap();
    stream.write_all(&head).await.unwrap();
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer).await.unwrap();
    assert_eq!(Raw::parse(&answer).status, 431);
}

#[tokio::test]
async fn a_head_that_is_no_http_is_refused() {
    let sandbox = sandbox().await;
    let mut stream = TcpStream::connect(address(&sandbox)).await.unwrap();
    stream.write_all(b"Good day to you\r\n\r\n").await.unwrap();
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer).await.unwrap();
    assert_eq!(Raw::parse(&answer).status, 400);
}
