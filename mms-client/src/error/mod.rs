//! Error of every operation: what it means for the caller. Its text is in `display.rs`.

mod display;

use std::fmt;
use std::time::Duration;

use mms_types::{ApiError, ApiSuberror};
use reqwest::StatusCode;

use crate::http::connect_phase::ConnectPhase;
use crate::http::operation::{OperationKind, RAW_READ, operation};
use crate::http::retry::{FailureClass, RetryDecision};
use crate::http::transport::{AttemptError, Stage, TransportError};

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

/// Cause of an error.
pub(crate) enum Cause {
    /// A value is missing or refused by its type.
    Invalid(String),
    /// The request cannot be built.
    Unbuilt(reqwest::Error),
    /// The total deadline passed before the request had its turn.
    Late,
    /// No answer, not even a status.
    NoAnswer(TransportError),
    /// A status, and a body that broke off.
    Body(StatusCode, TransportError),
    /// A status, and a body of more than so many bytes.
    TooLong(StatusCode, u64),
    /// A success with a body that is not the documented answer.
    Decode(StatusCode, String),
    /// A 4xx or 5xx.
    Refused(StatusCode, ApiError),
    /// A status that is neither success nor refusal: a redirect.
    Undocumented(StatusCode),
}

/// Course of a call: attempts, time and why it stopped.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Call {
    pub(crate) operation_id: &'static str,
    pub(crate) attempts: u32,
    pub(crate) elapsed: Duration,
    /// What the server asked to wait, in its last answer.
    pub(crate) retry_after: Option<Duration>,
    pub(crate) stop_reason: StopReason,
}

/// Reason why a client made no further attempt.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum StopReason {
    /// The outcome is final, or the attempts are used up.
    Final,
    /// The total deadline passed.
    Deadline,
    /// The next attempt, after this wait, would come after the total deadline.
    WaitTooLong(Duration),
    /// The client's budget of further attempts is used up.
    Budget,
    /// The server asked for this wait, which is longer than the policy allows.
    ToldTooLong(Duration),
    /// A create is sent again only after a look at the list.
    LookFirst,
    /// A write that the client knows nothing about is sent once.
    SentOnce,
}

impl From<AttemptError> for Cause {
    fn from(failure: AttemptError) -> Self {
        match failure {
            AttemptError::NoAnswer(error) => Self::NoAnswer(error),
            AttemptError::TruncatedBody(status, _, error) => Self::Body(status, error),
            AttemptError::TooLong(status, limit) => Self::TooLong(status, limit),
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
    /// False where nothing was sent - a value was refused here, no connection came about - and where the server refused with a
    /// status that the contract documents or whose meaning leaves no doubt: 400 to 407, 409 to 417, 422, 426, 428, 429, 431
    /// and 451. True for everything else: a timeout, a broken connection, an answer that cannot be read, a redirect, a 5xx, and
    /// any other 4xx, such as the 499 of a gateway. After a write, look before sending it again.
    ///
    /// A refusal is the server's word and no proof: APIs are known that answer 404 to a create which they carried out. The careful
    /// calls look after every refusal of a create; whoever sends one by its builder has to.
    #[must_use]
    pub fn maybe_sent(&self) -> bool {
        match &self.0.cause {
            Cause::Invalid(_) | Cause::Unbuilt(_) | Cause::Late => false,
            Cause::NoAnswer(error) => error.stage == Stage::Sent,
            Cause::Refused(status, _) | Cause::Body(status, _) => !is_refusal(*status),
            Cause::Decode(..) | Cause::Undocumented(_) | Cause::TooLong(..) => true,
        }
    }

    /// Says whether the same call may be made again without harm, and may then succeed.
    ///
    /// That stays true where the client gave up because attempts, budget or time ran out: of what was not sent, of a 429, and of a
    /// read that broke off or met a server in trouble. False for a write that may have been done, for a create after a 429, which
    /// needs a look at the list first, and wherever the answer would be the same. After a 429 wait first, for [`retry_after`](Self::retry_after) or
    /// a minute.
    #[must_use]
    pub fn is_retryable(&self) -> bool {
        let class = match &self.0.cause {
            Cause::Invalid(_) | Cause::Unbuilt(_) => return false,
            Cause::Late => FailureClass::NotSent,
            Cause::NoAnswer(error) => error.class(),
            Cause::Body(status, _) => FailureClass::of_cut_body(*status),
            Cause::Refused(status, _) => FailureClass::of_status(*status),
            Cause::Decode(..) | Cause::Undocumented(_) | Cause::TooLong(..) => FailureClass::Permanent,
        };
        class == FailureClass::NotSent || RetryDecision::of(class, self.kind()) != RetryDecision::Never
    }

    /// Says whether the request never left, and may the next time.
    pub(crate) fn is_unsent(&self) -> bool {
        matches!(&self.0.cause, Cause::NoAnswer(error) if error.class() == FailureClass::NotSent)
    }

    /// Says whether the request was not sent because the look that it goes by would have been too old.
    pub(crate) fn is_stale(&self) -> bool {
        matches!(self.0.cause, Cause::Late) && self.0.call.is_some_and(|call| call.stop_reason == StopReason::LookFirst)
    }

    /// Returns the kind of the operation; an unknown one is taken for what must not be repeated.
    fn kind(&self) -> OperationKind {
        if self.0.operation_id == RAW_READ {
            return OperationKind::Read;
        }
        operation(self.0.operation_id).map_or(OperationKind::Create, |operation| operation.kind)
    }

    /// Says whether time ran out: for the connection, between two pieces of an answer, for an attempt or for the whole call.
    #[must_use]
    pub fn is_timeout(&self) -> bool {
        match &self.0.cause {
            Cause::NoAnswer(error) | Cause::Body(_, error) => error.timed_out,
            Cause::Late => true,
            _ => false,
        }
    }

    /// Says whether the deadline of the whole call ended it: it passed, or a further attempt would have come after it.
    #[must_use]
    pub fn is_deadline(&self) -> bool {
        let stop_reason = self.0.call.map(|call| call.stop_reason);
        matches!(self.0.cause, Cause::Late)
            || matches!(stop_reason, Some(StopReason::Deadline | StopReason::WaitTooLong(_)))
    }

    /// Says whether an answer was longer than the client reads.
    #[must_use]
    pub fn is_too_large(&self) -> bool {
        matches!(self.0.cause, Cause::TooLong(..))
    }

    /// Says whether no connection came about, so that nothing was sent.
    #[must_use]
    pub fn is_connect(&self) -> bool {
        matches!(&self.0.cause, Cause::NoAnswer(error) if error.stage != Stage::Sent)
    }

    /// Returns the phase at which no connection came about; nothing for every other error.
    #[must_use]
    pub fn connect_phase(&self) -> Option<ConnectPhase> {
        match &self.0.cause {
            Cause::NoAnswer(error) => ConnectPhase::of(error),
            _ => None,
        }
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

    /// Returns the `operationId` of the operation; `raw_read` or `raw_write` of a [`RawRequest`](crate::RawRequest) that is none of
    /// the contract's.
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
}

/// Says whether a status means that the server did nothing: those of the contract, and those whose meaning leaves no doubt
/// (RFC 9110, 6585, 7725). Whatever else a gateway may invent leaves one.
fn is_refusal(status: StatusCode) -> bool {
    matches!(status.as_u16(), 400..=407 | 409..=417 | 422 | 426 | 428 | 429 | 431 | 451)
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
            Cause::NoAnswer(error) | Cause::Body(_, error) => Some(&*error.source),
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
}
