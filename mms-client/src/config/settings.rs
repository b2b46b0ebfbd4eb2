//! Settings that all clones of a client share, besides the connection pool.

use std::ops::Deref;
use std::sync::Arc;
use std::time::Duration;

use crate::config::token::ApiToken;
use crate::env::clock::Clock;
use crate::env::random::Random;
use crate::error::Error;
use crate::http::events::Observer;
use crate::http::events::Wait;
use crate::http::retry::policy::{Budget, RetryPolicy};
use crate::pace::Pacer;

/// Settings that the generated code hands through to the hooks.
#[derive(Debug, Clone)]
pub struct Settings(Arc<Shared>);

/// Shared part of all clones.
#[derive(Debug)]
pub struct Shared {
    /// Name of the API in a journal.
    pub(crate) api: String,
    pub(crate) token: ApiToken,
    /// How long one attempt may take.
    pub(crate) timeout: Duration,
    /// How long the server may be silent.
    pub(crate) read_timeout: Duration,
    /// How long an operation may take, waits included.
    pub(crate) total_timeout: Duration,
    pub(crate) answer_limit: u64,
    pub(crate) retry: RetryPolicy,
    pub(crate) budget: Budget,
    /// Nothing where requests are not paced.
    pub(crate) pacer: Option<Pacer>,
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) random: Arc<dyn Random>,
    /// Callback for a lost answer to a write.
    pub(crate) lost_answer: Observer<Error>,
    /// Callback for a wait.
    pub(crate) wait: Observer<Wait>,
}

impl From<Shared> for Settings {
    fn from(shared: Shared) -> Self {
        Self(Arc::new(shared))
    }
}

impl Deref for Settings {
    type Target = Shared;

    fn deref(&self) -> &Shared {
        &self.0
    }
}
