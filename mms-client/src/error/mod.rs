//! The error of every operation.

use std::fmt;
use std::time::Duration;

use mms_types::{ApiError, ApiSuberror, is_invisible};
use reqwest::StatusCode;

use crate::http::operation::{OperationKind, operation};
use crate::http::retry::{Seen, Verdict};
use crate::http::transport::{Breakage, Failure, Stage};

/// How many of the server's single mistakes the text of an error shows.
const SHOWN: usize = 3;

/// The most characters of each of them: two lines of a terminal.
const LENGTH: usize = 200;

/// What went wrong with an operation, and what that means for its caller.
///
/// Ask the predicates rather than the status: above all [`maybe_sent`](Error::maybe_sent), before a write is sent again. The
/// text is one line with the server's own words:
///
/// ```text
/// create_child_organization: 400 SC400 Bad Request: Missing value of required parameter 'countryId' (1 attempt, 0.2 s)
/// ```
///
/// No header and no token is ever part of it, and of a body nothing but the server's words: Make's fields, a plain text, the
/// title of a page. Of JSON in another shape it shows a `message`, `error` or `detail`, or else an excerpt of at most 200
/// characters.
pub struct Error(Box<Inner>);

struct Inner {
    operation_id: &'static str,
    cause: Cause,
    /// Nothing where there was no request.
    call: Option<Call>,
}

/// What went wrong.
pub(crate) enum Cause {
    /// A value is missing or refused by its type.
    Invalid(String),
    /// The request cannot be built.
    Unbuilt(reqwest::Error),
    /// The total deadline passed before the request had its turn.
    Late,
    /// No answer, not even a status.
    NoAnswer(Breakage),
    /// A status, and a body that broke off.
    Body(StatusCode, Breakage),
    /// A status, and a body of more than so many bytes.
    TooLong(StatusCode, u64),
    /// A success with a body that is not the documented answer.
    Decode(StatusCode, String),
    /// A 4xx or 5xx.
    Refused(StatusCode, ApiError),
    /// A status that is neither success nor refusal: a redirect.
    Undocumented(StatusCode),
}

/// What it took to come to an outcome.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Call {
    pub(crate) operation_id: &'static str,
    pub(crate) attempts: u32,
    pub(crate) elapsed: Duration,
    /// What the server asked to wait, in its last answer.
    pub(crate) retry_after: Option<Duration>,
    pub(crate) ending: Ending,
}

/// What kept a client from sending a request again that it may send again.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Ending {
    /// Nothing: the outcome is settled, or the attempts are used up.
    Outcome,
    /// The total deadline passed.
    Deadline,
    /// The next attempt, after this wait, would come after the total deadline.
    TooFar(Duration),
    /// The client's budget of further attempts is used up.
    Budget,
}

impl From<Failure> for Cause {
    fn from(failure: Failure) -> Self {
        match failure {
            Failure::NoAnswer(breakage) => Self::NoAnswer(breakage),
            Failure::CutBody(status, _, breakage) => Self::Body(status, breakage),
            Failure::TooLong(status, limit) => Self::TooLong(status, limit),
        }
    }
}

impl Error {
    pub(crate) fn new(cause: Cause, call: Call) -> Self {
        Self(Box::new(Inner { operation_id: call.operation_id, cause, call: Some(call) }))
    }

    /// An error from before there was a request.
    pub(crate) fn unsent(operation_id: &'static str, cause: Cause) -> Self {
        Self(Box::new(Inner { operation_id, cause, call: None }))
    }

    /// Says whether the request may have been carried out although no answer says so.
    ///
    /// False where nothing was sent - a value was refused here, no connection came about - and where the server refused in so
    /// many words: a 4xx other than 408, 424 and 425. True for everything else: a timeout, a broken connection, an answer that
    /// cannot be read, a redirect, a 5xx. After a write, look before sending it again.
    #[must_use]
    pub fn maybe_sent(&self) -> bool {
        match &self.0.cause {
            Cause::Invalid(_) | Cause::Unbuilt(_) | Cause::Late => false,
            Cause::NoAnswer(breakage) => breakage.stage == Stage::Sent,
            Cause::Refused(status, _) | Cause::Body(status, _) => !is_refusal(*status),
            Cause::Decode(..) | Cause::Undocumented(_) | Cause::TooLong(..) => true,
        }
    }

    /// Says whether the same call may be made again without harm, and may then succeed.
    ///
    /// That is what the client itself goes by, and stays true where it gave up because attempts, budget or time ran out: of
    /// what was not sent, of a 429, and of a read that broke off or met a server in trouble. False for a write that may have
    /// been done, and wherever the answer would be the same. After a 429 wait first, for [`retry_after`](Self::retry_after) or
    /// a minute.
    #[must_use]
    pub fn is_retryable(&self) -> bool {
        let seen = match &self.0.cause {
            Cause::Invalid(_) | Cause::Unbuilt(_) => return false,
            Cause::Late => Seen::NotSent,
            Cause::NoAnswer(breakage) => breakage.seen(),
            Cause::Body(status, _) => Seen::of_cut_body(*status),
            Cause::Refused(status, _) => Seen::of_status(*status),
            Cause::Decode(..) | Cause::Undocumented(_) | Cause::TooLong(..) => Seen::Settled,
        };
        Verdict::of(seen, self.kind()) != Verdict::Never
    }

