//! Change of a child's allocation, with knowledge of what it is afterwards.

mod error;
mod expected;
mod outcome;
pub(crate) mod settle;
mod settle_error;
#[cfg(test)]
mod tests;

use std::time::Duration;

use mms_types::{Allocation, ChildOrganization, Operations, OrganizationId};

use crate::http::generated::Client;
use crate::write::distributor::{CarefulClient, Delivery, Distributor, MAX_TURNS};
use crate::write::journal::{AllocationIntent, AllocationOutcome, IntentId, WriteJournal, milliseconds_since_boot};
use crate::write::look::{Children, Look, Purpose};
use crate::write::read_look::{HeldLook, Pool};
pub use error::SetAllocationError;
use error::{Kind, Source};
pub use expected::ExpectedChild;
pub use outcome::{Overwritten, Proof, SetAllocation};
pub use settle::SettledAllocation;
pub use settle_error::SettleError;

/// Waits before a total that did not arrive is sent again; it is sent at most once more than there are waits. A total that a
/// server takes so much later than it hung up is rare, and harmless unless somebody else wrote.
const WAITS: [Duration; 2] = [Duration::from_secs(2), Duration::from_secs(8)];

impl Client {
    /// Sets a child's allocation to a new total, and knows in the end what it is.
    ///
    /// It reads the child first. Where the child is not as `expected` - its operations, or its name, which another child has by
    /// now - nothing is sent ([`is_unexpected`](SetAllocationError::is_unexpected)); where it has the total already, nothing need
    /// be. A child that the server lists without its allocation is not touched
    /// ([`is_incomplete`](SetAllocationError::is_incomplete)). Then the total is sent, at most 2 s after the reading, or 60 s in a [batch](Client::batch) and where the list takes more
    /// than ten requests. After a 429, and where it never left, it waits, reads again, and
    /// goes on only while the child has what it had. Where the answer is lost the child is read again: the total there is a
    /// success; the old value, which is read once more after 2 s and after 8 s, means that the total is sent again, three times in
    /// all; a third value is another writer's, and ends it. After a refusal the child is read, too.
    ///
    /// An answer with another total than the one that was sent is an error ([`is_other_writer`](SetAllocationError::is_other_writer)).
    /// One whose difference does not add up is a success that names what was overwritten ([`SetAllocation::overwritten`]); one
    /// whose pool does not add up is a success with a note ([`SetAllocation::shows_another_writer`]), since whoever allocates to
    /// another child moves the same pool.
    ///
    /// Make has no way to say "only if it is still so": whoever writes in that time between the reading and the sending is
    /// overwritten, and the answer says so.
    ///
    /// Undisturbed it costs two reads and the write; each further attempt costs up to three reads more. Every request has the time
    /// of a call, [`total_timeout`](crate::ClientBuilder::total_timeout), so that on the worst day all of them may take ten times
    /// that.
    ///
    /// ```no_run
    /// use mms_client::types::OrganizationId;
    ///
    /// # async fn example(client: mms_client::Client) -> Result<(), Box<dyn std::error::Error>> {
    /// let (distributor, child) = (OrganizationId::new(11), OrganizationId::new(124));
    /// match client.set_allocation(distributor, child, "20000".parse()?, 10_000).await {
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
        expected: impl Into<ExpectedChild>,
    ) -> Result<SetAllocation, SetAllocationError> {
        let distributor = &CarefulClient::new(self, parent);
        Change { distributor, journal: None, parent, child, operations }.make(&expected.into()).await
    }

    /// Sets a child's allocation as [`set_allocation`](Self::set_allocation) does, and writes the intent into a journal before the
    /// total is sent, and the outcome after it.
    ///
    /// While the journal cannot be written nothing is sent. What a death of the process left open
    /// [`settle_open_allocations`](Self::settle_open_allocations) finds out. Where the child has the total already nothing is
    /// written down.
    ///
    /// ```
    /// use mms_client::types::OrganizationId;
    /// use mms_client::{Client, MemoryJournal, SetAllocationError};
    ///
    /// # async fn example(client: Client) -> Result<(), SetAllocationError> {
    /// let (distributor, child, journal) = (OrganizationId::new(11), OrganizationId::new(124), MemoryJournal::new());
    /// let set = client.set_allocation_recorded(distributor, child, "20000".parse().unwrap(), 10_000, &journal).await?;
    /// println!("{} -> {}", set.before, set.now);
    /// # Ok(())
    /// # }
    /// ```
    pub async fn set_allocation_recorded(
        &self,
        parent: OrganizationId,
        child: OrganizationId,
        operations: Operations,
        expected: impl Into<ExpectedChild>,
        journal: &dyn WriteJournal,
    ) -> Result<SetAllocation, SetAllocationError> {
        let distributor = &CarefulClient::new(self, parent);
        Change { distributor, journal: Some(journal), parent, child, operations }.make(&expected.into()).await
    }
}

