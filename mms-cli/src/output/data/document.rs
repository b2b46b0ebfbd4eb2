//! Document of a server: JSON of any shape, laid out anew token by token, so that order, numbers and repeated keys stay.

use mms_client::RawAnswer;
use serde::de::IgnoredAny;
use serde_json::value::RawValue;

use super::json::without_invisible;
use crate::output::failure::Failure;
use crate::output::format::Format;
use crate::output::safe::printable;

/// Parts of the names of headers whose values are not shown.
const SECRET_HEADERS: [&str; 4] = ["cookie", "auth", "token", "secret"];

/// What some servers put before a text in UTF-8.
const BYTE_ORDER_MARK: &[u8] = b"\xef\xbb\xbf";

/// Refuses forms that a document of any shape does not have.
pub(in crate::output) fn check(
    format: Format,
    has_columns: bool,
    has_filter: bool,
    with_head: bool,
) -> Result<(), Failure> {
    let choose = "write --jq FILTER to choose of it, or -o json to see it";
    match format {
        Format::Csv | Format::Tsv => {
            Err(Failure::usage("--output: an answer of any shape has no columns for csv or tsv").hint(choose))
        }
        Format::Markdown => {
            Err(Failure::usage("--output: an answer of any shape is no table for markdown").hint(choose))
        }
        _ if has_columns => Err(Failure::usage("--columns: an answer of any shape has no columns").hint(choose)),
        Format::Json | Format::Ndjson if with_head => {
            let flag = if has_filter { "--jq" } else { "--output" };
            Err(Failure::usage(format!("--include and {flag} exclude each other: a status and headers are no JSON")))
        }
        _ => Ok(()),
    }
}

/// Renders status and headers of an answer as HTTP does, without the values that are secrets.
pub(in crate::output) fn head(answer: &RawAnswer) -> String {
    let status = answer.status();
    let mut text = format!("HTTP {} {}\n", status.as_str(), status.canonical_reason().unwrap_or_default());
    for (name, value) in answer.headers() {
        let is_secret = SECRET_HEADERS.iter().any(|part| name.as_str().contains(part));
        let value = if is_secret { "[hidden]".into() } else { String::from_utf8_lossy(value.as_bytes()) };
        text.extend([name.as_str(), ": ", &printable(&value), "\n"]);
    }
    text + "\n"
}

/// Returns a body as text, if it is JSON.
pub(in crate::output) fn json_of(body: &[u8]) -> Option<&str> {
    let text = str::from_utf8(body.strip_prefix(BYTE_ORDER_MARK).unwrap_or(body)).ok()?;
    serde_json::from_str::<IgnoredAny>(text).is_ok().then_some(text)
}

/// Lays JSON out over lines.
pub(in crate::output) fn indented(json: &str) -> String {
    without_invisible(&laid_out(json, true)).into_owned() + "\n"
}

/// Lays JSON out a line an element, where it is a list, and else on one line.
pub(in crate::output) fn lines(json: &str) -> String {
    let rows = serde_json::from_str::<Vec<&RawValue>>(json);
    let rows = rows.or_else(|_| serde_json::from_str(json).map(|row| vec![row])).unwrap_or_default();
    rows.iter().map(|row| without_invisible(&laid_out(row.get(), false)).into_owned() + "\n").collect()
}

/// Makes a text that is no JSON safe for a terminal. Its lines stay.
pub(in crate::output) fn text(body: &[u8]) -> String {
    String::from_utf8_lossy(body).lines().map(|line| printable(line).into_owned() + "\n").collect()
}

/// Lays JSON out: over lines as serde does, or without any space.
fn laid_out(json: &str, is_indented: bool) -> String {
    let mut out = String::with_capacity(json.len());
    let (mut depth, mut rest) = (0_usize, json.trim_start());
    let end_line = |out: &mut String, depth: usize| {
        if is_indented {
            out.push('\n');
            out.extend(std::iter::repeat_n("  ", depth));
        }
    };
    while let Some(sign) = rest.chars().next() {
        let (token, after) = rest.split_at(if sign == '"' { text_length(rest) } else { sign.len_utf8() });
        rest = after.trim_start();
        match sign {
            '{' | '[' if rest.starts_with(['}', ']']) => {
                out.push_str(token);
                out.push_str(&rest[..1]);
                rest = rest[1..].trim_start();
            }
            '{' | '[' => {
                out.push_str(token);
                depth += 1;
                end_line(&mut out, depth);
            }
            '}' | ']' => {
                depth = depth.saturating_sub(1);
                end_line(&mut out, depth);
                out.push_str(token);
            }
            ',' => {
                out.push_str(token);
                end_line(&mut out, depth);
            }
            ':' if is_indented => out.push_str(": "),
            _ => out.push_str(token),
        }
    }
    out
}

/// Returns the length of the text in quotes with which this begins.
fn text_length(json: &str) -> usize {
    let mut is_escaped = false;
    let end = json.bytes().enumerate().skip(1).find(|(_, byte)| {
        let is_end = *byte == b'"' && !is_escaped;
        is_escaped = *byte == b'\\' && !is_escaped;
        is_end
    });
    end.map_or(json.len(), |(at, _)| at + 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn json_is_laid_out_as_serde_does_and_keeps_order_numbers_and_repeated_keys() {
        let json = r#" {"z" : 1.50,"a":[ 1 ,{} , [ ],"b, {\"c\": \\"],
            "a":12345678901234567890123, "é":null} "#;
        let expected = "{\n  \"z\": 1.50,\n  \"a\": [\n    1,\n    {},\n    [],\n    \"b, {\\\"c\\\": \\\\\"\n  ],\n  \
                        \"a\": 12345678901234567890123,\n  \"é\": null\n}\n";
        assert_eq!(indented(json), expected);
        for json in [r#"{"a":[1,{"b":"\\"}],"c":{}}"#, "[]", "7", r#""text""#] {
            let value: serde_json::Value = serde_json::from_str(json).unwrap();
            assert_eq!(indented(json), serde_json::to_string_pretty(&value).unwrap() + "\n");
        }
    }

    #[test]
    fn a_list_is_a_line_an_element() {
        assert_eq!(lines(r#"[ {"b": 1, "a": "x y"}, 2 ]"#), "{\"b\":1,\"a\":\"x y\"}\n2\n");
        assert_eq!(lines("{\"a\":\n[1, 2]}"), "{\"a\":[1,2]}\n");
        assert_eq!(lines("[]"), "");
    }

    #[test]
    fn what_steers_a_terminal_is_spelled_out() {
        assert_eq!(indented("{\"a\":\"\u{202e}x\u{9b}\"}"), "{\n  \"a\": \"\\u202ex\\u009b\"\n}\n");
        assert_eq!(text(b"a\x1b[31m\r\nb\xff"), "a\\u{1b}[31m\nb\u{fffd}\n");
    }

    #[test]
    fn a_body_is_json_after_a_byte_order_mark_too() {
        assert_eq!(json_of(b"\xef\xbb\xbf[1]"), Some("[1]"));
        for body in [&b""[..], b"<html>", b"{", b"\"\xff\""] {
            assert_eq!(json_of(body), None);
        }
    }
}
