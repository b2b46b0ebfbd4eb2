//! Look at a distributor before a write, and how old it may be when the write is sent.

use std::time::Duration;

use mms_types::OrganizationId;

use crate::write::distributor::{Children, Distributor};

/// Time from the end of a look to the first byte of the write that is decided on it.
const MAX_AGE: Duration = Duration::from_secs(2);

/// The same where a look costs more than [`DEAR`] requests.
const MAX_AGE_OF_A_DEAR_ONE: Duration = Duration::from_secs(60);

/// Most requests of a look that is made anew for every write.
const DEAR: usize = 10;

/// Part of the age that is left for the connection: the turn has to come before it.
const CONNECTION: Duration = Duration::from_millis(500);

/// State of a distributor at one time.
#[derive(Debug, Clone)]
pub(crate) struct Look {
    pub(crate) children: Children,
    /// What is left in the pool; nothing where the server does not say.
    pub(crate) pool: Option<i64>,
    /// When the list had been read, by the distributor's clock.
    read_at: Duration,
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
    /// Reads the list and the pool. A pool that cannot be read is none.
    pub(crate) async fn read<D: Distributor>(
        distributor: &D,
        parent: OrganizationId,
        pool: Pool,
    ) -> Result<Self, D::Error> {
        distributor.begin_look();
        let before = if pool == Pool::Before { read_pool(distributor, parent).await } else { None };
        let children = distributor.children(parent).await?;
        let read_at = distributor.clock().now();
        let pool = if pool == Pool::After { read_pool(distributor, parent).await } else { before };
        Ok(Self { children, pool, read_at })
    }

    /// Returns when a write that is decided on this has to have its turn at the latest.
    pub(crate) fn latest_turn(&self) -> Duration {
        let age = if self.children.requests > DEAR { MAX_AGE_OF_A_DEAR_ONE } else { MAX_AGE };
        self.read_at.saturating_add(age.saturating_sub(CONNECTION))
    }
}

/// Reads the pool. Without it writes are as safe, and less can be said of them.
pub(crate) async fn read_pool<D: Distributor>(distributor: &D, parent: OrganizationId) -> Option<i64> {
    let read = distributor.pool(parent).await;
    read.inspect_err(|error| tracing::debug!(%error, "the pool cannot be read")).ok().flatten()
}