    /// Returns the kind of the operation; an unknown one is taken for what must not be repeated.
    fn kind(&self) -> OperationKind {
        operation(self.0.operation_id).map_or(OperationKind::Create, |operation| operation.kind)
    }

    /// Says whether time ran out: for the connection, between two pieces of an answer, for an attempt or for the whole call.
    #[must_use]
    pub fn is_timeout(&self) -> bool {
        match &self.0.cause {
            Cause::NoAnswer(breakage) | Cause::Body(_, breakage) => breakage.timed_out,
            Cause::Late => true,
            _ => false,
        }
    }

    /// Says whether the deadline of the whole call ended it: it passed, or a further attempt would have come after it.
    #[must_use]
    pub fn is_deadline(&self) -> bool {
        let ending = self.0.call.map(|call| call.ending);
        matches!(self.0.cause, Cause::Late) || matches!(ending, Some(Ending::Deadline | Ending::TooFar(_)))
    }

    /// Says whether an answer was longer than the client reads.
    #[must_use]
    pub fn is_too_large(&self) -> bool {
        matches!(self.0.cause, Cause::TooLong(..))
    }

    /// Says whether no connection came about, so that nothing was sent.
    #[must_use]
    pub fn is_connect(&self) -> bool {
        matches!(&self.0.cause, Cause::NoAnswer(breakage) if breakage.stage != Stage::Sent)
    }

    /// Says whether the request could not be built, so that nothing was sent: a value is missing or out of range.
    #[must_use]
    pub fn is_builder(&self) -> bool {
        matches!(&self.0.cause, Cause::Invalid(_) | Cause::Unbuilt(_))
    }

    /// Says whether an answer came that the contract does not know: a success with another body, or a redirect.
    #[must_use]
    pub fn is_undocumented(&self) -> bool {
        matches!(&self.0.cause, Cause::Decode(..) | Cause::Undocumented(_))
    }

    /// Says whether the limit of requests per minute is used up (429).
    #[must_use]
    pub fn is_rate_limited(&self) -> bool {
        self.has_status(StatusCode::TOO_MANY_REQUESTS)
    }

    /// Says whether the token is missing or unknown (401).
    #[must_use]
    pub fn is_unauthorized(&self) -> bool {
        self.has_status(StatusCode::UNAUTHORIZED)
    }

    /// Says whether the token lacks a scope, or the caller is not let in (403).
    #[must_use]
    pub fn is_forbidden(&self) -> bool {
        self.has_status(StatusCode::FORBIDDEN)
    }

    /// Says whether something does not exist, or may not be seen by the caller (404).
    #[must_use]
    pub fn is_not_found(&self) -> bool {
        self.has_status(StatusCode::NOT_FOUND)
    }

    /// Says whether the request breaks a rule (400 or 422).
    #[must_use]
    pub fn is_invalid(&self) -> bool {
        self.has_status(StatusCode::BAD_REQUEST) || self.has_status(StatusCode::UNPROCESSABLE_ENTITY)
    }

    /// Says whether the state does not allow the request, such as a pool that is too small (409).
    #[must_use]
    pub fn is_conflict(&self) -> bool {
        self.has_status(StatusCode::CONFLICT)
    }

    fn has_status(&self, status: StatusCode) -> bool {
        self.status() == Some(status)
    }

    /// Returns the status that the server sent, if one arrived.
    #[must_use]
    pub fn status(&self) -> Option<StatusCode> {
        match &self.0.cause {
            Cause::Invalid(_) | Cause::Unbuilt(_) | Cause::Late | Cause::NoAnswer(_) => None,
            Cause::Body(status, _)
            | Cause::TooLong(status, _)
            | Cause::Decode(status, _)
            | Cause::Refused(status, _)
            | Cause::Undocumented(status) => Some(*status),
        }
    }

    /// Returns Make's code of the mistake, such as `SC400`.
    #[must_use]
    pub fn code(&self) -> Option<&str> {
        self.api_error()?.code.as_deref()
    }

    /// Returns the kind of the mistake in the server's words, such as `Bad Request`.
    #[must_use]
    pub fn message(&self) -> Option<&str> {
        self.api_error()?.message.as_deref()
    }

    /// Returns what is wrong in the server's words.
    ///
    /// Of a body in another shape than Make's it is what can be made of it: the `message`, `error` or `detail` of other JSON, a
    /// page's title, or at most 200 characters of the beginning. Nothing where a text would only repeat the status.
    #[must_use]
    pub fn detail(&self) -> Option<&str> {
        self.api_error()?.detail.as_deref()
    }

