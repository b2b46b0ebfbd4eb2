//! Window of a rate limit, and its unit of time.

/// A second in microseconds, the unit of time of every algorithm.
pub(super) const SECOND: i64 = 1_000_000;

/// The window of a limit: a minute.
pub(super) const WINDOW: i64 = 60 * SECOND;
