//! Raw requests: any path of the API, with what every other call has.

use std::sync::Arc;
use std::time::Duration;

use mms_client::{BaseUrl, Clock, FakeClock, RawAnswer, RawMethod, RawRequest, RetryPolicy};
use mms_client::{Client, Error};
use mms_tests::{BASE_PATH, RawServer, Reaction, TOKEN, client_at, deviation};

use crate::traces::recorded;

const JSON: (&str, &str) = ("content-type", "application/json");

const WRITES: [RawMethod; 4] = [RawMethod::Post, RawMethod::Put, RawMethod::Patch, RawMethod::Delete];

fn request(method: RawMethod, path: &str) -> RawRequest {
    RawRequest::new(method, path).unwrap()
}

/// Returns a client that sends again what it may, without waiting.
fn hurrying(server: &RawServer, clock: &FakeClock) -> Client {
    let base_url: BaseUrl = server.base_url().parse().unwrap();
    let builder = Client::builder(base_url, TOKEN.parse().unwrap()).clock(Arc::new(clock.clone()));
    builder.retry(RetryPolicy { attempts: 3, ..RetryPolicy::default() }).build().unwrap()
}

/// Sends a request to a server that reacts to each in one way. Returns what became of it, and how many requests came.
async fn sent(request: &RawRequest, reaction: Reaction) -> (Result<RawAnswer, Error>, usize) {
    let server = RawServer::start(reaction).await.unwrap();
    let outcome = hurrying(&server, &FakeClock::hurrying()).send_raw(request).await;
    (outcome, server.requests().len())
}

