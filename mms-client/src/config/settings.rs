//! What a client carries besides its connection pool.

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

/// The part of a client that the generated code hands through to the hooks. All clones of a client share it.
#[derive(Debug, Clone)]
pub struct Settings(Arc<Shared>);

/// What all clones share.
#[derive(Debug)]
pub struct Shared {
    /// What a journal calls the API.
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
    /// Whom to tell that the answer to a write was lost.
    pub(crate) lost_answer: Observer<Error>,
    /// Whom to tell of a wait.
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
