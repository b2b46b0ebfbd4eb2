//! Faults on the wire: what happened to the request, as far as it can be known.

use std::net::Ipv4Addr;
use std::time::Duration;

use mms_client::{Client, RetryPolicy};
use mms_tests::{Document, RawServer, Reaction, TOKEN, client_at, deviation};
use tokio::net::TcpSocket;

use crate::calls::calls;

const JSON: (&str, &str) = ("content-type", "application/json");

/// How long the clients of these tests wait.
const PATIENCE: Duration = Duration::from_millis(50);

/// Returns a client that gives up soon.
fn impatient(base_url: &str) -> Client {
    let builder = Client::builder(base_url.parse::<mms_client::BaseUrl>().unwrap(), TOKEN.parse().unwrap());
    builder.timeout(PATIENCE).retry(RetryPolicy::never()).build().unwrap()
}

#[tokio::test]
async fn a_refused_connection_means_that_nothing_was_sent() {
    // Bound and not listening: nobody else gets the port, and nobody answers.
    let socket = TcpSocket::new_v4().unwrap();
    socket.bind((Ipv4Addr::LOCALHOST, 0).into()).unwrap();
    let client = client_at(&format!("http://{}/api/v2", socket.local_addr().unwrap())).unwrap();
    for call in calls() {
        let error = (call.send)(&client).await.unwrap_err();
        assert!(error.is_connect() && !error.maybe_sent() && !error.is_timeout(), "{error}");
        assert_eq!(error.status(), None);
        assert!(error.to_string().starts_with(&format!("{}: no connection to 127.0.0.1:", call.operation)), "{error}");
    }
}

#[tokio::test]
async fn a_hang_up_after_the_request_leaves_open_whether_it_was_carried_out() {
    for call in calls() {
        let (result, server) = call.send_to(Reaction::HangUp).await;
        let error = result.unwrap_err();
        assert!(error.maybe_sent() && !error.is_connect() && !error.is_timeout(), "{error}");
        assert_eq!((error.status(), error.attempts(), server.requests().len()), (None, 1, 1));
    }
}

#[tokio::test]
async fn silence_is_a_timeout_and_leaves_open_whether_the_request_was_carried_out() {
    let server = RawServer::start(Reaction::Stall(Vec::new())).await.unwrap();
    let client = impatient(&server.base_url());
    for (index, call) in calls().iter().enumerate() {
        let error = (call.send)(&client).await.unwrap_err();
        assert!(error.is_timeout() && error.maybe_sent() && !error.is_connect(), "{error}");
        assert_eq!((error.status(), server.requests().len()), (None, index + 1), "sent once: {error}");
    }
}

#[tokio::test]
async fn a_body_that_never_comes_is_a_timeout_with_the_status() {
    let head = deviation::cut(200, &[JSON], "", 100);
    let server = RawServer::start(Reaction::Stall(head)).await.unwrap();
    let error = impatient(&server.base_url()).list_regions().send().await.unwrap_err();
    assert!(error.is_timeout() && error.maybe_sent(), "{error}");
    assert_eq!(error.status().unwrap(), 200);
}

#[tokio::test]
async fn a_cut_body_is_an_error_with_its_status_even_where_what_came_would_decode() {
    let document = Document::contract().unwrap();
    for call in calls() {
        let body = call.documented(&document).to_string();
        for bytes in [
            deviation::cut(200, &[JSON], &body, 1),
            deviation::cut(200, &[JSON], &body[..body.len() / 2], body.len()),
            deviation::cut_chunks(200, &[JSON], &body),
            deviation::cut_chunks(200, &[JSON], &body[..body.len() / 2]),
        ] {
            let (result, server) = call.send_to(Reaction::Answer(bytes)).await;
            let error = result.unwrap_err();
            assert_eq!(error.status().unwrap(), 200, "{error}");
            assert!(error.maybe_sent() && !error.is_connect() && !error.is_timeout(), "{error}");
            assert!(error.to_string().contains("200 with a body that broke off"), "{error}");
            assert!(!error.is_undocumented(), "{error}");
            assert_eq!(server.requests().len(), 1);
        }
    }
}

#[tokio::test]
async fn a_refusal_with_a_cut_body_is_still_a_refusal() {
    for call in calls() {
        for (status, maybe_sent) in [(404, false), (409, false), (502, true)] {
            let bytes = deviation::cut(status, &[JSON], r#"{"detail":"#, 10);
            let (result, _server) = call.send_to(Reaction::Answer(bytes)).await;
            let error = result.unwrap_err();
            assert_eq!((error.status().unwrap().as_u16(), error.maybe_sent()), (status, maybe_sent), "{error}");
        }
    }
}

#[tokio::test]
async fn half_a_head_and_what_is_no_http_leave_open_whether_the_request_was_carried_out() {
    for call in calls() {
        for bytes in [&b"HTTP/1.1 200 OK\r\ncontent-ty"[..], b"SSH-2.0-OpenSSH_9.6\r\n", b"\0\0\0\0"] {
            let (result, server) = call.send_to(Reaction::Answer(bytes.to_vec())).await;
            let error = result.unwrap_err();
            assert!(error.maybe_sent() && !error.is_connect(), "{error}");
            assert_eq!((error.status(), server.requests().len()), (None, 1), "{error}");
        }
    }
}

#[tokio::test]
async fn a_redirect_is_not_followed() {
    for call in calls() {
        for status in [301, 302, 303, 307, 308] {
            let target = RawServer::start(Reaction::HangUp).await.unwrap();
            let location = target.base_url();
            let bytes = deviation::whole(status, &[("location", &location)], "");
            let (result, server) = call.send_to(Reaction::Answer(bytes)).await;
            let error = result.unwrap_err();
            assert_eq!(error.status().unwrap().as_u16(), status);
            assert!(error.maybe_sent() && error.is_undocumented(), "{error}");
            assert_eq!((server.requests().len(), target.requests().len()), (1, 0));
        }
    }
}
