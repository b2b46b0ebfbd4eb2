//! Refusals, documented and others, and the error of each.

use std::collections::BTreeSet;

use mms_client::types::{ApiError, is_invisible};
use mms_client::{Error, operations};
use mms_tests::{Document, Reaction, TOKEN, deviation};
use serde_json::Value;

use crate::calls::{call_of, calls};
use crate::predicates::predicates;

/// The page of a gateway, as it stands in front of many servers.
const GATEWAY_PAGE: &str = "<html>\r\n<head><title>502 Bad Gateway</title></head>\r\n<body>\r\n<center><h1>502 Bad \
    Gateway</h1></center>\r\n<hr><center>nginx/1.24.0</center>\r\n</body>\r\n</html>\r\n";

/// Returns the predicates that belong to a status of refusal, by what the statuses mean.
fn predicates_of(status: u16) -> &'static [&'static str] {
    match status {
        400 | 422 => &["is_invalid"],
        401 => &["is_unauthorized"],
        403 => &["is_forbidden"],
        404 => &["is_not_found"],
        409 => &["is_conflict"],
        429 => &["is_rate_limited"],
        408 | 424 | 425 | 500..=599 => &["maybe_sent"],
        _ => &[],
    }
}

/// Says what every error keeps to: one line, no character that cannot be seen, no token, no markup, the operation, status and cost.
fn assert_presentable(error: &Error, operation: &str, status: u16) {
    let text = error.to_string();
    assert!(text.starts_with(&format!("{operation}: {status}")), "{text}");
    assert!(text.contains(" (1 attempt, "), "{text}");
    for shown in [text, format!("{error:?}"), format!("{error:#?}")] {
        assert!(!shown.contains(is_invisible), "{shown:?}");
        assert!(!shown.contains(TOKEN), "{shown}");
        assert!(!shown.contains('<'), "{shown}");
    }
    assert_eq!((error.operation_id(), error.attempts()), (operation, 1));
}

#[test]
fn every_operation_documents_refusals_in_json_text_and_html() {
    let document = Document::contract().unwrap();
    let documented: BTreeSet<(&str, &str)> =
        document.refusals().map(|(example, _)| (example.operation, example.media_type)).collect();
    for operation in operations() {
        for media_type in ["application/json", "text/plain", "text/html"] {
            assert!(documented.contains(&(operation.id, media_type)), "{} {media_type}", operation.id);
        }
    }
}

#[tokio::test]
async fn every_documented_refusal_keeps_its_status_and_words() {
    let document = Document::contract().unwrap();
    for (example, status) in document.refusals() {
        let call = call_of(example.operation);
        let error = call.answered(status, example.media_type, &example.body()).await.unwrap_err();
        let name = format!("{} {}", example.operation, example.name);

        assert_eq!(error.status().unwrap().as_u16(), status, "{name}");
        assert_eq!(predicates(&error), predicates_of(status), "{name}");
        assert_presentable(&error, example.operation, status);
        let words = ApiError {
            detail: error.detail().map(str::to_owned),
            message: error.message().map(str::to_owned),
            code: error.code().map(str::to_owned),
            suberrors: error.suberrors().to_vec(),
        };
        match example.media_type {
            "application/json" => assert_eq!(&serde_json::to_value(words).unwrap(), example.value, "{name}"),
            "text/plain" => assert_eq!(words.detail.as_deref(), example.value.as_str(), "{name}"),
            "text/html" => assert_eq!(words.detail.as_deref(), Some("502 Bad Gateway"), "{name}"),
            other => panic!("{name}: no expectation for {other}"),
        }
    }
}

#[tokio::test]
async fn an_error_shows_the_servers_own_words() {
    let document = Document::contract().unwrap();
    for (example, status) in document.refusals() {
        let error = call_of(example.operation).answered(status, example.media_type, &example.body()).await.unwrap_err();
        let text = error.to_string();
        let shown = match example.value {
            Value::Object(fields) => {
                let single = fields.get("suberrors").and_then(|errors| errors[0]["message"].as_str());
                single.or(fields["detail"].as_str()).unwrap()
            }
            _ if example.media_type == "text/html" => "502 Bad Gateway",
            words => words.as_str().unwrap(),
        };
        assert!(text.contains(shown.trim_end_matches('.')), "{text}");
    }
}

