//! Consumption in the course of an apply: no child is lowered by an old reading of it.

use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::time::Duration;

use futures_util::lock::Mutex;
use mms_client::CarefulWrites;
use mms_client::types::{Centicredits, ChildOrganizationConsumption, OrganizationId};

/// Time for which a reading serves the decreases that begin.
const SERVES: Duration = Duration::from_secs(60);

/// What the children of a distributor had consumed when that was read.
#[derive(Debug, Clone)]
pub struct Consumption {
    read_at: Duration,
    consumed: HashMap<OrganizationId, ChildOrganizationConsumption>,
}

impl Consumption {
    /// Takes the rows of a reading that was asked for at a time, by the clock of the writes ([`CarefulWrites::clock`]).
    ///
    /// Of several rows of one child the largest counts, and one that does not say how much is larger than any.
    #[must_use]
    pub fn new(read_at: Duration, rows: &[ChildOrganizationConsumption]) -> Self {
        let mut consumed = HashMap::with_capacity(rows.len());
        for row in rows {
            match consumed.entry(row.organization_id) {
                Entry::Vacant(free) => {
                    free.insert(row.clone());
                }
                Entry::Occupied(mut known) if row.compare_consumed(known.get()).is_gt() => {
                    known.insert(row.clone());
                }
                Entry::Occupied(_) => {}
            }
        }
        Self { read_at, consumed }
    }

    /// Returns what a child has consumed; nothing where the server does not say.
    #[must_use]
    pub fn of(&self, child: OrganizationId) -> Option<Centicredits> {
        self.consumed.get(&child)?.centicredits_consumed
    }

    /// Returns the children of which the server says what they have consumed, as a plan takes them
    /// ([`Observed::consumption`](crate::Observed::consumption)).
    #[must_use]
    pub fn known(&self) -> HashMap<OrganizationId, Centicredits> {
        self.consumed.iter().filter_map(|(id, row)| Some((*id, row.centicredits_consumed?))).collect()
    }
}

/// The newest reading, which all steps share.
#[derive(Debug, Default)]
pub(super) struct SharedConsumption(Mutex<Option<Consumption>>);

impl SharedConsumption {
    pub(super) fn new(known: Option<Consumption>) -> Self {
        Self(known.into())
    }

    /// Returns what a child has consumed by a reading of the last minute; nothing where the server does not say.
    pub(super) async fn of<W: CarefulWrites>(
        &self,
        writes: &W,
        parent: OrganizationId,
        child: OrganizationId,
    ) -> Result<Option<Centicredits>, W::Error> {
        let mut known = self.0.lock().await;
        let now = writes.clock().now();
        if let Some(known) = known.as_ref().filter(|known| now < known.read_at.saturating_add(SERVES)) {
            return Ok(known.of(child));
        }
        let rows = writes.consumption(parent).await?;
        Ok(known.insert(Consumption::new(now, &rows)).of(child))
    }
}
