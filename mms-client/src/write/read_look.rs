//! Reading of a look: anew, or the one that is kept for the write to come.

use std::ops::Deref;
use std::sync::Arc;

use mms_types::{Organization, OrganizationId};
use progenitor_client::ClientInfo as _;

use crate::error::Error;
use crate::http::generated::Client;
use crate::write::distributor::{CarefulClient, Distributor};
use crate::write::look::{Look, Pass, Purpose, Write};

/// Requests of a look and its write: the list, the pool, the write. Further pages of the list are not counted, since a look of
/// many pages may be older.
const LOOK_AND_WRITE: usize = 3;

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
        // The look of a batch may be older than its writes are late, so that nothing need follow it at once.
        distributor.begin_look(if distributor.is_batch() { 1 } else { LOOK_AND_WRITE });
        let basis = distributor.looks().basis(parent);
        let before = if pool == Pool::Before { read_organization(distributor, parent).await } else { None };
        let children = distributor.children(parent, purpose).await?;
        let read_at = distributor.clock().now();
        let organization = if pool == Pool::After { read_organization(distributor, parent).await } else { before };
        let left = organization.as_ref().and_then(pool_of);
        Ok(Self { children, pool: left, organization, is_pool_after: pool == Pool::After, read_at, basis })
    }

    /// Returns the look that was kept, if a write may still be decided on it, or else reads. Of the writes of a batch one reads, when
    /// none is under way, and the others share what it read.
    pub(crate) async fn kept_or_read<D: Distributor>(
        distributor: &D,
        parent: OrganizationId,
        purpose: Purpose,
        pool: Pool,
    ) -> Result<HeldLook, D::Error> {
        let (looks, is_batch) = (distributor.looks(), distributor.is_batch());
        let is_of_use = |look: &Arc<Self>| {
            let proves_the_end = purpose == Purpose::Allocate || look.children.is_confirmed;
            proves_the_end && distributor.clock().now() < look.latest_turn(is_batch)
        };
        let kept = || looks.get(parent, is_batch).filter(is_of_use);
        if !is_batch {
            let look = match kept() {
                Some(look) => look,
                None => Arc::new(Self::read(distributor, parent, purpose, pool).await?),
            };
            return Ok(HeldLook { look, pass: None, is_of_others: false });
        }
        let batch = looks.batch(parent);
        loop {
            let pass = Arc::clone(&batch).read_owned().await;
            if let Some(look) = kept() {
                return Ok(HeldLook { look, pass: Some(pass), is_of_others: true });
            }
            drop(pass);
            let alone = Arc::clone(&batch).write_owned().await;
            if kept().is_none() {
                let look = Arc::new(Self::read(distributor, parent, purpose, pool).await?);
                looks.keep(parent, Arc::clone(&look));
                return Ok(HeldLook { look, pass: Some(alone.downgrade()), is_of_others: false });
            }
        }
    }
}

/// Look that a write is decided on, with its place in a batch.
#[derive(Debug)]
pub(crate) struct HeldLook {
    look: Arc<Look>,
    pass: Option<Pass>,
    is_of_others: bool,
}

impl HeldLook {
    /// Says whether another write of the batch has read it.
    pub(crate) const fn is_of_others(&self) -> bool {
        self.is_of_others
    }

    /// Begins a write to a child, or a create, that is decided on this.
    pub(crate) fn begin_write<'a>(
        &mut self,
        distributor: &'a impl Distributor,
        parent: OrganizationId,
        child: Option<OrganizationId>,
    ) -> Write<'a> {
        let pass = self.pass.take();
        distributor.looks().begin_write(parent, child, &self.look, distributor.is_batch(), pass)
    }
}

impl Deref for HeldLook {
    type Target = Look;

    fn deref(&self) -> &Look {
        &self.look
    }
}

impl From<Look> for HeldLook {
    fn from(look: Look) -> Self {
        Self { look: Arc::new(look), pass: None, is_of_others: false }
    }
}

/// Returns what an organization has in its pool.
fn pool_of(organization: &Organization) -> Option<i64> {
    organization.license.as_ref()?.operations
}

/// Reads what is left in the pool, on its own; nothing where the server does not say.
pub(crate) async fn read_pool<D: Distributor>(distributor: &D, parent: OrganizationId) -> Option<i64> {
    distributor.begin_look(1);
    pool_of(&read_organization(distributor, parent).await?)
}

/// Reads the distributor. Without it writes are as safe, and less can be said of them.
async fn read_organization<D: Distributor>(distributor: &D, parent: OrganizationId) -> Option<Organization> {
    let read = distributor.organization(parent).await;
    read.inspect_err(|error| tracing::debug!(%error, "the pool cannot be read")).ok()
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
        self.inner().looks.keep(parent, Arc::new(look.clone()));
        Ok(look)
    }

    /// Returns a clone whose careful writes share a look for up to 60 s: `k` writes one after the other cost `k` requests and one
    /// look a minute.
    ///
    /// Each write takes what it changed over into the look. A 429, a lost answer, a refusal or another write at the same time ends it,
    /// and the next write looks anew. What others do in that minute is not seen before a write: a name that a colleague created may be created a second
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
