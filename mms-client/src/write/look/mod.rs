//! Look at a distributor before a write, and how old it may be when the write is sent.

mod kept;

use std::time::Duration;

use mms_types::{ChildOrganization, CreatedChildOrganization, Organization, OrganizationId};

use crate::write::journal::Intent;
use kept::Generation;
pub(super) use kept::Pass;
pub(crate) use kept::{Looks, Write};

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

    /// Adds up what the children have been allocated; nothing where the server does not say it of one.
    pub(crate) fn allocated(&self) -> Option<i64> {
        self.rows.iter().try_fold(0_i64, |sum, child| Some(sum.saturating_add(child.operations_allocated?)))
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
    /// The writes that had begun before it was; nothing where one of them had not ended, so that it may show it or not.
    pub(super) basis: Option<Generation>,
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
    pub(crate) fn add_created(&mut self, intent: &Intent, answer: &CreatedChildOrganization) {
        self.children.rows.push(ChildOrganization {
            organization_id: answer.child_organization_id,
            organization_name: Some(intent.organization_name.clone()),
            operations_allocated: i64::try_from(intent.operations.get()).ok(),
            country_id: Some(intent.country_id),
            timezone_id: None,
            zone_id: None,
            zone_domain: answer.domain.clone(),
            zone_name: None,
        });
        self.take(i128::from(intent.operations.get()), answer.new_parent_operations);
    }

    /// Takes an allocation over that was set on it. `left` is what the pool had then, where no other write was under way.
    pub(crate) fn set_allocated(&mut self, child: OrganizationId, now: i64, left: Option<i64>) {
        let row = self.children.rows.iter_mut().find(|row| row.organization_id == child);
        let before = row.and_then(|row| row.operations_allocated.replace(now));
        match before {
            Some(before) => self.take(i128::from(now) - i128::from(before), left),
            None => self.pool = left,
        }
    }

    fn take(&mut self, taken: i128, left: Option<i64>) {
        let less = |pool: i64| i64::try_from(i128::from(pool) - taken).ok();
        self.pool = left.or_else(|| self.pool.and_then(less));
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
