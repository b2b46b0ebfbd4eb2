//! Error bodies of any kind, read as an `ApiError`.

use mms_types::{ApiError, ApiSuberror, is_invisible};
use reqwest::StatusCode;
use serde_json::{Value, json};

use crate::config::token::ApiToken;
use crate::http::decode::BYTE_ORDER_MARK;

/// Most characters of a text that an error shows: two lines of a terminal.
const MAX_EXCERPT_LENGTH: usize = 200;

/// Fields in which other servers put their message, best first.
const MESSAGE_FIELDS: [&str; 3] = ["message", "error", "detail"];

/// Returns the body of a refusal as the JSON of an [`ApiError`], with the server's words in it and the token blotted out.
pub(crate) fn normalized(status: StatusCode, body: &[u8], token: &ApiToken) -> Vec<u8> {
    json!(read(status, body, token)).to_string().into_bytes()
}

/// Reads the body of a refusal, with the token blotted out of the server's words.
pub(crate) fn read(status: StatusCode, body: &[u8], token: &ApiToken) -> ApiError {
    // Of text in another encoding the letters of ASCII survive, and with them the field names.
    let body = String::from_utf8_lossy(body.strip_prefix(BYTE_ORDER_MARK).unwrap_or(body));
    let (words, code) = match serde_json::from_str(&body) {
        Ok(json) => {
            let error = salvaged(&json, token);
            if error.detail.is_some() || error.message.is_some() || !error.suberrors.is_empty() {
                return error;
            }
            let whole = Some(&json).filter(|_| error.code.is_none());
            (words(&json).or(whole).and_then(|words| text(words, token)), error.code)
        }
        Err(_) if body.trim_start().starts_with('<') => (title(&token.redact(&body)), None),
        Err(_) => (excerpt(&token.redact(&body)), None),
    };
    let message = status.canonical_reason().map(str::to_owned);
    let detail = words.filter(|words| Some(words) != message.as_ref());
    ApiError { detail, message, code, suberrors: Vec::new() }
}

/// Takes what can be read of Make's fields, which may be missing or have the wrong types.
fn salvaged(body: &Value, token: &ApiToken) -> ApiError {
    let suberrors = match &body["suberrors"] {
        Value::Array(suberrors) => suberrors.iter().filter_map(|single| suberror(single, token)).collect(),
        single => suberror(single, token).into_iter().collect(),
    };
    ApiError {
        detail: text(&body["detail"], token),
        message: text(&body["message"], token),
        code: text(&body["code"], token),
        suberrors,
    }
}

/// Reads one of several mistakes: an object with a message and a name, or anything else that says something.
fn suberror(single: &Value, token: &ApiToken) -> Option<ApiSuberror> {
    let error = ApiSuberror { message: text(&single["message"], token), name: text(&single["name"], token) };
    if error != ApiSuberror::default() {
        return Some(error);
    }
    let message = text(words(single).unwrap_or(single), token)?;
    Some(ApiSuberror { message: Some(message), name: None })
}

/// Finds a text under one of the names that servers use: in an object, or one level down in an object or an array.
fn words(body: &Value) -> Option<&Value> {
    fn own(value: &Value) -> Option<&Value> {
        MESSAGE_FIELDS.iter().map(|name| &value[*name]).find(|words| words.is_string() && !is_blank(words))
    }
    own(body).or_else(|| match body {
        Value::Object(fields) => fields.values().find_map(own),
        Value::Array(items) => items.iter().find_map(own),
        _ => None,
    })
}

/// Returns a value as text with the token blotted out: a string whole, the JSON of anything else cut.
fn text(value: &Value, token: &ApiToken) -> Option<String> {
    match value {
        blank if is_blank(blank) => None,
        Value::String(text) => Some(token.redact(text)),
        other => excerpt(&token.redact(&other.to_string())),
    }
}

/// Says whether a value says nothing: null, a text that shows nothing, and what holds nothing else.
fn is_blank(value: &Value) -> bool {
    match value {
        Value::Null => true,
        Value::Bool(_) | Value::Number(_) => false,
        Value::String(text) => text.chars().all(is_gap),
        Value::Array(items) => items.iter().all(is_blank),
        Value::Object(fields) => fields.values().all(is_blank),
    }
}

