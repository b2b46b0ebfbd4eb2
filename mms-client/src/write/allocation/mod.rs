//! Change of a child's allocation, with knowledge of what it is afterwards.

mod error;
#[cfg(test)]
mod tests;

use std::time::Duration;

use mms_types::{Allocation, Operations, OrganizationId};

use crate::http::generated::Client;
use crate::write::distributor::{Delivery, Distributor};
use error::Kind;
pub use error::SetAllocationError;

/// Waits before a total that did not arrive is sent again; it is sent at most once more than there are waits. A total that a
/// server takes so much later than it hung up is rare, and harmless unless somebody else wrote.
const WAITS: [Duration; 2] = [Duration::from_secs(2), Duration::from_secs(8)];

/// A child's allocation after it was set.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct SetAllocation {
    /// What the child had before, in operations.
    pub before: i64,
    /// What it has now: what was asked for.
    pub now: Operations,
    /// How that is known.
    pub proof: Proof,
    /// What is left in the distributor's pool by the server's answer; nothing where there was none.
    pub pool: Option<i64>,
    /// What should be left in it by what was read before; nothing where the token may not read the pool. Another number than
    /// [`pool`](Self::pool) means that somebody else took operations out of the pool, or put some back, in between: of this child
    /// the answer is right all the same.
    pub expected_pool: Option<i64>,
}

/// How it is known that a child has its allocation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Proof {
    /// The child had it before, and nothing was sent.
    Unchanged,
    /// The server answered so.
    Answered,
    /// The answer was lost, and the list shows it.
    ReadBack,
}

impl SetAllocation {
    /// Says whether somebody else moved operations of the same pool at the same time.
    #[must_use]
    pub fn shows_another_writer(&self) -> bool {
        self.pool.zip(self.expected_pool).is_some_and(|(pool, expected)| pool != expected)
    }
}

impl Client {
    /// Sets a child's allocation to a new total, and knows in the end what it is.
    ///
    /// It reads the child first. Where the child does not have what is `expected`, nothing is sent
    /// ([`is_unexpected`](SetAllocationError::is_unexpected)); where it has the total already, nothing need be. Then the total
    /// is sent. Where the answer is lost the child is read again: the total there is a success; the old value, which is read once
    /// more after 2 s and after 8 s, means that the total is sent again, three times in all; a third value is another writer's,
    /// and ends it.
    ///
    /// An answer with another total than the one that was sent is an error ([`is_other_writer`](SetAllocationError::is_other_writer)).
    /// An answer whose pool does not add up is a success with a note ([`SetAllocation::shows_another_writer`]), since whoever
    /// allocates to another child moves the same pool.
    ///
    /// Make has no way to say "only if it is still so": whoever writes between the reading and the sending is overwritten.
    ///
    /// Undisturbed it costs two reads and the write; each further attempt costs two reads more. Every request has the time of a
    /// call, [`total_timeout`](crate::ClientBuilder::total_timeout), so that on the worst day all of them may take ten times that.
    ///
    /// ```no_run
    /// use mms_client::types::OrganizationId;
    ///
    /// # async fn example(client: mms_client::Client) -> Result<(), Box<dyn std::error::Error>> {
    /// let (distributor, child) = (OrganizationId::new(11), OrganizationId::new(124));
    /// match client.set_allocation(distributor, child, "20000".parse()?, Some(10_000)).await {
    ///     Ok(set) => println!("{} -> {}", set.before, set.now),
    ///     Err(error) if error.maybe_set() => println!("look before anything else: {error}"),
    ///     Err(error) => println!("nothing was changed: {error}"),
    /// }
    /// # Ok(())
    /// # }
    /// ```
    pub async fn set_allocation(
        &self,
        parent: OrganizationId,
        child: OrganizationId,
        operations: Operations,
        expected: Option<i64>,
    ) -> Result<SetAllocation, SetAllocationError> {
        Change { distributor: self, parent, child, operations }.make(expected).await
    }
}

