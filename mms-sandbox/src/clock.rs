//! The current time, which comes in from outside so that a test can fix it.

use jiff::Timestamp;

/// Tells the current time.
pub(crate) type Clock = fn() -> Timestamp;

/// Writes a time as the API does: RFC 3339 in UTC, whole seconds, such as `2024-01-01T00:00:00Z`.
pub(crate) fn rfc3339(time: Timestamp) -> String {
    format!("{time:.0}")
}