    /// Returns the single mistakes, where the server names several.
    #[must_use]
    pub fn suberrors(&self) -> &[ApiSuberror] {
        self.api_error().map_or(&[], |error| &error.suberrors)
    }

    fn api_error(&self) -> Option<&ApiError> {
        match &self.0.cause {
            Cause::Refused(_, error) => Some(error),
            _ => None,
        }
    }

    /// Returns the `operationId` of the operation.
    #[must_use]
    pub fn operation_id(&self) -> &'static str {
        self.0.operation_id
    }

    /// Returns how long the server asked to wait before the next request, if its last answer said so (`Retry-After`, in seconds
    /// or as a date).
    #[must_use]
    pub fn retry_after(&self) -> Option<Duration> {
        self.0.call.and_then(|call| call.retry_after)
    }

    /// Returns how often the request was sent, or tried to be sent.
    #[must_use]
    pub fn attempts(&self) -> u32 {
        self.0.call.map_or(0, |call| call.attempts)
    }

    /// Returns how long the operation took, all attempts and the waits between them included.
    #[must_use]
    pub fn elapsed(&self) -> Duration {
        self.0.call.map_or(Duration::ZERO, |call| call.elapsed)
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
        for (index, words) in words.iter().take(SHOWN).enumerate() {
            write!(formatter, "{} {}", if index == 0 { ":" } else { ";" }, OneLine(words.trim_end_matches('.')))?;
        }
        match words.len().saturating_sub(SHOWN) {
            0 => Ok(()),
            more => write!(formatter, "; and {more} more"),
        }
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

/// Says whether a status means that the server did nothing. After 408, 424 and 425 it may have.
fn is_refusal(status: StatusCode) -> bool {
    status.is_client_error()
        && !matches!(status, StatusCode::REQUEST_TIMEOUT | StatusCode::FAILED_DEPENDENCY | StatusCode::TOO_EARLY)
}

/// A text of the server on one line, without what cannot be seen and cut where it gets long. The accessors have it whole.
struct OneLine<'a>(&'a str);

impl fmt::Display for OneLine<'_> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut characters = self.0.chars();
        for character in characters.by_ref().take(LENGTH) {
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
            Cause::NoAnswer(breakage) => {
                let what = if breakage.stage == Stage::Sent { "answer from" } else { "connection to" };
                let host = breakage.host.as_deref().unwrap_or("the server");
                write!(formatter, "no {what} {host}: {}", Root(&*breakage.source))?;
            }
            Cause::Body(status, breakage) => {
                write!(formatter, "{} with a body that broke off: {}", status.as_u16(), Root(&*breakage.source))?;
            }
            Cause::TooLong(status, limit) => {
                write!(formatter, "{} with a body of more than {limit} bytes", status.as_u16())?;
            }
            Cause::Decode(status, reason) => {
                let status = status.as_u16();
                write!(formatter, "{status} with a body that is not the documented answer: {}", OneLine(reason))?;
            }
            Cause::Refused(status, error) => Self::fmt_refusal(formatter, *status, error)?,
            Cause::Undocumented(status) => write!(formatter, "{} is not a documented answer", status.as_u16())?,
        }
        match self.0.call {
            Some(Call { attempts, elapsed, ending, .. }) => {
                let plural = if attempts == 1 { "" } else { "s" };
                write!(formatter, " ({attempts} attempt{plural}, {:.1} s{ending})", elapsed.as_secs_f64())
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

impl fmt::Display for Ending {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Outcome => Ok(()),
            Self::Deadline => formatter.write_str("; the deadline passed"),
            Self::TooFar(wait) => {
                write!(formatter, "; the next would have to wait {:.1} s, past the deadline", wait.as_secs_f64())
            }
            Self::Budget => formatter.write_str("; the budget for further attempts is used up"),
        }
    }
}

impl fmt::Debug for Error {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "Error({self})")
    }
}

impl std::error::Error for Error {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match &self.0.cause {
            Cause::Unbuilt(error) => Some(error),
            Cause::NoAnswer(breakage) | Cause::Body(_, breakage) => Some(&*breakage.source),
            Cause::Invalid(_)
            | Cause::Late
            | Cause::TooLong(..)
            | Cause::Decode(..)
            | Cause::Refused(..)
            | Cause::Undocumented(_) => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_error_is_one_pointer_wide_and_goes_where_errors_go() {
        fn goes_anywhere<T: std::error::Error + Send + Sync + 'static>() {}
        goes_anywhere::<Error>();
        assert_eq!(size_of::<Result<(), Error>>(), size_of::<usize>());
    }

    #[test]
    fn words_that_repeat_the_message_or_the_status_are_said_once() {
        let ending = Ending::Outcome;
        let call =
            Call { operation_id: "list_regions", attempts: 1, elapsed: Duration::ZERO, retry_after: None, ending };
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