#[tokio::test]
async fn an_error_reads_as_documented() {
    let document = Document::contract().unwrap();
    let (example, _) = document.refusals().find(|(example, _)| example.name == "missing_country").unwrap();
    let error = call_of(example.operation).answered(400, "application/json", &example.body()).await.unwrap_err();
    let text = error.to_string();
    let (words, cost) = text.split_at(text.find(" (").unwrap());
    assert_eq!(
        words,
        "create_child_organization: 400 SC400 Bad Request: Missing value of required parameter 'countryId'"
    );
    assert_eq!(cost, format!(" (1 attempt, {:.1} s)", error.elapsed().as_secs_f64()));
}

#[tokio::test]
async fn a_gateways_page_keeps_its_status_and_shows_its_title_alone() {
    for call in calls() {
        for media_type in ["text/html", "text/html; charset=utf-8", "application/json", "nonsense"] {
            let error = call.answered(502, media_type, GATEWAY_PAGE).await.unwrap_err();
            assert_eq!(error.status().unwrap(), 502);
            assert_eq!(error.detail(), Some("502 Bad Gateway"), "as {media_type}");
            assert_eq!(predicates(&error), ["maybe_sent"]);
            assert_presentable(&error, call.operation, 502);
            assert!(!error.to_string().contains("nginx"));
            let once = format!("{}: 502 Bad Gateway (", call.operation);
            assert!(error.to_string().starts_with(&once), "{error}");
        }
    }
}

#[tokio::test]
async fn a_refusal_without_a_body_keeps_its_status() {
    for call in calls() {
        for status in [400, 401, 403, 404, 406, 408, 409, 413, 415, 422, 424, 425, 429, 500, 502, 503, 504] {
            let (result, _server) = call.send_to(Reaction::Answer(deviation::whole(status, &[], ""))).await;
            let error = result.unwrap_err();
            assert_eq!(error.status().unwrap().as_u16(), status);
            assert_eq!(error.message(), error.status().unwrap().canonical_reason());
            assert_eq!((error.detail(), error.code(), error.suberrors().len()), (None, None, 0));
            assert_eq!(predicates(&error), predicates_of(status));
            assert_presentable(&error, call.operation, status);
        }
    }
}

#[tokio::test]
async fn a_refusal_in_plain_text_keeps_its_status_and_the_text() {
    let texts = [
        (403, "error code: 1010"),
        (429, "Requests limit for organization exceeded, please try again later."),
        (413, "request entity too large"),
        (503, "no healthy upstream"),
    ];
    for call in calls() {
        for (status, text) in texts {
            for media_type in ["text/plain", "text/plain; charset=utf-8", "application/json"] {
                let error = call.answered(status, media_type, text).await.unwrap_err();
                assert_eq!((error.status().unwrap().as_u16(), error.detail()), (status, Some(text)));
                assert_eq!(predicates(&error), predicates_of(status));
                assert_presentable(&error, call.operation, status);
            }
        }
    }
}