/// One change of an allocation.
struct Change<'a, D> {
    distributor: &'a D,
    parent: OrganizationId,
    child: OrganizationId,
    operations: Operations,
}

impl<D: Distributor> Change<'_, D> {
    async fn make(&self, expected: Option<i64>) -> Result<SetAllocation, SetAllocationError> {
        let before = self.read().await?;
        if let Some(expected) = expected.filter(|expected| *expected != before) {
            return Err(self.error(Kind::Unexpected { expected, found: before }, None));
        }
        let set =
            SetAllocation { before, now: self.operations, proof: Proof::Unchanged, pool: None, expected_pool: None };
        if before == self.target() {
            return Ok(set);
        }
        let pool = self.distributor.pool(self.parent).await;
        let pool = pool.inspect_err(|error| tracing::debug!(%error, "the pool cannot be read")).ok().flatten();
        let expected_pool = pool.map(|pool| pool.saturating_add(before).saturating_sub(self.target()));
        let set = SetAllocation { expected_pool, ..set };

        let mut waits = WAITS.iter();
        let mut was_lost = false;
        loop {
            // A request that was lost before may arrive after all, so what is said of a later one is not the end of it.
            let (lost, may_repeat) = match self.distributor.allocate(self.parent, self.child, self.operations).await {
                Delivery::Done(answer) => return self.answered(set, &answer),
                Delivery::Refused(error) if !was_lost => return Err(self.error(Kind::Refused, Some(error.into()))),
                Delivery::Unsent(error) if !was_lost => return Err(self.error(Kind::Unsent, Some(error.into()))),
                Delivery::Refused(error) | Delivery::Unsent(error) => (error, false),
                Delivery::Unknown(error) => (error, true),
            };
            was_lost = true;
            let mut found = self.read_back().await;
            if may_repeat
                && found == Some(before)
                && let Some(wait) = waits.next()
            {
                self.distributor.clock().sleep(*wait).await;
                // By now another may have written, or the lost request have come.
                found = self.read_back().await;
                if found == Some(before) {
                    continue;
                }
            }
            if found == Some(self.target()) {
                return Ok(SetAllocation { proof: Proof::ReadBack, ..set });
            }
            let kind = match found {
                Some(found) if found != before => Kind::OtherWriter { found },
                _ => Kind::Unknown,
            };
            return Err(self.error(kind, Some(lost.into())));
        }
    }

    fn answered(&self, set: SetAllocation, answer: &Allocation) -> Result<SetAllocation, SetAllocationError> {
        if answer.new_child_operations != self.target() {
            return Err(self.error(Kind::OtherWriter { found: answer.new_child_operations }, None));
        }
        Ok(SetAllocation { proof: Proof::Answered, pool: Some(answer.new_parent_operations), ..set })
    }

    /// Reads what the child has before anything is sent.
    async fn read(&self) -> Result<i64, SetAllocationError> {
        let children = self.distributor.children(self.parent).await;
        let children = children.map_err(|error| self.error(Kind::Unread, Some(error.into())))?;
        let kind = if children.is_complete { Kind::NoChild } else { Kind::Unlisted };
        let child = children.find(self.child).ok_or_else(|| self.error(kind, None))?;
        Ok(child.operations_allocated)
    }

    /// Reads what the child has after an answer was lost; nothing where that cannot be seen.
    async fn read_back(&self) -> Option<i64> {
        let read = self.distributor.children(self.parent).await;
        let children = read.inspect_err(|error| tracing::debug!(%error, "the child cannot be read back")).ok()?;
        Some(children.find(self.child)?.operations_allocated)
    }

    /// Returns the total as lists and answers say it; no allocation is beyond their type.
    fn target(&self) -> i64 {
        i64::try_from(self.operations.get()).unwrap_or(i64::MAX)
    }

    fn error(&self, kind: Kind, source: Option<Box<dyn std::error::Error + Send + Sync>>) -> SetAllocationError {
        SetAllocationError::new(self.child, self.operations, kind, source)
    }
}
