//! Predicates of an error, as a table.

use mms_client::Error;

/// Returns the predicates that hold of an error, besides `is_retryable`.
pub(crate) fn predicates(error: &Error) -> Vec<&'static str> {
    let all = [
        ("is_connect", error.is_connect()),
        ("is_timeout", error.is_timeout()),
        ("is_builder", error.is_builder()),
        ("is_deadline", error.is_deadline()),
        ("is_too_large", error.is_too_large()),
        ("is_undocumented", error.is_undocumented()),
        ("is_rate_limited", error.is_rate_limited()),
        ("is_unauthorized", error.is_unauthorized()),
        ("is_forbidden", error.is_forbidden()),
        ("is_not_found", error.is_not_found()),
        ("is_invalid", error.is_invalid()),
        ("is_conflict", error.is_conflict()),
        ("maybe_sent", error.maybe_sent()),
    ];
    all.into_iter().filter(|(_, holds)| *holds).map(|(name, _)| name).collect()
}
