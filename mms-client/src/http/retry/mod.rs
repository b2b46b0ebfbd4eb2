//! Retry: which failed attempts are followed by another, after which wait, and how often.
//!
//! After a 429 the wait is what `Retry-After` says, or a whole window ([`policy`]); the pace holds every other request of the
//! organization for as long. What a careful write does after one stands in `write/`.

mod decision;
pub(crate) mod policy;
pub(crate) mod retry_after;

pub(crate) use decision::{FailureClass, RetryDecision};
