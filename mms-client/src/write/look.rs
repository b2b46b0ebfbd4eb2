//! Look at a distributor before a write, how old it may be when the write is sent, and what the writes of a batch share of it.

use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use mms_types::{Allocation, ChildOrganization, CreatedChildOrganization, Organization, OrganizationId};

use crate::write::journal::Intent;

/// Time from the end of a look to the first byte of the write that is decided on it.
const MAX_AGE: Duration = Duration::from_secs(2);

/// The same for the writes of a batch, and where a look costs more than [`DEAR`] requests.
const MAX_SHARED_AGE: Duration = Duration::from_secs(60);

/// Most requests of a look that is made anew for every write.
const DEAR: usize = 10;

/// Part of the age that is left for the connection: the turn has to come before it.
const CONNECTION: Duration = Duration::from_millis(500);

/// The children of a distributor, as one reading of its list shows them.
#[derive(Debug, Clone, Default)]
pub(crate) struct Children {
    pub(crate) rows: Vec<ChildOrganization>,
    /// Whether the server proved that these were all. What is missing in a list that is not complete may exist.
    pub(crate) is_complete: bool,
    /// Whether one more request after the last page brought nothing.
    pub(crate) is_confirmed: bool,
    /// How many requests it took.
    pub(crate) requests: usize,
}

impl Children {
    pub(crate) fn find(&self, id: OrganizationId) -> Option<&ChildOrganization> {
        self.rows.iter().find(|child| child.organization_id == id)
    }

    /// Adds up what the children have been allocated.
    pub(crate) fn allocated(&self) -> i64 {
        self.rows.iter().fold(0, |sum, child| sum.saturating_add(child.operations_allocated))
    }
}

/// State of a distributor at one time, on which a careful write is decided; read by [`Client::look`](crate::Client::look).
#[derive(Debug, Clone)]
pub struct Look {
    pub(crate) children: Children,
    pub(super) organization: Option<Organization>,
    pub(super) pool: Option<i64>,
    /// Whether the pool was read after the list. One that was read before it proves nothing about the children in it.
    pub(crate) is_pool_after: bool,
    /// When the list had been read, by the distributor's clock.
    pub(super) read_at: Duration,
}

/// What a look is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Purpose {
    /// To create a child: the end of the list counts only after one more request that brought nothing, since a child that the
    /// list does not show would be created a second time.
    Create,
    /// To set an allocation.
    Allocate,
}

impl Look {
    /// Returns when a write that is decided on this has to have its turn at the latest.
    pub(crate) fn latest_turn(&self, is_batch: bool) -> Duration {
        let is_shared = is_batch || self.children.requests > DEAR;
        let age = if is_shared { MAX_SHARED_AGE } else { MAX_AGE };
        self.read_at.saturating_add(age.saturating_sub(CONNECTION))
    }

    /// Returns what is left in the pool; nothing where the server does not say.
    pub(crate) const fn pool(&self) -> Option<i64> {
        self.pool
    }

    /// Adds a child that was created on it.
    pub(crate) fn with_created(mut self, intent: &Intent, answer: &CreatedChildOrganization) -> Self {
        self.children.rows.push(ChildOrganization {
            organization_id: answer.child_organization_id,
            organization_name: intent.organization_name.clone(),
            operations_allocated: i64::try_from(intent.operations.get()).unwrap_or(i64::MAX),
            country_id: Some(intent.country_id),
            timezone_id: None,
            zone_id: None,
            zone_domain: answer.domain.clone(),
            zone_name: None,
        });
        self.pool = answer.new_parent_operations;
        self
    }

    /// Takes an allocation over that was set on it.
    pub(crate) fn with_allocated(mut self, child: OrganizationId, answer: &Allocation) -> Self {
        for row in self.children.rows.iter_mut().filter(|row| row.organization_id == child) {
            row.operations_allocated = answer.new_child_operations;
        }
        self.pool = Some(answer.new_parent_operations);
        self
    }

    /// Returns the children, in the server's order.
    #[must_use]
    pub fn children(&self) -> &[ChildOrganization] {
        &self.children.rows
    }

    /// Says whether the server proved that these are all:
    /// [`ChildOrganizations::is_complete`](crate::ChildOrganizations::is_complete).
    #[must_use]
    pub const fn is_complete(&self) -> bool {
        self.children.is_complete
    }

    /// Returns the distributor; nothing where the token may not read it.
    #[must_use]
    pub const fn organization(&self) -> Option<&Organization> {
        self.organization.as_ref()
    }
}

/// Looks that a client and its clones keep for the writes to come, by distributor.
#[derive(Debug, Default)]
pub(crate) struct Looks(Mutex<HashMap<OrganizationId, Kept>>);

#[derive(Debug, Default)]
struct Kept {
    look: Option<Look>,
    /// How often something was sent or read, so that a write keeps its look only where nothing else happened meanwhile.
    generation: Generation,
}

/// State of a kept look.
pub(crate) type Generation = u64;

impl Looks {
    /// Returns the look, and keeps it for others where the writes share it.
    pub(crate) fn get(&self, parent: OrganizationId, is_shared: bool) -> Option<Look> {
        let mut looks = self.looks();
        let kept = looks.get_mut(&parent)?;
        if is_shared { kept.look.clone() } else { kept.look.take() }
    }

    /// Keeps a look that was read just now.
    pub(crate) fn keep(&self, parent: OrganizationId, look: Look) {
        let mut looks = self.looks();
        let kept = looks.entry(parent).or_default();
        *kept = Kept { look: Some(look), generation: kept.generation + 1 };
    }

    /// Forgets the look, since something is about to be sent.
    pub(crate) fn forget(&self, parent: OrganizationId) -> Generation {
        let mut looks = self.looks();
        let kept = looks.entry(parent).or_default();
        *kept = Kept { look: None, generation: kept.generation + 1 };
        kept.generation
    }

    /// Keeps the look of a write that was answered, unless something else was sent or read since it was sent.
    pub(crate) fn keep_written(&self, parent: OrganizationId, look: Look, since: Generation) {
        if let Some(kept) = self.looks().get_mut(&parent).filter(|kept| kept.generation == since) {
            kept.look = Some(look);
        }
    }

    fn looks(&self) -> MutexGuard<'_, HashMap<OrganizationId, Kept>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
