//! Documented answers, and answers that differ from them in their status alone.

use std::collections::BTreeSet;

use mms_client::operations;
use mms_tests::Document;

use crate::calls::{call_of, calls};

#[tokio::test]
async fn every_documented_answer_decodes_and_nothing_of_it_is_lost() {
    let document = Document::contract().unwrap();
    for example in document.answers() {
        let answer = call_of(example.operation).answered(200, example.media_type, &example.body()).await.unwrap();
        assert_eq!(answer.status, 200);
        assert_eq!(&answer.json, example.value, "{} {}", example.operation, example.name);
    }
}

#[test]
fn every_operation_has_a_documented_answer() {
    let document = Document::contract().unwrap();
    let answered: BTreeSet<&str> = document.answers().map(|example| example.operation).collect();
    let documented: BTreeSet<&str> = operations().iter().map(|operation| operation.id).collect();
    assert_eq!(answered, documented);
}

#[tokio::test]
async fn any_2xx_decodes_as_the_documented_answer_and_keeps_its_status() {
    let document = Document::contract().unwrap();
    for example in document.answers() {
        for status in [201, 202, 203] {
            let call = call_of(example.operation);
            let answer = call.answered(status, example.media_type, &example.body()).await.unwrap();
            assert_eq!((answer.status.as_u16(), &answer.json), (status, example.value), "{}", example.operation);
        }
    }
}

#[tokio::test]
async fn the_media_type_of_a_documented_answer_does_not_matter() {
    let document = Document::contract().unwrap();
    for example in document.answers() {
        for media_type in ["text/html", "text/plain; charset=utf-8", "application/octet-stream", "nonsense"] {
            let answer = call_of(example.operation).answered(200, media_type, &example.body()).await.unwrap();
            assert_eq!(&answer.json, example.value, "{} as {media_type}", example.operation);
        }
    }
}

#[tokio::test]
async fn a_success_without_a_body_is_an_error_with_its_status() {
    for call in calls() {
        for status in [200, 201, 204] {
            let error = call.answered(status, "application/json", "").await.unwrap_err();
            assert_eq!(error.status().unwrap().as_u16(), status, "{}", call.operation);
            assert!(error.maybe_sent(), "{error}");
        }
    }
}

#[tokio::test]
async fn a_page_where_json_belongs_is_an_error_with_status_200_that_shows_nothing_of_it() {
    for call in calls() {
        let page = "<html><title>Maintenance</title></html>";
        let error = call.answered(200, "text/html", page).await.unwrap_err();
        assert_eq!(error.status().unwrap(), 200);
        assert!(error.maybe_sent());
        let text = error.to_string();
        assert!(text.starts_with(&format!("{}: 200 with a body that is not", call.operation)), "{text}");
        assert!(!text.contains('<') && !text.contains("Maintenance"), "{text}");
    }
}

#[tokio::test]
async fn an_array_is_no_answer_even_where_its_items_would_fit() {
    for call in calls() {
        for body in ["[[]]", "[]", "null", "\"text\""] {
            let error = call.answered(200, "application/json", body).await.unwrap_err();
            assert_eq!(error.status().unwrap(), 200, "{} {body}", call.operation);
            assert!(error.maybe_sent() && error.is_undocumented(), "{error}");
        }
    }
}
