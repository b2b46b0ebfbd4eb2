//! Parsers of argument values: each refusal names the text and what is expected.

use std::net::SocketAddr;

use mms_types::{Operations, OperationsError};

/// The longest time that a flag takes, in seconds: a day.
const LONGEST: u32 = 86_400;

/// Parses a switch with its value, `SWITCH=VALUE`.
pub(super) fn switch(text: &str) -> Result<(String, String), String> {
    let cut = text.split_once('=').filter(|(name, value)| !name.is_empty() && !value.is_empty());
    cut.map(|(name, value)| (name.to_owned(), value.to_owned()))
        .ok_or_else(|| format!("{text:?} is not a switch, an equals sign and a value"))
}

/// Parses a time limit in seconds, from 1 to a day.
pub(super) fn seconds_from_1(text: &str) -> Result<u32, String> {
    seconds(text, 1)
}

/// Parses whole seconds, up to a day.
pub(super) fn seconds(text: &str, least: u32) -> Result<u32, String> {
    let read = text.parse().ok().filter(|seconds| (least..=LONGEST).contains(seconds));
    read.ok_or_else(|| format!("{text:?} is not a time: expected whole seconds from {least} to {LONGEST}"))
}

/// Parses an allocation. What the flags call credits the API calls operations.
pub(super) fn credits(text: &str) -> Result<Operations, String> {
    let is_number = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    if !is_number {
        let step = Operations::STEP;
        return Err(format!("{text:?} is not a number of credits: expected a multiple of {step}, such as 20000"));
    }
    text.parse().map_err(|error: OperationsError| error.to_string())
}

/// Parses an address with its port.
pub(super) fn address(text: &str) -> Result<SocketAddr, String> {
    text.parse().map_err(|_| format!("{text:?} is not an address with a port"))
}

/// Parses a share in whole percent, with or without its sign.
pub(super) fn percent(text: &str) -> Result<u64, String> {
    text.strip_suffix('%')
        .unwrap_or(text)
        .parse()
        .map_err(|_| format!("{text:?} is not a share: expected whole percent, such as 80%"))
}

/// Parses a number of credits that need be no multiple of anything.
pub(super) fn any_credits(text: &str) -> Result<i64, String> {
    text.parse().map_err(|_| format!("{text:?} is not a number of credits: expected a whole number, such as 5000"))
}
