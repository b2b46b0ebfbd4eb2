//! The waits of a call, for those who want to know.

use std::time::Duration;

/// A wait before a request, as [`ClientBuilder::on_wait`](crate::ClientBuilder::on_wait) tells of it when it begins.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct Wait {
    /// How long it takes.
    pub duration: Duration,
    /// What it is for.
    pub reason: WaitReason,
}

/// What a client waits for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum WaitReason {
    /// The server's limit of requests per minute: to keep it, or because a 429 says that it is used up.
    Limit,
    /// Another attempt, after one that failed.
    Retry,
}