#[tokio::test]
async fn a_refusal_in_json_of_another_shape_keeps_its_status_and_what_can_be_read() {
    let bodies = [
        (r#"{"detail":{"field":"operations"},"message":"Bad Request"}"#, Some(r#"{"field":"operations"}"#)),
        (r#"{"detail":"too small","code":409,"suberrors":null}"#, Some("too small")),
        (r#"{"detail":"too small","extra":[1,2,3]}"#, Some("too small")),
        (r#"{"error":"too small"}"#, Some("too small")),
        (r#"{"error":{"message":"too small"}}"#, Some("too small")),
        (r#"[{"message":"too small"}]"#, Some("too small")),
        (r#"{"reason":"too small"}"#, Some(r#"{"reason":"too small"}"#)),
        ("\u{feff}{\"detail\":\"too small\"}", Some("too small")),
        ("{}", None),
        ("[]", None),
        ("null", None),
        ("{", Some("{")),
    ];
    for call in calls() {
        for (body, detail) in bodies {
            let error = call.answered(409, "application/json", body).await.unwrap_err();
            assert_eq!((error.status().unwrap().as_u16(), error.detail()), (409, detail), "{body}");
            assert_eq!(predicates(&error), ["is_conflict"], "{body}");
            assert_presentable(&error, call.operation, 409);
        }
    }
}

#[tokio::test]
async fn long_words_make_a_short_line_and_stay_whole_in_the_accessors() {
    let long = "x".repeat(20_000);
    let many: Vec<Value> = (0..50).map(|number| serde_json::json!({"message": format!("mistake {number}")})).collect();
    let call = call_of("create_child_organization");

    let body = serde_json::json!({"detail": long, "message": long, "code": long}).to_string();
    let error = call.answered(400, "application/json", &body).await.unwrap_err();
    assert!(error.to_string().len() < 1_000, "{}", error.to_string().len());
    assert_eq!(error.detail().map(str::len), Some(long.len()));

    let body = serde_json::json!({ "suberrors": many }).to_string();
    let error = call.answered(400, "application/json", &body).await.unwrap_err();
    assert!(error.to_string().contains(": mistake 0; mistake 1; mistake 2; and 47 more ("), "{error}");
    assert_eq!(error.suberrors().len(), 50);
}

#[tokio::test]
async fn what_a_server_says_cannot_reach_the_terminal_raw() {
    let body = r#"{"message":"line\r\nbreak","code":"C\u001b[31m","detail":"bell\u0007 and \u009b31m",
        "suberrors":[{"message":"tab\tand\u0000nul","name":"Error"}]}"#;
    for call in calls() {
        let error = call.answered(400, "application/json", body).await.unwrap_err();
        assert_presentable(&error, call.operation, 400);
        let unseen = "a\r\nb\u{1b}[31m\u{9b}c\u{202e}d\u{2066}e\u{200f}f\u{2028}g\u{2029}h\u{200b}i\u{feff}j";
        let text = call.answered(400, "text/plain", unseen).await.unwrap_err();
        assert_presentable(&text, call.operation, 400);
        let fields = ["message", "detail", "code"].map(|field| serde_json::json!({ field: unseen }));
        for body in fields.into_iter().chain([serde_json::json!({ "suberrors": [{ "message": unseen }] })]) {
            let error = call.answered(400, "application/json", &body.to_string()).await.unwrap_err();
            assert_presentable(&error, call.operation, 400);
        }
    }
}

#[tokio::test]
async fn a_single_mistake_of_the_wrong_type_is_shown_like_any_other() {
    let body = r#"{"message":"Bad Request","suberrors":["no name",{"message":"no country"},{}]}"#;
    let error = call_of("create_child_organization").answered(400, "application/json", body).await.unwrap_err();
    assert!(error.to_string().contains(": 400 Bad Request: no name; no country ("), "{error}");
    assert_eq!(error.suberrors().len(), 2);
}

#[tokio::test]
async fn empty_words_are_absent() {
    let body = r#"{"message":"","detail":"","code":"","suberrors":[{"message":"","name":""}]}"#;
    let error = call_of("list_regions").answered(404, "application/json", body).await.unwrap_err();
    assert!(error.to_string().starts_with("list_regions: 404 Not Found (1 attempt, "), "{error}");
    assert_eq!((error.detail(), error.code(), error.suberrors().len()), (None, None, 0));
}

#[tokio::test]
async fn the_body_of_a_refusal_is_read_up_to_64_kib_and_the_rest_is_not_waited_for() {
    let page = format!("<title>busy</title>{}", "x".repeat(64 * 1024));
    for status in [404, 429, 502] {
        // The server promises a gigabyte, and sends no more than the beginning.
        let bytes = deviation::cut(status, &[("content-type", "text/html")], &page, 1 << 30);
        let (result, _server) = call_of("list_regions").send_to(Reaction::Stall(bytes)).await;
        let error = result.unwrap_err();
        assert_eq!((error.status().unwrap().as_u16(), error.detail()), (status, Some("busy")), "{error}");
        assert_eq!(predicates(&error), predicates_of(status));
    }
}

#[tokio::test]
async fn what_a_refusal_says_after_64_kib_is_dropped() {
    let call = call_of("list_regions");
    let within = format!("{}<title>busy</title>", "<".repeat(64 * 1024 - "<title>busy</title>".len()));
    let error = call.answered(502, "text/html", &within).await.unwrap_err();
    assert_eq!(error.detail(), Some("busy"));
    let beyond = call.answered(502, "text/html", &format!("<{within}")).await.unwrap_err();
    assert_eq!(beyond.detail(), None);
}
