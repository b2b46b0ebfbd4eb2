//! API token: a secret that no output shows.

use std::collections::BTreeSet;
use std::fmt;
use std::str::FromStr;

use bytes::Bytes;
use reqwest::header::HeaderValue;

/// Shortest text that counts as a secret; a shorter one may be a word by chance. Make's tokens have 36 characters.
const MIN_SECRET_LENGTH: usize = 6;

/// Length of a long text that is searched for the token, in bytes: what is shown of one is far less.
const EXCERPT_LIMIT: usize = 4 * 1024;

/// Longest escape of a character, in bytes: `\u002d`.
const MAX_ESCAPE_LENGTH: usize = 6;

/// Schemes of the `Authorization` header, before an API token and before an access token of OAuth 2.
const SCHEMES: [&str; 2] = ["Token ", "Bearer "];

/// Lengths of the groups of a UUID.
const UUID: [usize; 5] = [8, 4, 4, 4, 12];

/// An API token of Make, or an access token of its OAuth 2. It shows in no `Debug`, error, log or trace.
///
/// An API token has the form of a UUID and travels as `Token`; any other text travels as `Bearer`, as Make's own SDK has it.
///
/// Where a server repeats it, it is blotted out of the words: in any case of its letters, and percent-encoded or with the
/// escapes of JSON. A text of fewer than six characters, which no token of Make is, would be a word by chance and stays.
///
/// ```
/// use mms_client::ApiToken;
///
/// let token: ApiToken = "00000000-0000-4000-8000-000000000011".parse()?;
/// assert_eq!(format!("{token:?}"), "ApiToken(..)");
/// assert!("with a\nline break".parse::<ApiToken>().is_err());
/// # Ok::<(), mms_client::ApiTokenError>(())
/// ```
#[derive(Clone)]
pub struct ApiToken(HeaderValue);

impl ApiToken {
    /// Returns the value of the `Authorization` header, marked sensitive.
    pub(crate) fn header(&self) -> HeaderValue {
        self.0.clone()
    }
}

impl ApiToken {
    fn text(&self) -> &str {
        let header = self.0.to_str().unwrap_or_default();
        SCHEMES.into_iter().find_map(|scheme| header.strip_prefix(scheme)).unwrap_or_default()
    }

    /// Returns the beginning of a text of any length, with the token blotted out.
    pub(crate) fn redact_beginning(&self, text: &str) -> String {
        let beginning = |text: &str, most: usize| (0..=most).rev().find_map(|end| text.get(..end)).map(str::len);
        let Some(end) = beginning(text, EXCERPT_LIMIT).filter(|_| text.len() > EXCERPT_LIMIT) else {
            return self.redact(text);
        };
        let mut redacted = self.redact(&text[..end]);
        // The cut may have gone through the token, which is then not known for one.
        let kept = redacted.len().saturating_sub(MAX_ESCAPE_LENGTH * self.text().len());
        redacted.truncate(beginning(&redacted, kept).unwrap_or_default());
        redacted
    }

    /// Returns a body with the token blotted out; what is no text stays as it is.
    pub(crate) fn redact_bytes(&self, body: Bytes) -> Bytes {
        let mut redacted = Vec::with_capacity(body.len());
        for chunk in body.utf8_chunks() {
            redacted.extend_from_slice(self.redact(chunk.valid()).as_bytes());
            redacted.extend_from_slice(chunk.invalid());
        }
        if redacted == body { body } else { redacted.into() }
    }

    /// Returns a text with the token blotted out, for the words of a server that repeats what it was sent.
    pub(crate) fn redact(&self, text: &str) -> String {
        let token = self.text();
        if token.len() < MIN_SECRET_LENGTH {
            return text.to_owned();
        }
        let mut redacted = String::with_capacity(text.len());
        let mut rest = text;
        while let Some(next) = rest.chars().next() {
            if let Some(after) = after(token.as_bytes(), rest) {
                redacted.push_str("[token]");
                rest = after;
            } else {
                redacted.push(next);
                rest = &rest[next.len_utf8()..];
            }
        }
        redacted
    }
}

