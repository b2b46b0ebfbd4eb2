//! Secrecy of the token: it shows nowhere but in its header.

use std::error::Error as _;
use std::net::Ipv4Addr;
use std::panic::AssertUnwindSafe;

use mms_client::{ApiToken, BaseUrl, Client, Error, RetryPolicy};
use mms_tests::{Document, RawServer, Reaction, TOKEN, client_at, deviation};
use tokio::net::TcpSocket;

use crate::calls::{Call, calls};
use crate::traces::recorded;

/// Says that a text shows no part of the token that would be of use.
fn assert_silent(shown: &str) {
    let part = TOKEN.split('-').next_back().unwrap();
    assert!(!shown.contains(TOKEN) && !shown.contains(part), "{shown}");
    assert!(!shown.to_lowercase().contains("canar"), "{shown}");
}

/// Returns everything that an error says, its sources included.
fn shown(error: &Error) -> String {
    let sources = std::iter::successors(error.source(), |error| (*error).source());
    let sources: Vec<String> = sources.map(|error| format!("{error} {error:?} {error:#?}")).collect();
    format!("{error} {error:?} {error:#?} {}", sources.join(" "))
}

/// Sends a call into everything that can become of it, and returns what is shown of the outcomes.
async fn outcomes(call: &Call, document: &Document) -> Vec<String> {
    let json = [("content-type", "application/json")];
    let answer = call.documented(document).to_string();
    let mut outcomes = Vec::new();
    for reaction in [
        Reaction::Answer(deviation::whole(200, &json, &answer)),
        Reaction::Answer(deviation::whole(200, &json, "[]")),
        Reaction::Answer(deviation::cut(200, &json, &answer, 1)),
        Reaction::Answer(deviation::whole(307, &[("location", "http://127.0.0.1:1/")], "")),
        Reaction::Answer(deviation::whole(401, &json, r#"{"detail":"Access denied."}"#)),
        Reaction::Answer(deviation::whole(502, &json, "<html>")),
        Reaction::Answer(b"nonsense\r\n\r\n".to_vec()),
        Reaction::HangUp,
    ] {
        let (result, server) = call.send_to(reaction).await;
        let request = String::from_utf8(server.requests().remove(0)).unwrap();
        assert!(request.contains(&format!("Token {TOKEN}")), "the token did travel");
        outcomes.push(match result {
            Ok(answer) => answer.debug,
            Err(error) => shown(&error),
        });
    }
    outcomes
}

#[tokio::test]
async fn no_outcome_of_an_operation_shows_the_token_and_no_trace_of_it_does() {
    let document = Document::contract().unwrap();
    let (log, _guard) = recorded();
    for call in calls() {
        for outcome in outcomes(&call, &document).await {
            assert_silent(&outcome);
        }
        let log = log.text();
        assert!(log.contains(&format!("operation_id=\"{}\"", call.operation)), "the call was traced: {log}");
        assert_silent(&log);
    }
}

#[tokio::test]
async fn a_server_that_repeats_the_token_is_not_repeated() {
    let words = format!("unknown token {TOKEN}");
    let bodies = [
        (
            401,
            format!(
                r#"{{"detail":"{words}","message":"{words}","code":"{TOKEN}","suberrors":[{{"message":"{words}"}}]}}"#
            ),
        ),
        (401, format!(r#"{{"detail":{{"token":"{TOKEN}"}}}}"#)),
        (401, format!(r#"{{"request":{{"authorization":["Token {TOKEN}"],"{TOKEN}":1}}}}"#)),
        (401, format!(r#"{{"request":"{}"}}"#, TOKEN.replace('-', r"\u002d").replace('y', r"\u0079"))),
        (401, format!(r#"{{"detail":"{}"}}"#, TOKEN.to_uppercase().replace('0', "%30"))),
        (401, words.clone()),
        (502, format!("<title>{words}</title>")),
        (502, format!("<title>{}</title>", TOKEN.replace('-', "%2D").replace('0', "%30"))),
        (200, format!(r#""{TOKEN}""#)),
        (200, format!(r#"{{"imtRegions":"{TOKEN}"}}"#)),
        (200, format!(r#"{{"imtRegions":[{{"id":"{TOKEN}","name":""}}]}}"#)),
    ];
    let (log, _guard) = recorded();
    let regions = crate::calls::call_of("list_regions");
    for (status, body) in bodies {
        let error = regions.answered(status, "application/json", &body).await.unwrap_err();
        assert_eq!(error.status().unwrap().as_u16(), status);
        assert_silent(&shown(&error));
        let words = [error.detail(), error.message(), error.code()];
        assert_silent(&format!("{words:?} {:?}", error.suberrors()));
    }
    assert_silent(&log.text());
}

#[tokio::test]
async fn a_panic_over_an_error_does_not_show_the_token() {
    let regions = crate::calls::call_of("list_regions");
    let outcome = regions.answered(401, "text/plain", &format!("unknown token {TOKEN}")).await;
    let panic = std::panic::catch_unwind(AssertUnwindSafe(|| outcome.unwrap())).unwrap_err();
    let words = panic.downcast_ref::<String>().unwrap();
    assert!(words.contains("list_regions"), "{words}");
    assert_silent(words);
}

#[tokio::test]
async fn an_unreachable_server_and_a_timeout_do_not_show_the_token() {
    let (log, _guard) = recorded();
    // Bound and not listening: nobody else gets the port, and nobody answers.
    let socket = TcpSocket::new_v4().unwrap();
    socket.bind((Ipv4Addr::LOCALHOST, 0).into()).unwrap();
    let nobody = client_at(&format!("http://{}/api/v2", socket.local_addr().unwrap())).unwrap();
    let error = nobody.list_regions().send().await.unwrap_err();
    assert!(error.is_connect(), "{error}");
    assert_silent(&shown(&error));

    let server = RawServer::start(Reaction::Stall(Vec::new())).await.unwrap();
    let base_url: BaseUrl = server.base_url().parse().unwrap();
    let builder = Client::builder(base_url, TOKEN.parse().unwrap());
    let client = builder.timeout(std::time::Duration::from_millis(50)).retry(RetryPolicy::never()).build().unwrap();
    let error = client.list_regions().send().await.unwrap_err();
    assert!(error.is_timeout(), "{error}");
    assert_silent(&shown(&error));
    assert_silent(&log.text());
}

#[test]
fn no_debug_of_a_client_or_a_builder_shows_the_token() {
    let token: ApiToken = TOKEN.parse().unwrap();
    let base_url: BaseUrl = "http://127.0.0.1:1/api/v2".parse().unwrap();
    let builder = Client::builder(base_url, token.clone());
    let client = builder.clone().build().unwrap();
    let mut debugs = vec![format!("{token:?}{token:#?}"), format!("{builder:?}{builder:#?}"), format!("{client:?}")];
    debugs.extend(calls().iter().map(|call| (call.builder)(&client)));
    for debug in debugs {
        assert_silent(&debug);
    }
}

#[test]
fn a_text_that_is_no_token_is_refused_without_being_shown() {
    for text in [format!("{TOKEN}\n"), format!("Token {TOKEN}"), format!("{TOKEN}é")] {
        let error = text.parse::<ApiToken>().unwrap_err();
        assert_silent(&format!("{error} {error:?}"));
    }
}
