//! What a client carries besides its connection pool.

use std::ops::Deref;
use std::sync::Arc;
use std::time::Duration;

use crate::clock::Clock;
use crate::pace::Pacer;
use crate::random::Random;
use crate::retry::{Budget, RetryPolicy};
use crate::token::ApiToken;

/// The part of a client that the generated code hands through to the hooks. All clones of a client share it.
#[derive(Debug, Clone)]
pub struct Settings(Arc<Shared>);

/// What all clones share.
#[derive(Debug)]
pub struct Shared {
    pub(crate) token: ApiToken,
    /// How long one attempt may take.
    pub(crate) timeout: Duration,
    /// How long an operation may take, waits included.
    pub(crate) total_timeout: Duration,
    pub(crate) answer_limit: u64,
    pub(crate) retry: RetryPolicy,
    pub(crate) budget: Budget,
    /// Nothing where requests are not paced.
    pub(crate) pacer: Option<Pacer>,
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) random: Arc<dyn Random>,
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
