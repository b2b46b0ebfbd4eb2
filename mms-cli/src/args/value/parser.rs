//! Parsers of argument values: each refusal names the text and what is expected.

use std::net::SocketAddr;

use mms_fleet::Limit;
use mms_types::{Operations, OperationsError};

/// The longest time that a flag takes, in seconds: a day.
const LONGEST: u32 = 86_400;

/// Parses a switch with its value, `SWITCH=VALUE`.
pub(crate) fn switch(text: &str) -> Result<(String, String), String> {
    let cut = text.split_once('=').filter(|(name, value)| !name.is_empty() && !value.is_empty());
    cut.map(|(name, value)| (name.to_owned(), value.to_owned()))
        .ok_or_else(|| format!("{text:?} is not a switch, an equals sign and a value"))
}

/// Parses a field with its value, `KEY=VALUE`; the value may be empty.
pub(crate) fn field(text: &str) -> Result<(String, String), String> {
    let cut = text.split_once('=').filter(|(key, _)| !key.is_empty());
    cut.map(|(key, value)| (key.to_owned(), value.to_owned()))
        .ok_or_else(|| format!("{text:?} is not a key, an equals sign and a value"))
}

/// Parses a time limit in seconds, from 1 to a day.
pub(crate) fn seconds_from_1(text: &str) -> Result<u32, String> {
    seconds(text, 1)
}

/// Parses whole seconds, up to a day.
pub(crate) fn seconds(text: &str, least: u32) -> Result<u32, String> {
    let read = text.parse().ok().filter(|seconds| (least..=LONGEST).contains(seconds));
    read.ok_or_else(|| format!("{text:?} is not a time: expected whole seconds from {least} to {LONGEST}"))
}

/// Parses a number of children, or a share of them such as `10%`.
pub(crate) fn limit(text: &str) -> Result<Limit, String> {
    let limit = match text.strip_suffix('%') {
        Some(share) => share.parse().ok().filter(|percent| *percent <= 100).map(Limit::Percent),
        None => text.parse().ok().map(Limit::Count),
    };
    limit.ok_or_else(|| format!("{text:?} is no number of children: expected one such as 5, or a share such as 10%"))
}

/// Parses a whole number of credits.
pub(crate) fn whole(text: &str) -> Result<u64, String> {
    text.parse().map_err(|_| format!("{text:?} is not a number of credits: expected a whole number, such as 50000"))
}

/// Parses an allocation. What the flags call credits the API calls operations.
pub(crate) fn credits(text: &str) -> Result<Operations, String> {
    operations(text, text)
}

/// Parses a number of credits that stands in `whole`, and says what to write in place of one that is written for people.
pub(crate) fn operations(text: &str, whole: &str) -> Result<Operations, String> {
    if !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit()) {
        return text.parse().map_err(|error: OperationsError| error.to_string());
    }
    let message = format!("{whole:?} is not a number of credits");
    Err(match plain(text) {
        Some(plain) => format!("{message}: write {plain}, without a separator or a unit"),
        None => format!("{message}: expected a multiple of {}, such as 20000", Operations::STEP),
    })
}

/// Parses an address with its port.
pub(crate) fn address(text: &str) -> Result<SocketAddr, String> {
    text.parse().map_err(|_| format!("{text:?} is not an address with a port"))
}

/// Parses a share in whole percent, with or without its sign.
pub(crate) fn percent(text: &str) -> Result<u64, String> {
    text.strip_suffix('%')
        .unwrap_or(text)
        .parse()
        .map_err(|_| format!("{text:?} is not a share: expected whole percent, such as 80%"))
}

/// Parses a number of credits that need be no multiple of anything.
pub(crate) fn any_credits(text: &str) -> Result<i64, String> {
    text.parse().map_err(|_| format!("{text:?} is not a number of credits: expected a whole number, such as 5000"))
}

/// Returns the number that a person means by `20,000`, `20_000`, `20 000`, `20k` or `1.5m`.
fn plain(text: &str) -> Option<String> {
    let lower = text.trim().to_ascii_lowercase();
    let lower = lower.strip_suffix("credits").unwrap_or(&lower).trim();
    let (digits, zeros) = match lower.strip_suffix(['k', 'm']) {
        Some(digits) => (digits, if lower.ends_with('k') { 3 } else { 6 }),
        None => (lower, 0),
    };
    if zeros > 0
        && let Some((whole, rest)) = digits.split_once('.')
    {
        let is_number = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
        return (is_number(whole) && is_number(rest) && rest.len() <= zeros)
            .then(|| format!("{whole}{rest}{}", "0".repeat(zeros - rest.len())).trim_start_matches('0').to_owned());
    }
    let bare: String = digits.chars().filter(|sign| !matches!(sign, ',' | '_' | ' ' | '\'' | '\u{a0}' | '.')).collect();
    let is_number = !bare.is_empty() && bare.len() < 16 && bare.bytes().all(|byte| byte.is_ascii_digit());
    is_number.then(|| bare + &"0".repeat(zeros))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_limit_is_a_number_of_children_or_a_share_of_them() {
        assert_eq!(limit("0").unwrap(), Limit::Count(0));
        assert_eq!(limit("100%").unwrap(), Limit::Percent(100));
        for text in ["", "%", "101%", "-1", "5 %", "all"] {
            assert!(limit(text).unwrap_err().contains("or a share such as 10%"), "{text}");
        }
    }
}