/// Returns what stands after a token at the beginning of a text, each of its characters as itself or escaped.
fn after<'a>(token: &[u8], text: &'a str) -> Option<&'a str> {
    let mut ends = BTreeSet::from([0]);
    for wanted in token {
        let further = |end: usize| {
            let readings = text.get(end..).map(readings).into_iter().flatten().flatten();
            readings.filter(|(read, _)| read.eq_ignore_ascii_case(wanted)).map(move |(_, length)| end + length)
        };
        ends = ends.into_iter().flat_map(further).collect();
        if ends.is_empty() {
            return None;
        }
    }
    ends.first().and_then(|end| text.get(*end..))
}

/// Returns what the beginning of a text may stand for, each with its length: `%2D`, `\u002d` and `-` are all one character.
fn readings(text: &str) -> [Option<(u8, usize)>; 2] {
    let code = |digits: &str| u8::from_str_radix(digits, 16).ok();
    let escaped = match text.as_bytes() {
        [b'%', ..] => text.get(1..3).and_then(code).map(|character| (character, 3)),
        [b'\\', b'u', ..] => {
            text.get(4..6).filter(|_| text[2..].starts_with("00")).and_then(code).map(|read| (read, 6))
        }
        [b'\\', character, ..] => Some((*character, 2)),
        _ => None,
    };
    [text.bytes().next().map(|character| (character, 1)), escaped]
}

impl fmt::Debug for ApiToken {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("ApiToken(..)")
    }
}

/// Takes the bare token, without the word `Token` or `Bearer` before it. What stands for a token and is none is refused: quotes around
/// it, `${VARIABLE}`, `<token>`.
impl FromStr for ApiToken {
    type Err = ApiTokenError;

    fn from_str(text: &str) -> Result<Self, ApiTokenError> {
        if text.is_empty() {
            return Err(ApiTokenError(Defect::Empty));
        }
        if let Some(position) = text.bytes().position(|byte| !byte.is_ascii_graphic()) {
            return Err(ApiTokenError(Defect::Character(position + 1)));
        }
        if is_placeholder(text) {
            return Err(ApiTokenError(Defect::Placeholder));
        }
        let [token, bearer] = SCHEMES;
        let scheme = if is_uuid(text) { token } else { bearer };
        let mut header =
            HeaderValue::try_from(format!("{scheme}{text}")).map_err(|_| ApiTokenError(Defect::Character(1)))?;
        header.set_sensitive(true);
        Ok(Self(header))
    }
}

/// Says whether a text has the form of a UUID.
fn is_uuid(text: &str) -> bool {
    let groups: Vec<&str> = text.split('-').collect();
    let has_form = |(group, length): (&&str, usize)| {
        group.len() == length && group.bytes().all(|byte| byte.is_ascii_alphanumeric())
    };
    groups.len() == UUID.len() && groups.iter().zip(UUID).all(has_form)
}

/// Says whether a text stands for a token: in quotes, as a variable that nobody replaced, or between angle brackets.
fn is_placeholder(text: &str) -> bool {
    let is_between =
        |(before, after): &(&str, &str)| text.len() > 1 && text.starts_with(before) && text.ends_with(after);
    [("\"", "\""), ("'", "'"), ("`", "`"), ("<", ">"), ("${", "}"), ("$(", ")"), ("{{", "}}"), ("%", "%")]
        .iter()
        .any(is_between)
        || text.strip_prefix('$').is_some_and(|name| name.bytes().all(|byte| byte.is_ascii_uppercase() || byte == b'_'))
}

/// Says why a text is no token, without showing any of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ApiTokenError(Defect);

#[derive(Debug, Clone, PartialEq, Eq)]
enum Defect {
    Empty,
    Character(usize),
    Placeholder,
}

impl fmt::Display for ApiTokenError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {
            Defect::Empty => formatter.write_str("the API token is empty"),
            Defect::Placeholder => formatter.write_str(
                "the API token stands in quotes or brackets, or is a variable that was not replaced: give the token alone",
            ),
            Defect::Character(position) => write!(
                formatter,
                "the API token has a space, a line break or another character that no token has, at position {position}"
            ),
        }
    }
}

impl std::error::Error for ApiTokenError {}

#[cfg(test)]
mod tests {
    use super::*;

    const TOKEN: &str = "00000000-0000-4000-8000-00000000abcd";

    fn redacted(text: &str) -> String {
        TOKEN.parse::<ApiToken>().unwrap().redact(text)
    }

