//! Decision about another attempt: the one `match` of [`RetryDecision::of`].

use std::time::Duration;

use reqwest::StatusCode;

use crate::http::operation::OperationKind;
use crate::http::transport::{AttemptError, Stage, TransportError};

/// Class of a failed attempt.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum FailureClass {
    /// No connection came about, so nothing was sent.
    NotSent,
    /// A connection came about and was not trusted, or the other side does not speak the protocol: nothing was sent, and
    /// nothing will be.
    Untrusted,
    /// 429.
    RateLimited,
    /// A 408, 424, 425 or 5xx, a timeout, a connection that broke off: gone by the next time perhaps, and perhaps after the work.
    Transient,
    /// An answer that will be the same the next time.
    Permanent,
}

/// Decision about another attempt.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum RetryDecision {
    /// Send again, soon.
    AfterBackoff,
    /// Send again when the server's limit allows it.
    AfterLimit,
    /// Report.
    Never,
}

impl RetryDecision {
    /// Decides by what was seen, and what sending an operation twice would do.
    #[expect(clippy::match_same_arms, reason = "two reasons not to send again are two arms")]
    pub(crate) fn of(seen: FailureClass, kind: OperationKind) -> Self {
        match (seen, kind) {
            // What exists may have changed since the caller looked: a create is sent again only after another look.
            (FailureClass::NotSent | FailureClass::RateLimited, OperationKind::Create) => Self::Never,
            (FailureClass::NotSent, _) | (FailureClass::Transient, OperationKind::Read) => Self::AfterBackoff,
            (FailureClass::RateLimited, _) => Self::AfterLimit,
            // It may have been done. A create would be done twice; a total may have been set by somebody else in between.
            (FailureClass::Transient, OperationKind::AbsoluteWrite | OperationKind::Create) => Self::Never,
            (FailureClass::Untrusted | FailureClass::Permanent, _) => Self::Never,
        }
    }

    /// Says whether an attempt after this wait is paid for from the budget. The long wait after a 429 protects the server by
    /// itself; a server that answers 429 and asks for no wait is not protected by anything else.
    pub(crate) fn is_paid_for(self, wait: Duration) -> bool {
        self == Self::AfterBackoff || wait < Duration::from_secs(1)
    }
}

impl FailureClass {
    /// Reads a status that is no success.
    pub(crate) fn of_status(status: StatusCode) -> Self {
        match status {
            StatusCode::TOO_MANY_REQUESTS => Self::RateLimited,
            StatusCode::REQUEST_TIMEOUT | StatusCode::FAILED_DEPENDENCY | StatusCode::TOO_EARLY => Self::Transient,
            status if status.is_server_error() => Self::Transient,
            _ => Self::Permanent,
        }
    }

    /// Reads a status whose body broke off: a refusal stays one, and of anything else the rest may come the next time.
    pub(crate) fn of_cut_body(status: StatusCode) -> Self {
        if status.is_success() { Self::Transient } else { Self::of_status(status) }
    }
}

impl TransportError {
    /// Reads how far an exchange got.
    pub(crate) fn class(&self) -> FailureClass {
        match self.stage {
            Stage::Connect => FailureClass::NotSent,
            Stage::Trust => FailureClass::Untrusted,
            Stage::Sent => FailureClass::Transient,
        }
    }
}

impl From<&AttemptError> for FailureClass {
    fn from(failure: &AttemptError) -> Self {
        match failure {
            AttemptError::NoAnswer(error) => error.class(),
            AttemptError::TruncatedBody(status, ..) => Self::of_cut_body(*status),
            AttemptError::TooLong(..) => Self::Permanent,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const KINDS: [OperationKind; 3] = [OperationKind::Read, OperationKind::AbsoluteWrite, OperationKind::Create];

    #[test]
    fn a_write_that_may_have_been_sent_is_never_sent_again() {
        for status in (300..600).filter_map(|code| StatusCode::from_u16(code).ok()) {
            let of = |kind| RetryDecision::of(FailureClass::of_status(status), kind);
            let expected = if status == 429 { RetryDecision::AfterLimit } else { RetryDecision::Never };
            assert_eq!(of(OperationKind::AbsoluteWrite), expected, "{status}");
            assert_eq!(of(OperationKind::Create), RetryDecision::Never, "{status}");
        }
    }

    #[test]
    fn a_read_is_sent_again_after_what_may_pass() {
        for status in (300..600).filter_map(|code| StatusCode::from_u16(code).ok()) {
            let expected = match status.as_u16() {
                429 => RetryDecision::AfterLimit,
                408 | 424 | 425 | 500.. => RetryDecision::AfterBackoff,
                _ => RetryDecision::Never,
            };
            assert_eq!(RetryDecision::of(FailureClass::of_status(status), OperationKind::Read), expected, "{status}");
        }
    }

    #[test]
    fn what_was_not_sent_is_sent_again_unless_it_is_a_create_or_the_other_side_is_not_trusted() {
        for kind in KINDS {
            let expected =
                if kind == OperationKind::Create { RetryDecision::Never } else { RetryDecision::AfterBackoff };
            assert_eq!(RetryDecision::of(FailureClass::NotSent, kind), expected);
            assert_eq!(RetryDecision::of(FailureClass::Untrusted, kind), RetryDecision::Never);
        }
    }
}
