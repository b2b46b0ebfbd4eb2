//! Parsers of argument values: each refusal names the text and what is expected.

use std::net::SocketAddr;

use mms_fleet::{Limit, WantedCredits, WantedCreditsError};
use mms_types::Operations;

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
    match text.parse().map_err(|error: WantedCreditsError| error.to_string())? {
        WantedCredits::Total(total) => Ok(total),
        WantedCredits::More(_) | WantedCredits::Less(_) => {
            Err(format!("{text:?} is not a number of credits: write one without a sign, such as 20000"))
        }
    }
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
