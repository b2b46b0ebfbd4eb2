//! Settings that all clones of a client share, besides the connection pool.

use std::ops::Deref;
use std::sync::Arc;
use std::sync::atomic::AtomicU64;
use std::time::Duration;

use crate::config::api_name::ApiName;
use crate::config::token::ApiToken;
use crate::env::clock::Clock;
use crate::env::random::Random;
use crate::error::Error;
use crate::http::events::{Observer, Wait};
use crate::http::retry::policy::{Budget, RetryPolicy};
use crate::pace::{Group, Pacer, Ticket};
use crate::read::page_size::PageSizeMemory;
use crate::write::look::Looks;

/// Settings that the generated code hands through to the hooks.
#[derive(Debug, Clone)]
pub struct Settings {
    shared: Arc<Shared>,
    step: Option<Step>,
    is_batch: bool,
}

/// Step of a careful write: how one of its requests is sent. A write is then sent once, whatever comes of it.
#[derive(Debug, Clone)]
pub(crate) struct Step {
    /// Place in the queue, which all steps share one after the other; nothing where requests are not paced.
    pub(crate) ticket: Option<Arc<Ticket>>,
    pub(crate) group: Group,
    /// When it may be sent at the latest; a read at any time.
    pub(crate) latest: Option<Duration>,
}

/// Shared part of all clones.
#[derive(Debug)]
pub struct Shared {
    /// Name of the API in a journal.
    pub(crate) api: ApiName,
    pub(crate) token: ApiToken,
    /// Client without kept connections, for creates: one that the server had closed meanwhile would lose the answer.
    pub(crate) unpooled: reqwest::Client,
    /// How long one attempt may take.
    pub(crate) timeout: Duration,
    /// How long the server may be silent.
    pub(crate) read_timeout: Duration,
    /// How long an operation may take, waits included.
    pub(crate) total_timeout: Duration,
    pub(crate) answer_limit: u64,
    /// What is remembered of the pages of children.
    pub(crate) page_sizes: PageSizeMemory,
    /// What is remembered of the pages of organizations.
    pub(crate) organization_page_sizes: PageSizeMemory,
    /// How many requests were sent, or tried to be.
    pub(crate) sent: AtomicU64,
    /// Looks that are kept for the writes to come.
    pub(crate) looks: Looks,
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
        Self { shared: Arc::new(shared), step: None, is_batch: false }
    }
}

impl Settings {
    /// Returns the same settings for a step of a careful write.
    pub(crate) fn for_step(&self, step: Step) -> Self {
        Self { step: Some(step), ..self.clone() }
    }

    /// Returns the same settings for writes that share a look.
    pub(crate) fn for_batch(&self) -> Self {
        Self { is_batch: true, ..self.clone() }
    }

    /// Says whether writes share a look.
    pub(crate) const fn is_batch(&self) -> bool {
        self.is_batch
    }

    /// Returns how the next request is sent, where it is a step of a careful write.
    pub(crate) const fn step(&self) -> Option<&Step> {
        self.step.as_ref()
    }
}

impl Deref for Settings {
    type Target = Shared;

    fn deref(&self) -> &Shared {
        &self.shared
    }
}