    #[test]
    fn an_api_token_travels_as_token_and_any_other_as_bearer() {
        let header = |text: &str| text.parse::<ApiToken>().unwrap().header().to_str().unwrap().to_owned();
        assert_eq!(header(TOKEN), format!("Token {TOKEN}"));
        for other in ["eyJhbGciOi.J9", "0000", &TOKEN[1..]] {
            assert_eq!(header(other), format!("Bearer {other}"));
        }
        assert_eq!("eyJhbGciOi.J9".parse::<ApiToken>().unwrap().redact("Bearer eyJhbGciOi.J9"), "Bearer [token]");
    }

    #[test]
    fn what_stands_for_a_token_is_refused() {
        for text in [
            format!("\"{TOKEN}\""),
            format!("'{TOKEN}'"),
            "${MAKE_API_KEY}".to_owned(),
            "$MAKE_API_KEY".to_owned(),
            "<token>".to_owned(),
            "{{token}}".to_owned(),
            "%MAKE_API_KEY%".to_owned(),
        ] {
            assert_eq!(text.parse::<ApiToken>().unwrap_err(), ApiTokenError(Defect::Placeholder), "{text}");
        }
    }

    #[test]
    fn the_header_is_marked_sensitive() {
        assert!(TOKEN.parse::<ApiToken>().unwrap().header().is_sensitive());
    }

    #[test]
    fn of_a_long_text_the_beginning_is_left_and_no_part_of_a_token_that_was_cut() {
        let token: ApiToken = TOKEN.parse().unwrap();
        for written in [TOKEN.to_owned(), TOKEN.replace('-', r"\u002d")] {
            for before in EXCERPT_LIMIT - 2 * written.len()..EXCERPT_LIMIT + 10 {
                let redacted = token.redact_beginning(&format!("{}{written}é", "x".repeat(before)));
                assert!(!redacted.contains("0000") && redacted.len() > EXCERPT_LIMIT / 2, "{before}");
            }
        }
        assert_eq!(token.redact_beginning(&format!("short {TOKEN}")), "short [token]");
    }

    #[test]
    fn a_token_is_blotted_out_however_it_is_written() {
        for written in [
            TOKEN.to_owned(),
            TOKEN.to_uppercase(),
            TOKEN.replace('-', "%2D"),
            TOKEN.replace('-', "%2d").to_uppercase(),
            TOKEN.replace('-', r"\u002d"),
            TOKEN.replace('a', r"\u0041"),
            TOKEN.replace('0', "%30").replace('8', "%38").replace('d', "%64"),
        ] {
            assert_eq!(redacted(&format!("é{written}{written} {written}")), "é[token][token] [token]", "{written}");
        }
    }

    #[test]
    fn a_body_is_left_as_it_is_but_for_the_token() {
        let token: ApiToken = TOKEN.parse().unwrap();
        let body = [b"\xff{\"a\": 1.50 ", TOKEN.as_bytes(), b"\xed}\n"].concat();
        assert_eq!(token.redact_bytes(body.into())[..], b"\xff{\"a\": 1.50 [token]\xed}\n"[..]);
        assert_eq!(token.redact_bytes(Bytes::from_static(b"\xed\0")), Bytes::from_static(b"\xed\0"));
    }

    #[test]
    fn a_token_with_signs_is_blotted_out_plain_and_escaped() {
        let token: ApiToken = r#"a%2D"b\c"#.parse().unwrap();
        for written in [r#"a%2D"b\c"#, r"a%252D%22b%5Cc", r#"a%2D\"b\\c"#] {
            assert_eq!(token.redact(written), "[token]", "{written}");
        }
    }

    #[test]
    fn what_is_not_the_token_stays() {
        for text in ["", "no token", "100 %", "%", "%é", "\\", "\\u", "\\u00é", &TOKEN[1..]] {
            assert_eq!(redacted(text), text);
        }
    }

    #[test]
    fn a_text_too_short_for_a_token_is_no_secret() {
        let short: ApiToken = "token".parse().unwrap();
        assert_eq!(short.redact("no token"), "no token");
        let six: ApiToken = "tokens".parse().unwrap();
        assert_eq!(six.redact("no tokens"), "no [token]");
    }
}
