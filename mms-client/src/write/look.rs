//! Look at a distributor before a write, how old it may be when the write is sent, and what the writes of a batch share of it.

use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use mms_types::{Allocation, ChildOrganization, CreatedChildOrganization, Organization, OrganizationId};
use progenitor_client::ClientInfo as _;

use crate::error::Error;
use crate::http::generated::Client;
use crate::write::distributor::{CarefulClient, Children, Distributor};
use crate::write::journal::Intent;

/// Time from the end of a look to the first byte of the write that is decided on it.
const MAX_AGE: Duration = Duration::from_secs(2);

/// The same for the writes of a batch, and where a look costs more than [`DEAR`] requests.
const MAX_SHARED_AGE: Duration = Duration::from_secs(60);

/// Most requests of a look that is made anew for every write.
const DEAR: usize = 10;

/// Part of the age that is left for the connection: the turn has to come before it.
const CONNECTION: Duration = Duration::from_millis(500);

/// State of a distributor at one time, on which a careful write is decided; read by [`Client::look`].
#[derive(Debug, Clone)]
pub struct Look {
    pub(crate) children: Children,
    organization: Option<Organization>,
    pool: Option<i64>,
    /// Whether the pool was read after the list. One that was read before it proves nothing about the children in it.
    pub(crate) is_pool_after: bool,
    /// When the list had been read, by the distributor's clock.
    read_at: Duration,
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

/// When the pool is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Pool {
    /// After the list: what others create in between makes the pool look smaller than it was, and then an absence is reported as
    /// unproven rather than as a contradiction that is none.
    After,
    /// Before it, so that the write follows the list at once. Where the pool was so slow that the list got too old.
    Before,
}

impl Look {
    /// Reads the list and the organization. An organization that cannot be read is none.
    pub(crate) async fn read<D: Distributor>(
        distributor: &D,
        parent: OrganizationId,
        purpose: Purpose,
        pool: Pool,
    ) -> Result<Self, D::Error> {
        distributor.begin_look();
        let before = if pool == Pool::Before { read_organization(distributor, parent).await } else { None };
        let children = distributor.children(parent, purpose).await?;
        let read_at = distributor.clock().now();
        let organization = if pool == Pool::After { read_organization(distributor, parent).await } else { before };
        let left = organization.as_ref().and_then(pool_of);
        Ok(Self { children, pool: left, organization, is_pool_after: pool == Pool::After, read_at })
    }

    /// Returns the look that was kept, if a write may still be decided on it, or else reads.
    pub(crate) async fn kept_or_read<D: Distributor>(
        distributor: &D,
        parent: OrganizationId,
        purpose: Purpose,
        pool: Pool,
    ) -> Result<Self, D::Error> {
        let is_of_use = |look: &Self| {
            let proves_the_end = purpose == Purpose::Allocate || look.children.is_confirmed;
            proves_the_end && distributor.clock().now() < look.latest_turn(distributor)
        };
        let looks = distributor.looks();
        if let Some(look) = looks.and_then(|looks| looks.get(parent, distributor.is_batch())).filter(is_of_use) {
            return Ok(look);
        }
        let look = Self::read(distributor, parent, purpose, pool).await?;
        if let Some(looks) = looks.filter(|_| distributor.is_batch()) {
            looks.keep(parent, look.clone());
        }
        Ok(look)
    }

    /// Returns when a write that is decided on this has to have its turn at the latest.
    pub(crate) fn latest_turn(&self, distributor: &impl Distributor) -> Duration {
        let is_shared = distributor.is_batch() || self.children.requests > DEAR;
        let age = if is_shared { MAX_SHARED_AGE } else { MAX_AGE };
        self.read_at.saturating_add(age.saturating_sub(CONNECTION))
    }

    /// Keeps this for the next writes of a batch, of which the one that was sent last was answered.
    pub(crate) fn keep_written(self, distributor: &impl Distributor, parent: OrganizationId, since: Generation) {
        if let Some(looks) = distributor.looks().filter(|_| distributor.is_batch()) {
            looks.keep_written(parent, self, since);
        }
    }

    /// Forgets the look that is kept, since something is about to be sent.
    pub(crate) fn forget(distributor: &impl Distributor, parent: OrganizationId) -> Generation {
        distributor.looks().map_or(0, |looks| looks.forget(parent))
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

/// Returns what an organization has in its pool.
fn pool_of(organization: &Organization) -> Option<i64> {
    organization.license.as_ref()?.operations
}

/// Reads what is left in the pool; nothing where the server does not say.
pub(crate) async fn read_pool<D: Distributor>(distributor: &D, parent: OrganizationId) -> Option<i64> {
    pool_of(&read_organization(distributor, parent).await?)
}

/// Reads the distributor. Without it writes are as safe, and less can be said of them.
async fn read_organization<D: Distributor>(distributor: &D, parent: OrganizationId) -> Option<Organization> {
    let read = distributor.organization(parent).await;
    read.inspect_err(|error| tracing::debug!(%error, "the pool cannot be read")).ok()
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

impl Client {
    /// Reads the children of a distributor and the distributor itself, and keeps both for the careful write that follows.
    ///
    /// Whoever shows a plan before a write reads anyway: [`create_child_once`](Client::create_child_once) and
    /// [`set_allocation`](Client::set_allocation) decide on this look, and read no second time, unless it is older than 2 s (60 s in
    /// a [batch](Client::batch), or where it took more than ten requests). A look for a create serves an allocation, too.
    ///
    /// It costs a request for each page, one more for a create, and one for the organization.
    ///
    /// ```no_run
    /// use mms_client::{Purpose, types::OrganizationId};
    ///
    /// # async fn example(client: mms_client::Client) -> Result<(), mms_client::Error> {
    /// let look = client.look(OrganizationId::new(11), Purpose::Allocate).await?;
    /// println!("{} children", look.children().len());
    /// # Ok(())
    /// # }
    /// ```
    pub async fn look(&self, parent: OrganizationId, purpose: Purpose) -> Result<Look, Error> {
        let look = Look::read(&CarefulClient::new(self, parent), parent, purpose, Pool::After).await?;
        self.inner().looks.keep(parent, look.clone());
        Ok(look)
    }

    /// Returns a clone whose careful writes share a look for up to 60 s: `k` writes one after the other cost `k` requests and one
    /// look a minute.
    ///
    /// Each write takes what it changed over into the look. A 429, a lost answer or a refusal ends it, and the next write looks
    /// anew. What others do in that minute is not seen before a write: a name that a colleague created may be created a second
    /// time, and an allocation that they set is overwritten, which its outcome tells.
    ///
    /// ```no_run
    /// use mms_client::types::OrganizationId;
    ///
    /// # async fn example(client: mms_client::Client) -> Result<(), mms_client::SetAllocationError> {
    /// let (client, distributor) = (client.batch(), OrganizationId::new(11));
    /// for child in [101, 102, 103] {
    ///     client.set_allocation(distributor, OrganizationId::new(child), "20000".parse().unwrap(), None).await?;
    /// }
    /// # Ok(())
    /// # }
    /// ```
    #[must_use]
    pub fn batch(&self) -> Self {
        Self::new_with_client(self.baseurl(), self.client().clone(), self.inner().for_batch())
    }
}
