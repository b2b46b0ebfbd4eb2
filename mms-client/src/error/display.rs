//! Text of an error: one line with the server's own words.

use std::fmt;

use mms_types::{ApiError, is_invisible};
use reqwest::StatusCode;

use super::{Call, Cause, Error, StopReason};
use crate::http::transport::Stage;

/// Most suberrors that the text shows.
const MAX_SUBERRORS: usize = 3;

/// Most characters of each text of the server: two lines of a terminal.
const MAX_LINE_LENGTH: usize = 200;

/// A text of the server on one line, without what cannot be seen and cut where it gets long. The accessors have it whole.
struct OneLine<'a>(&'a str);

impl fmt::Display for OneLine<'_> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut characters = self.0.chars();
        for character in characters.by_ref().take(MAX_LINE_LENGTH) {
            fmt::Write::write_char(formatter, if is_invisible(character) { ' ' } else { character })?;
        }
        if characters.next().is_some() { formatter.write_str("...") } else { Ok(()) }
    }
}

impl fmt::Display for Error {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}: ", self.0.operation_id)?;
        match &self.0.cause {
            Cause::Invalid(reason) => write!(formatter, "not sent: {}", OneLine(reason))?,
            Cause::Unbuilt(error) => write!(formatter, "not sent: {}", Root(error))?,
            Cause::Late => write!(
                formatter,
                "not sent: its turn would come only after the deadline, or too short a time before it"
            )?,
            Cause::NoAnswer(error) => {
                let what = if error.stage == Stage::Sent { "answer from" } else { "connection to" };
                let host = error.host.as_deref().unwrap_or("the server");
                write!(formatter, "no {what} {host}: {}", Root(&*error.source))?;
            }
            Cause::Body(status, error) => {
                write!(formatter, "{} with a body that broke off: {}", status.as_u16(), Root(&*error.source))?;
            }
            Cause::TooLong(status, limit) => {
                write!(formatter, "{} with a body of more than {limit} bytes", status.as_u16())?;
            }
            Cause::Decode(status, reason) => {
                let status = status.as_u16();
                write!(formatter, "{status} with a body that is not the documented answer: {}", OneLine(reason))?;
            }
            Cause::Refused(status, error) => fmt_refusal(formatter, *status, error)?,
            Cause::Undocumented(status) => write!(formatter, "{} is not a documented answer", status.as_u16())?,
        }
        match self.0.call {
            Some(Call { attempts, elapsed, stop_reason, .. }) => {
                let plural = if attempts == 1 { "" } else { "s" };
                write!(formatter, " ({attempts} attempt{plural}, {:.1} s{stop_reason})", elapsed.as_secs_f64())
            }
            None => Ok(()),
        }
    }
}

/// The first cause of an error. What reqwest and hyper put before it repeats itself, and stays in the `source()` chain.
struct Root<'a>(&'a dyn std::error::Error);

impl fmt::Display for Root<'_> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut root = self.0;
        while let Some(source) = root.source() {
            root = source;
        }
        write!(formatter, "{}", OneLine(&root.to_string()))
    }
}

impl fmt::Display for StopReason {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Final => Ok(()),
            Self::Deadline => formatter.write_str("; the deadline passed"),
            Self::WaitTooLong(wait) => {
                write!(formatter, "; the next would have to wait {:.1} s, past the deadline", wait.as_secs_f64())
            }
            Self::Budget => formatter.write_str("; the budget for further attempts is used up"),
            Self::ToldTooLong(wait) => write!(formatter, "; the server asked to wait {:.0} s", wait.as_secs_f64()),
            Self::SentOnce => formatter.write_str("; a write is sent once"),
            Self::LookFirst => formatter.write_str("; a create is sent again only after a look at the list"),
        }
    }
}

/// Writes the status and the server's words.
fn fmt_refusal(formatter: &mut fmt::Formatter<'_>, status: StatusCode, error: &ApiError) -> fmt::Result {
    write!(formatter, "{}", status.as_u16())?;
    if let Some(code) = &error.code {
        write!(formatter, " {}", OneLine(code))?;
    }
    if let Some(message) = error.message.as_deref().or(status.canonical_reason()) {
        write!(formatter, " {}", OneLine(message))?;
    }
    let single: Vec<&str> = error.suberrors.iter().filter_map(|error| error.message.as_deref()).collect();
    let detail = || error.detail.as_deref().filter(|detail| !is_said(detail, status, error.message.as_deref()));
    let words: Vec<&str> = if single.is_empty() { detail().into_iter().collect() } else { single };
    for (index, words) in words.iter().take(MAX_SUBERRORS).enumerate() {
        write!(formatter, "{} {}", if index == 0 { ":" } else { ";" }, OneLine(words.trim_end_matches('.')))?;
    }
    match words.len().saturating_sub(MAX_SUBERRORS) {
        0 => Ok(()),
        more => write!(formatter, "; and {more} more"),
    }
}

/// Says whether the status, or the message beside it, has these words already.
fn is_said(words: &str, status: StatusCode, message: Option<&str>) -> bool {
    let plain = |text: &str| text.trim_end_matches('.').to_lowercase();
    message.is_some_and(|message| plain(message) == plain(words))
        || message.is_none_or(|message| repeats(message, status)) && repeats(words, status)
}

/// Says whether words are the status over again, as the title of a proxy's page is: `502 Bad Gateway`.
fn repeats(words: &str, status: StatusCode) -> bool {
    let plain = |text: &str| {
        let words = text.split(|character: char| character.is_whitespace() || ".:-|".contains(character));
        words.filter(|word| !word.is_empty()).collect::<Vec<_>>().join(" ").to_lowercase()
    };
    let words = plain(words);
    let rest = words.strip_prefix(status.as_str()).map_or(words.as_str(), str::trim_start);
    rest.is_empty() || status.canonical_reason().is_some_and(|reason| rest == plain(reason))
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    #[test]
    fn words_that_repeat_the_message_or_the_status_are_said_once() {
        let stop_reason = StopReason::Final;
        let call =
            Call { operation_id: "list_regions", attempts: 1, elapsed: Duration::ZERO, retry_after: None, stop_reason };
        let said = |message: Option<&str>, detail: &str| {
            let error = ApiError {
                message: message.map(str::to_owned),
                detail: Some(detail.to_owned()),
                ..ApiError::default()
            };
            Error::new(Cause::Refused(StatusCode::BAD_GATEWAY, error), call).to_string()
        };

        for (message, detail) in [
            (Some("Bad Gateway"), "bad gateway."),
            (Some("Bad Gateway"), "502 Bad Gateway"),
            (None, "502: Bad gateway"),
        ] {
            assert_eq!(said(message, detail), "list_regions: 502 Bad Gateway (1 attempt, 0.0 s)");
        }
        assert_eq!(said(Some("Down"), "Bad Gateway"), "list_regions: 502 Down: Bad Gateway (1 attempt, 0.0 s)");
    }
}
