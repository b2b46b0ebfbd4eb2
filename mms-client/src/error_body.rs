//! Reading the body of a refusal, whatever it is.

use mms_types::{ApiError, ApiSuberror};
use reqwest::StatusCode;
use serde_json::{Value, json};

use crate::token::ApiToken;

/// The most characters of a text that an error shows: two lines of a terminal.
const EXCERPT: usize = 200;

/// Returns the body of a refusal as the JSON of an [`ApiError`], with the server's words in it and the token blotted out.
pub(crate) fn normalized(status: StatusCode, body: &[u8], token: &ApiToken) -> Vec<u8> {
    json!(read(status, body, token)).to_string().into_bytes()
}

fn read(status: StatusCode, body: &[u8], token: &ApiToken) -> ApiError {
    if let Ok(fields @ Value::Object(_)) = serde_json::from_slice(body) {
        let error = salvaged(&fields, token);
        if error != ApiError::default() {
            return error;
        }
    }
    let text = String::from_utf8_lossy(body);
    let text = token.redact(&text);
    let words = if text.trim_start().starts_with('<') { title(&text) } else { excerpt(&text) };
    let message = status.canonical_reason().map(str::to_owned);
    let detail = words.filter(|words| Some(words) != message.as_ref());
    ApiError { detail, message, ..ApiError::default() }
}

/// Takes what can be read of an object, whose fields may be missing or have the wrong types.
fn salvaged(body: &Value, token: &ApiToken) -> ApiError {
    let text = |value: &Value| match value {
        Value::Null => None,
        Value::String(text) => Some(token.redact(text).into_owned()),
        other => excerpt(&token.redact(&other.to_string())),
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
    let lower = page.to_ascii_lowercase();
    let start = lower.find("<title>")? + "<title>".len();
    let end = start + lower[start..].find("</title>")?;
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

    fn read_text(body: &str) -> ApiError {
        read(StatusCode::BAD_GATEWAY, body.as_bytes(), &"canary".parse().unwrap())
    }

    #[test]
    fn a_page_is_its_title() {
        for page in [
            "<html><head><title>502 Bad\n Gateway!</title></head><body><h1>nginx</h1></body></html>",
            "\r\n<HTML><TITLE>502 Bad Gateway!</TITLE>",
        ] {
            assert_eq!(read_text(page).detail.as_deref(), Some("502 Bad Gateway!"));
        }
        assert_eq!(read_text("<html><body>nginx</body></html>").detail, None);
    }

    #[test]
    fn the_token_is_blotted_out_of_words_and_never_out_of_names() {
        let error = read(StatusCode::UNAUTHORIZED, br#"{"detail":"no message"}"#, &"detail".parse().unwrap());
        assert_eq!(error.detail.as_deref(), Some("no message"));
        assert_eq!(read_text("unknown token canary").detail.as_deref(), Some("unknown token [token]"));
        assert_eq!(read_text(r#"{"code":"canary"}"#).code.as_deref(), Some("[token]"));
    }

    #[test]
    fn a_text_is_one_line_and_cut() {
        let error = read_text(&format!("first\r\nsecond \u{1b}[31m{}", "x".repeat(500)));
        let detail = error.detail.unwrap();
        assert!(detail.starts_with("first second [31mxxx"), "{detail}");
        assert_eq!(detail.chars().count(), EXCERPT + 3);
    }

    #[test]
    fn an_empty_body_leaves_the_reason_of_the_status() {
        let error = read_text("");
        assert_eq!((error.detail, error.message.as_deref()), (None, Some("Bad Gateway")));
    }

    #[test]
    fn fields_of_the_wrong_type_are_read_as_text() {
        let error = read_text(r#"{"detail":{"a":1},"code":400,"suberrors":null,"message":"Bad Request"}"#);
        assert_eq!(error.detail.as_deref(), Some(r#"{"a":1}"#));
        assert_eq!(error.code.as_deref(), Some("400"));
        assert_eq!(error.message.as_deref(), Some("Bad Request"));
    }

    #[test]
    fn json_of_another_shape_is_an_excerpt() {
        let error = read_text(r#"{"error":"down"}"#);
        assert_eq!(error.detail.as_deref(), Some(r#"{"error":"down"}"#));
    }
}
