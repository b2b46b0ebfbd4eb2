//! Events of a call that callers may observe: waits, and lost answers to writes.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

/// A wait before a request, as [`ClientBuilder::on_wait`](crate::ClientBuilder::on_wait) tells of it when it begins.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct Wait {
    /// How long it takes.
    pub duration: Duration,
    /// What it is for.
    pub reason: WaitReason,
    /// What this minute's limit allows still, as far as the [pace](crate::Pace) counts; nothing after an attempt that failed.
    pub requests: Option<RequestsLeft>,
}

impl Wait {
    pub(crate) const fn new(duration: Duration, reason: WaitReason) -> Self {
        Self { duration, reason, requests: None }
    }
}

/// What the limit allows within 60 s.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct RequestsLeft {
    /// How many requests may be sent still. None while a wait is for the limit itself; some where they are spread over the
    /// minute, or a 429 holds them back.
    pub left: u32,
    /// The server's limit, or the one that is assumed until it is known.
    pub per_minute: u32,
    /// Whether that one is only assumed: nobody has asked the server yet, or it did not say.
    pub is_assumed: bool,
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

/// Callback of a caller who wants to know of an event, or none.
pub(crate) struct Observer<T>(Option<Arc<Callback<T>>>);

type Callback<T> = dyn Fn(&T) + Send + Sync;

impl<T> Observer<T> {
    pub(crate) fn new(callback: impl Fn(&T) + Send + Sync + 'static) -> Self {
        Self(Some(Arc::new(callback)))
    }

    pub(crate) fn notify(&self, event: &T) {
        if let Some(callback) = &self.0 {
            callback(event);
        }
    }
}

impl<T> Default for Observer<T> {
    fn default() -> Self {
        Self(None)
    }
}

impl<T> Clone for Observer<T> {
    fn clone(&self) -> Self {
        Self(self.0.clone())
    }
}

impl<T> fmt::Debug for Observer<T> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_tuple("Observer").field(&self.0.is_some()).finish()
    }
}
