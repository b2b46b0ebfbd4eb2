//! Reading the body of a refusal, whatever it is.

use mms_types::{ApiError, ApiSuberror};
use reqwest::StatusCode;
use reqwest::header::{CONTENT_TYPE, HeaderMap};
use serde_json::{Value, json};

use crate::token::ApiToken;

/// The most characters of a text that an error shows: two lines of a terminal.
const EXCERPT: usize = 200;

/// Returns the body of a refusal as the JSON of an [`ApiError`], with the server's words in it and the token blotted out.
pub(crate) fn normalized(status: StatusCode, headers: &HeaderMap, body: &[u8], token: &ApiToken) -> Vec<u8> {
    let error = read(status, headers, &token.redact(&String::from_utf8_lossy(body)));
    json!(error).to_string().into_bytes()
}

fn read(status: StatusCode, headers: &HeaderMap, text: &str) -> ApiError {
    if let Ok(fields @ Value::Object(_)) = serde_json::from_str(text) {
        let error = salvaged(&fields);
        if error != ApiError::default() {
            return error;
        }
    }
    let is_html = headers.get(CONTENT_TYPE).is_some_and(|value| value.as_bytes().starts_with(b"text/html"))
        || text.trim_start().starts_with('<');
    let words = if is_html { title(text) } else { excerpt(text) };
    let message = status.canonical_reason().map(str::to_owned);
    let detail = words.filter(|words| Some(words) != message.as_ref());
    ApiError { detail, message, ..ApiError::default() }
}

/// Takes what can be read of an object, whose fields may be missing or have the wrong types.
fn salvaged(body: &Value) -> ApiError {
    let text = |value: &Value| match value {
        Value::Null => None,
        Value::String(text) => Some(text.clone()),
        other => excerpt(&other.to_string()),
    };
    let suberrors = body["suberrors"].as_array().into_iter().flatten();
    ApiError {
        detail: text(&body["detail"]),
        message: text(&body["message"]),
        code: text(&body["code"]),
        suberrors: suberrors
            .map(|error| ApiSuberror { message: text(&error["message"]), name: text(&error["name"]) })
            .collect(),
    }
}

/// Returns the title of an HTML page. The rest of it is markup.
fn title(page: &str) -> Option<String> {
    let start = page.find("<title>")? + "<title>".len();
    let end = start + page[start..].find("</title>")?;
    excerpt(&page[start..end])
}

/// Returns the beginning of a text as one line.
fn excerpt(text: &str) -> Option<String> {
    let line = text.split(|character: char| character.is_whitespace() || character.is_control());
    let line = line.filter(|word| !word.is_empty()).collect::<Vec<_>>().join(" ");
    let cut = line.char_indices().nth(EXCERPT).map(|(end, _)| format!("{}...", &line[..end]));
    Some(cut.unwrap_or(line)).filter(|line| !line.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read_as(content_type: &'static str, body: &str) -> ApiError {
        let mut headers = HeaderMap::new();
        headers.insert(CONTENT_TYPE, content_type.parse().unwrap());
        read(StatusCode::BAD_GATEWAY, &headers, body)
    }

    #[test]
    fn a_page_is_its_title() {
        let page = "<html><head><title>502 Bad\n Gateway</title></head><body><h1>nginx</h1></body></html>";
        assert_eq!(read_as("text/html; charset=utf-8", page).detail.as_deref(), Some("502 Bad Gateway"));
        assert_eq!(read_as("application/json", page).detail.as_deref(), Some("502 Bad Gateway"));
    }

    #[test]
    fn a_text_is_one_line_and_cut() {
        let error = read_as("text/plain", &format!("first\r\nsecond \u{1b}[31m{}", "x".repeat(500)));
        let detail = error.detail.unwrap();
        assert!(detail.starts_with("first second [31mxxx"), "{detail}");
        assert_eq!(detail.chars().count(), EXCERPT + 3);
    }

    #[test]
    fn an_empty_body_leaves_the_reason_of_the_status() {
        let error = read_as("text/plain", "");
        assert_eq!((error.detail, error.message.as_deref()), (None, Some("Bad Gateway")));
    }

    #[test]
    fn fields_of_the_wrong_type_are_read_as_text() {
        let error =
            read_as("application/json", r#"{"detail":{"a":1},"code":400,"suberrors":null,"message":"Bad Request"}"#);
        assert_eq!(error.detail.as_deref(), Some(r#"{"a":1}"#));
        assert_eq!(error.code.as_deref(), Some("400"));
        assert_eq!(error.message.as_deref(), Some("Bad Request"));
    }

    #[test]
    fn json_of_another_shape_is_an_excerpt() {
        let error = read_as("application/json", r#"{"error":"down"}"#);
        assert_eq!(error.detail.as_deref(), Some(r#"{"error":"down"}"#));
    }
}