fn status(status: u16) -> Reaction {
    Reaction::Answer(deviation::whole(status, &[JSON], r#"{"message":"Not today."}"#))
}

#[tokio::test]
async fn a_raw_request_travels_as_any_other() {
    let server = RawServer::start(Reaction::Answer(deviation::whole(200, &[JSON], "{}"))).await.unwrap();
    let client = client_at(&server.base_url()).unwrap();

    client.send_raw(&request(RawMethod::Get, "scenarios?teamId=3").query("pg[limit]", "5")).await.unwrap();
    client.send_raw(&request(RawMethod::Patch, "/scenarios/7").json(r#"{"name": "Sol"}"#)).await.unwrap();

    let sent: Vec<_> =
        server.requests().into_iter().map(|bytes| String::from_utf8(bytes).unwrap().to_lowercase()).collect();
    let [read, write] = sent.as_slice() else { panic!("{sent:?}") };
    let line = format!("get {BASE_PATH}/scenarios?teamid=3&pg%5blimit%5d=5 http/1.1\r\n");
    assert!(read.starts_with(&line), "{read}");
    assert!(!read.contains("content-type"), "{read}");
    for text in [read, write] {
        for header in [
            &format!("authorization: token {TOKEN}\r\n"),
            "accept: application/json\r\n",
            &format!("user-agent: mms-client/{}\r\n", env!("CARGO_PKG_VERSION")),
        ] {
            assert!(text.contains(header), "{header}: {text}");
        }
    }
    assert!(write.contains("content-type: application/json\r\n") && write.ends_with("\r\n\r\n{\"name\": \"sol\"}"));
}

#[tokio::test]
async fn a_read_is_sent_again_and_a_write_never() {
    let again = [status(429), status(503), Reaction::HangUp];
    for reaction in &again {
        for method in [RawMethod::Get, RawMethod::Head] {
            let (_, number) = sent(&request(method, "/scenarios"), reaction.clone()).await;
            assert_eq!(number, 3, "{method} {reaction:?}");
        }
    }
    for reaction in again {
        for method in WRITES {
            // One of the paths is that of an allocation, which `send()` itself would send again after a 429.
            for path in ["/scenarios/7", "/organizations/11/managed-organizations/123"] {
                let (_, number) = sent(&request(method, path), reaction.clone()).await;
                assert_eq!(number, 1, "{method} {path} {reaction:?}");
            }
        }
    }
}

#[tokio::test]
async fn an_answer_that_refuses_is_an_answer_and_says_what_that_means() {
    let (answer, _) = sent(&request(RawMethod::Post, "/scenarios"), status(404)).await;
    let answer = answer.unwrap();
    assert_eq!((answer.status().as_u16(), answer.body()), (404, br#"{"message":"Not today."}"#.as_slice()));
    let error = answer.error().unwrap();
    assert!(error.is_not_found() && !error.maybe_sent(), "{error}");
    assert_eq!((error.operation_id(), error.message()), ("raw_write", Some("Not today.")));

    let (limited, _) = sent(&request(RawMethod::Patch, "/scenarios/7"), status(429)).await;
    let limited = limited.unwrap();
    assert!(limited.error().unwrap().to_string().ends_with("; a write is sent once)"), "{:?}", limited.error());

    let (redirect, _) = sent(&request(RawMethod::Get, "/scenarios"), status(307)).await;
    assert!(redirect.unwrap().error().unwrap().is_undocumented());
}

#[tokio::test]
async fn a_write_without_an_answer_may_have_been_carried_out() {
    for method in WRITES {
        let (outcome, _) = sent(&request(method, "/scenarios/7"), Reaction::HangUp).await;
        let error = outcome.unwrap_err();
        assert!(error.maybe_sent() && !error.is_retryable(), "{error}");
    }
    let (outcome, _) = sent(&request(RawMethod::Get, "/scenarios"), Reaction::HangUp).await;
    assert!(outcome.unwrap_err().is_retryable(), "a read does no harm");
}

#[tokio::test]
async fn raw_requests_keep_the_pace() {
    let server = RawServer::start(Reaction::Answer(deviation::whole(200, &[JSON], "{}"))).await.unwrap();
    let base_url: BaseUrl = server.base_url().parse().unwrap();
    let clock = FakeClock::hurrying();
    let builder = Client::builder(base_url, TOKEN.parse().unwrap()).clock(Arc::new(clock.clone()));
    let client = builder.requests_per_minute(60.try_into().unwrap()).build().unwrap();
    let begun = clock.now();
    for _ in 0..50 {
        client.send_raw(&request(RawMethod::Get, "/organizations/11/usage")).await.unwrap();
    }
    assert!(clock.now().saturating_sub(begun) < Duration::from_secs(1), "the burst");
    for _ in 0..11 {
        client.list_child_organization_consumption().organization_id(11).send().await.unwrap_err();
    }
    assert!(clock.now().saturating_sub(begun) > Duration::from_secs(1), "raw requests count with the others");
    assert_eq!((client.requests_sent(), server.requests().len()), (61, 61));
}

#[tokio::test]
async fn a_body_comes_as_it_is_but_for_the_token() {
    let odd = "{ \"b\":1.50,\"a\": \"\u{1b}\",  \"a\":12345678901234567890123 }\n";
    let (answer, _) =
        sent(&request(RawMethod::Get, "/scenarios"), Reaction::Answer(deviation::whole(200, &[JSON], odd))).await;
    assert_eq!(answer.unwrap().body(), odd.as_bytes());

    let (log, _guard) = recorded();
    let words = format!(r#"{{"detail":"unknown token {TOKEN}"}}"#);
    for code in [200, 401] {
        let headers = [JSON, ("x-echo", TOKEN)];
        let reaction = Reaction::Answer(deviation::whole(code, &headers, &words));
        let answer = sent(&request(RawMethod::Post, "/scenarios"), reaction).await.0.unwrap();
        let body = String::from_utf8_lossy(answer.body()).into_owned();
        assert_eq!(body, r#"{"detail":"unknown token [token]"}"#);
        assert!(!format!("{answer:?} {:?} {:?} {body}", answer.headers(), answer.error()).contains(TOKEN));
    }
    assert!(!log.text().contains(TOKEN), "{}", log.text());
}

#[tokio::test]
async fn a_trace_names_the_path_and_neither_query_nor_body() {
    let (log, _guard) = recorded();
    let request = request(RawMethod::Post, "/scenarios?key=hidden").json(r#"{"name":"hidden"}"#);
    sent(&request, status(200)).await.0.unwrap();
    let log = log.text();
    assert!(log.contains("operation_id=\"raw_write\" kind=Create request=POST /scenarios status=200"), "{log}");
    assert!(!log.contains("hidden"), "{log}");
}