fn is_gap(character: char) -> bool {
    character.is_whitespace() || is_invisible(character)
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
    let line = text.split(is_gap).filter(|word| !word.is_empty()).collect::<Vec<_>>().join(" ");
    let cut = line.char_indices().nth(MAX_EXCERPT_LENGTH).map(|(end, _)| format!("{}...", &line[..end]));
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
        assert_eq!(detail.chars().count(), MAX_EXCERPT_LENGTH + 3);
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
    fn a_single_mistake_of_the_wrong_type_keeps_its_words() {
        let suberrors = |suberrors: &str| {
            let error = read_text(&format!(r#"{{"message":"Bad Request","suberrors":{suberrors}}}"#));
            error.suberrors.into_iter().map(|error| (error.message, error.name)).collect::<Vec<_>>()
        };
        let words = |words: &str| (Some(words.to_owned()), None);
        for (body, expected) in [
            (r#"["no name",{"message":"no country"}]"#, vec![words("no name"), words("no country")]),
            (r#""no name""#, vec![words("no name")]),
            (r#"{"message":"no name","name":"Error"}"#, vec![(Some("no name".to_owned()), Some("Error".to_owned()))]),
            (r#"[{"name":"Error"}]"#, vec![(None, Some("Error".to_owned()))]),
            (
                r#"[{"error":"no name"},{"path":"name"},7]"#,
                vec![words("no name"), words(r#"{"path":"name"}"#), words("7")],
            ),
            (r#"[{},null,"",{"message":""},[],{"message":null}]"#, vec![]),
            ("null", vec![]),
            (r#""""#, vec![]),
        ] {
            assert_eq!(suberrors(body), expected, "{body}");
        }
    }

    #[test]
    fn words_that_show_nothing_are_absent() {
        let error = read_text(r#"{"message":"","detail":" \n","code":"\u200b","suberrors":[{"message":"\u2028"}]}"#);
        assert_eq!(error, ApiError { message: Some("Bad Gateway".to_owned()), ..ApiError::default() });
    }

    #[test]
    fn json_of_another_shape_gives_its_words() {
        for (body, words) in [
            (r#"{"error":"down"}"#, "down"),
            (r#"{"error":{"message":"down"}}"#, "down"),
            (r#"{"errors":{"detail":"down","code":7}}"#, "down"),
            (r#"[{"message":"down"}]"#, "down"),
            (r#"{"error":"","data":{"detail":"down"}}"#, "down"),
            (r#""down""#, "down"),
        ] {
            assert_eq!(read_text(body).detail.as_deref(), Some(words), "{body}");
        }
        let error = read_text(r#"{"code":7,"error":"down"}"#);
        assert_eq!((error.code.as_deref(), error.detail.as_deref()), (Some("7"), Some("down")));
        assert_eq!(read_text(r#"{"code":7}"#).detail, None);
        assert_eq!(read_text(r#"{"error":"Bad Gateway"}"#).detail, None, "it only repeats the status");
    }

    #[test]
    fn json_of_another_shape_without_words_is_an_excerpt() {
        assert_eq!(read_text(r#"{"reason": ["down"]}"#).detail.as_deref(), Some(r#"{"reason":["down"]}"#));
        let long = read_text(&json!({ "reason": "x".repeat(500) }).to_string()).detail.unwrap();
        assert_eq!(long.chars().count(), MAX_EXCERPT_LENGTH + 3);
    }

    #[test]
    fn json_without_anything_in_it_shows_nothing() {
        for body in ["{}", "[]", "null", r#""""#, r#"{"error":{}}"#, "[[], null]"] {
            assert_eq!(read_text(body), read_text(""), "{body}");
        }
    }

    #[test]
    fn a_byte_order_mark_and_letters_of_another_encoding_leave_the_fields_readable() {
        let read = |body: &[u8]| read(StatusCode::BAD_REQUEST, body, &"canary".parse().unwrap());
        let marked = read(b"\xef\xbb\xbf{\"detail\":\"no name\",\"code\":\"SC400\"}");
        assert_eq!((marked.detail.as_deref(), marked.code.as_deref()), (Some("no name"), Some("SC400")));
        let latin = read(b"{\"detail\":\"Panader\xeda\",\"code\":\"SC400\"}");
        assert_eq!((latin.detail.as_deref(), latin.code.as_deref()), (Some("Panader\u{fffd}a"), Some("SC400")));
        assert_eq!(read(b"\xef\xbb\xbf<title>down</title>").detail.as_deref(), Some("down"));
    }

    #[test]
    fn an_excerpt_shows_no_character_that_cannot_be_seen() {
        let error = read_text("one\u{202e}two\u{2028}three\u{200b}four\u{feff}five");
        assert_eq!(error.detail.as_deref(), Some("one two three four five"));
    }

    #[test]
    fn the_token_is_blotted_out_of_json_of_another_shape() {
        for body in [
            r#"{"request":{"canary":1}}"#,
            r#"{"request":["CANARY"]}"#,
            r#"{"request":{"headers":{"authorization":"Token c\u0061nary"}}}"#,
            r#"{"request":"?token=%63anary"}"#,
            r#"{"detail":{"token":"c\u0061nary"}}"#,
            r#"{"request":"c\u0061nary"#,
        ] {
            let detail = read_text(body).detail.unwrap();
            assert!(detail.contains("[token]") && !detail.to_lowercase().contains("nary"), "{detail}");
        }
    }
}