/// One change of an allocation.
pub(crate) struct Change<'a, D> {
    pub(crate) distributor: &'a D,
    /// Where it is written down.
    pub(crate) journal: Option<&'a dyn WriteJournal>,
    pub(crate) parent: OrganizationId,
    pub(crate) child: OrganizationId,
    pub(crate) operations: Operations,
}

/// Course of one change.
struct Course<'a> {
    /// Waits that are left before a total whose answer was lost is sent again.
    waits: std::slice::Iter<'a, Duration>,
    since: Duration,
    /// How often the total was sent, or tried to be.
    attempts: u32,
    /// Whether an answer was a 429, which some gateways send after the work.
    was_limited: bool,
    /// Whether an answer was lost: that request may arrive after all, so what is said of a later one is not the end of it.
    was_lost: bool,
}

impl Course<'_> {
    /// Says whether the total was sent before, and may have been set then.
    const fn is_resent(&self) -> bool {
        self.was_limited || self.was_lost
    }
}

/// What a failed send asks for.
enum Next {
    /// Another look after this wait, and the total again while the child has what it had.
    LookAfter(Duration),
    /// A look at once, and then another after this wait.
    LookTwice(Duration),
    /// A look, and no further send.
    Stop,
}

impl<D: Distributor> Change<'_, D> {
    pub(crate) async fn make(&self, expected: &ExpectedChild) -> Result<SetAllocation, SetAllocationError> {
        for _ in 0..MAX_TURNS {
            let mut look = self.look_before(Pool::After).await?;
            let before = match self.judge(&look.children, expected) {
                // What others read may lack what a look of its own shows.
                Err(error) if error.is_for_want_of_a_row() && look.is_of_others() => {
                    drop(look.begin_write(self.distributor, self.parent, Some(self.child)));
                    continue;
                }
                judged => judged?,
            };
            if before == self.target() {
                return Ok(SetAllocation::unchanged(before, self.operations));
            }
            let Some(journal) = self.journal else { return self.send(look, before, expected).await };
            // A process that dies while it waits for its turn leaves no intent behind.
            if self.distributor.take_turn(look.latest_turn(self.distributor.is_batch())).await {
                return self.send_recorded(look, before, expected, journal).await;
            }
            drop(look.begin_write(self.distributor, self.parent, Some(self.child)));
        }
        Err(self.error(Kind::Unsent, None))
    }

    /// Sends the total of a look, between intent and outcome in a journal.
    async fn send_recorded(
        &self,
        look: HeldLook,
        before: i64,
        expected: &ExpectedChild,
        journal: &dyn WriteJournal,
    ) -> Result<SetAllocation, SetAllocationError> {
        let intent = self.intent(&look, before);
        journal.record_allocation(&intent).map_err(|error| self.error(Kind::Journal, Some(error.into())))?;
        let set = self.send(look, before, expected).await;
        let (at, outcome) = (self.distributor.clock().wall().into(), outcome_of(&set));
        match (journal.record_allocation_outcome(&intent.id, at, &outcome), set) {
            (Ok(()), set) => set,
            (Err(error), Ok(_)) => Err(self.error(Kind::Unrecorded, Some(error.into()))),
            (Err(error), Err(set)) => {
                tracing::warn!(%error, "the outcome of an allocation cannot be written down");
                Err(set)
            }
        }
    }

    /// Sends the total of a look, and again where that is right, until it is known what the child has.
    async fn send(
        &self,
        mut look: HeldLook,
        before: i64,
        expected: &ExpectedChild,
    ) -> Result<SetAllocation, SetAllocationError> {
        let mut course = Course {
            waits: WAITS.iter(),
            since: self.distributor.clock().now(),
            attempts: 0,
            was_limited: false,
            was_lost: false,
        };
        let mut last_error: Option<Source> = None;
        loop {
            course.attempts += 1;
            let (latest, pool) = (look.latest_turn(self.distributor.is_batch()), look.pool());
            let write = look.begin_write(self.distributor, self.parent, Some(self.child));
            // The batch has it alone now, and changes it without a copy.
            drop(look);
            let delivery = self.distributor.allocate(self.parent, self.child, self.operations, latest).await;
            let (next, kind) = match delivery {
                Delivery::Done(answer) => {
                    let is_alone = write.was_alone();
                    let set = self.answered(&answer, before, pool.filter(|_| is_alone), course.is_resent())?;
                    if !set.shows_another_writer() {
                        let left = is_alone.then_some(answer.new_parent_operations);
                        let now = answer.new_child_operations;
                        write.keep(|look| look.set_allocated(self.child, now, left));
                    }
                    return Ok(set);
                }
                Delivery::Stale if course.attempts < MAX_TURNS => (Next::LookAfter(Duration::ZERO), Kind::Unsent),
                Delivery::Stale => (Next::Stop, Kind::Unsent),
                Delivery::Unsent(error) => (self.after_pause(&course, error, &mut last_error), Kind::Unsent),
                Delivery::Limited(error) => {
                    course.was_limited = true;
                    (self.after_pause(&course, error, &mut last_error), Kind::Refused)
                }
                Delivery::Refused(error) => {
                    last_error = Some(error.into());
                    (Next::Stop, Kind::Refused)
                }
                Delivery::Unknown(error) => {
                    last_error = Some(error.into());
                    course.was_lost = true;
                    (course.waits.next().copied().map_or(Next::Stop, Next::LookTwice), Kind::Unknown)
                }
            };
            drop(write);
            let now = match next {
                Next::Stop => self.look_again(expected).await,
                Next::LookAfter(wait) => {
                    self.distributor.sleep(wait).await;
                    self.look_with_others(expected).await
                }
                Next::LookTwice(wait) => match self.look_again(expected).await {
                    Some((_, found)) if found == before => {
                        self.distributor.sleep(wait).await;
                        // By now another may have written, or the lost request have come.
                        self.look_again(expected).await
                    }
                    other => other,
                },
            };
            match (now, next) {
                (Some((_, found)), _) if found == self.target() => {
                    return Ok(SetAllocation::read_back(before, self.operations));
                }
                (Some((now, found)), Next::LookAfter(_) | Next::LookTwice(_)) if found == before => look = now,
                (Some((_, found)), _) if found != before => {
                    return Err(self.error(Kind::OtherWriter { found }, last_error));
                }
                // Nobody has seen that a 429 came before the work.
                (None, _) if course.was_limited => return Err(self.error(Kind::Unknown, last_error)),
                // What was seen of the last send is the end of it only where none before it may still arrive.
                _ if course.was_lost => return Err(self.error(Kind::Unknown, last_error)),
                _ => return Err(self.error(kind, last_error)),
            }
        }
    }

    /// Returns what follows a 429 or a request that never left.
    fn after_pause(&self, course: &Course<'_>, error: D::Error, last_error: &mut Option<Source>) -> Next {
        let pause = self.distributor.pause(course.attempts, &error, course.since);
        *last_error = Some(error.into());
        // After a lost answer a further failure is the end: the lost one is what counts.
        pause.filter(|_| !course.was_lost).map_or(Next::Stop, Next::LookAfter)
    }

    fn answered(
        &self,
        answer: &Allocation,
        before: i64,
        pool: Option<i64>,
        is_resent: bool,
    ) -> Result<SetAllocation, SetAllocationError> {
        if answer.new_child_operations != self.target() {
            return Err(self.error(Kind::OtherWriter { found: answer.new_child_operations }, None));
        }
        let expected_pool = pool.map(|pool| pool.saturating_add(before).saturating_sub(self.target()));
        Ok(SetAllocation::answered(before, self.operations, answer, expected_pool, is_resent))
    }

    /// Reads the distributor before anything is sent.
    async fn look_before(&self, pool: Pool) -> Result<HeldLook, SetAllocationError> {
        let look = Look::kept_or_read(self.distributor, self.parent, Purpose::Allocate, pool).await;
        look.map_err(|error| self.error(Kind::Unread, Some(error.into())))
    }

    /// Returns what the child has, unless it is not the child that the caller expects.
    fn judge(&self, children: &Children, expected: &ExpectedChild) -> Result<i64, SetAllocationError> {
        let kind = if children.is_complete { Kind::NoChild } else { Kind::Unlisted };
        let child = match (children.find(self.child), expected.operations) {
            (Some(child), _) => child,
            (None, Some(operations)) if expected.is_unlisted => return Ok(operations),
            (None, _) => return Err(self.error(kind, None)),
        };
        if let Some(name) = expected.name.as_ref().filter(|name| Some(*name) != child.organization_name.as_ref()) {
            let has_it = |other: &&ChildOrganization| other.organization_name.as_ref() == Some(name);
            if let Some(other) = children.rows.iter().find(has_it) {
                let (name, child) = (name.clone(), other.organization_id);
                return Err(self.error(Kind::Moved { name, child }, None));
            }
        }
        if child.organization_name.is_none() && expected.name.is_some() {
            return Err(self.error(Kind::Incomplete, None));
        }
        let Some(found) = expected.has(child.operations_allocated) else {
            return Err(self.error(Kind::Incomplete, None));
        };
        match expected.operations {
            Some(expected) if expected != found => Err(self.error(Kind::Unexpected { expected, found }, None)),
            _ => Ok(found),
        }
    }

    /// Reads the distributor and what the child has after something was sent; nothing where that cannot be seen.
    async fn look_again(&self, expected: &ExpectedChild) -> Option<(HeldLook, i64)> {
        let read = Look::read(self.distributor, self.parent, Purpose::Allocate, Pool::Before).await;
        self.found(expected, read.map(HeldLook::from))
    }

    /// Does the same after nothing was sent, or nothing but a 429 came of it: the writes of a batch share the look.
    async fn look_with_others(&self, expected: &ExpectedChild) -> Option<(HeldLook, i64)> {
        let read = Look::kept_or_read(self.distributor, self.parent, Purpose::Allocate, Pool::Before).await;
        self.found(expected, read)
    }

    fn found(&self, expected: &ExpectedChild, read: Result<HeldLook, D::Error>) -> Option<(HeldLook, i64)> {
        let look = read.inspect_err(|error| tracing::debug!(%error, "the child cannot be read back")).ok()?;
        let found = expected.has(look.children.find(self.child)?.operations_allocated)?;
        Some((look, found))
    }

    /// Returns the total as lists and answers say it; no allocation is beyond their type.
    fn target(&self) -> i64 {
        i64::try_from(self.operations.get()).unwrap_or(i64::MAX)
    }

    fn intent(&self, look: &Look, before: i64) -> AllocationIntent {
        AllocationIntent {
            id: IntentId::draw(self.distributor.random()),
            at: self.distributor.clock().wall().into(),
            since_boot: milliseconds_since_boot(self.distributor.clock()),
            api: self.distributor.api(),
            parent: self.parent,
            organization_id: self.child,
            organization_name: look.children.find(self.child).and_then(|child| child.organization_name.clone()),
            before,
            operations: self.operations,
            run: None,
        }
    }

    fn error(&self, kind: Kind, source: Option<Source>) -> SetAllocationError {
        SetAllocationError::new(self.child, self.operations, kind, source)
    }
}

/// Returns what is written down of an outcome.
fn outcome_of(set: &Result<SetAllocation, SetAllocationError>) -> AllocationOutcome {
    match set {
        Ok(set) if set.proof == Proof::Answered => AllocationOutcome::Set { pool: set.pool },
        Ok(_) => AllocationOutcome::ReadBack,
        Err(error) => error.outcome(),
    }
}
