//! `mms child allocate`: reads the child, shows the change, asks, and sets the new total.

use mms_client::{ExpectedChild, Overwritten, Proof, Purpose, SetAllocation};
use mms_types::{
    Centicredits, ChildOrganization, ChildOrganizationConsumption, Operations, Organization, OrganizationId,
};
use serde::Serialize;

use super::pool::PoolChange;
use crate::args::AllocateArgs;
use crate::command::usage::row_of;
use crate::invocation::Invocation;
use crate::lookup::{Children, name_of};
use crate::output::failure::Failure;
use crate::output::plan::Plan;
use crate::output::printer::Printer;
use crate::output::questions::Confirmation;
use crate::output::record::{Column, Record, Value};
use crate::session::Session;

/// A child's allocation after the command.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct Allocated {
    organization_id: OrganizationId,
    organization_name: Option<String>,
    new_child_operations: i64,
    /// Negative where the child has less than before; null where somebody else changed it meanwhile and nobody says from what.
    operations_diff: Option<i64>,
    limit_increased: Option<bool>,
    /// Null where no usable answer came, or nothing was sent and the token may not read the pool.
    new_parent_operations: Option<i64>,
}

impl Allocated {
    fn unchanged(change: &Change<'_>) -> Self {
        let child = change.child;
        Self {
            organization_id: child.organization_id,
            organization_name: child.organization_name.clone(),
            new_child_operations: change.allocated,
            operations_diff: Some(0),
            limit_increased: Some(false),
            new_parent_operations: change.pool.before(),
        }
    }

    /// Computes the difference itself, from what the child had by the server's answer: whether Make's own is signed is not
    /// documented.
    fn changed(child: &ChildOrganization, set: &SetAllocation) -> Self {
        let now = i64::try_from(set.now.get()).unwrap_or(i64::MAX);
        let before = match set.overwritten {
            None => Some(set.before),
            Some(Overwritten::Had(had)) => Some(had),
            Some(_) => None,
        };
        Self {
            organization_id: child.organization_id,
            organization_name: child.organization_name.clone(),
            new_child_operations: now,
            operations_diff: before.map(|before| now.saturating_sub(before)),
            limit_increased: before.map(|before| now > before),
            new_parent_operations: set.pool,
        }
    }
}

impl Record for Allocated {
    const COLUMNS: &'static [Column<Self>] = &[
        Column::new("ID", "organizationId", |row| row.organization_id.get().into()),
        Column::new("NAME", "organizationName", |row| row.organization_name.as_ref().into()),
        Column::new("CREDITS", "newChildOperations", |row| row.new_child_operations.into()),
        Column::new("CHANGE", "operationsDiff", |row| row.operations_diff.into()),
        Column::csv_only("limitIncreased", |row| row.limit_increased.map_or(Value::Nothing, Value::from)),
        Column::new("POOL", "newParentOperations", |row| row.new_parent_operations.into()),
    ];
}

/// Sets a child's allocation: reads, decides, asks, writes and prints.
pub(super) async fn allocate(session: &Session, arguments: &AllocateArgs, yes: bool) -> Result<(), Failure> {
    let confirmation = Confirmation::new(yes)?;
    let printer = session.printer();
    let look = Look::read(session).await?;

    let change = look.change(arguments, session.invocation())?;
    let Change { child, consumed, .. } = change;
    let id = child.organization_id;
    if change.is_none(arguments.credits) {
        printer.note(&format!("Child organization {id} already has {} credits: nothing to do.", arguments.credits));
        return printer.one(&Allocated::unchanged(&change));
    }
    confirmation.show(printer, &change.plan(arguments.credits, session.place()));
    if child.organization_name.is_none() {
        let doubt = format!("the server lists child organization {id} without its name");
        let refusal = Failure::failed(&doubt).hint("run the command without --yes, on a terminal, and it asks");
        confirmation.accept(printer, &format!("{doubt}. Is it the one that is meant?"), refusal)?;
    }
    if change.lowers(arguments.credits)
        && let Some(risk) = risk(id, arguments.credits, consumed)
    {
        allow_pause(printer, confirmation, arguments.allow_pause, &risk)?;
    }
    confirmation.confirm(printer, "Change the allocation?")?;
    if change.lowers(arguments.credits) && confirmation.was_asked() {
        // While a person thinks, the child works.
        let consumed = consumed_by(id, session.consumption().await?);
        if let Some(risk) = risk(id, arguments.credits, consumed).filter(|_| consumed != change.consumed) {
            allow_pause(printer, confirmation, arguments.allow_pause, &risk)?;
        }
    }

    let show = session.invocation().command(&format!("child show {id}"));
    let set = session.set_allocation(id, arguments.credits, look.expected(arguments, child)).await;
    let set = set
        .map_err(|failure| failure.hint_if_unknown(format!("look at {show} first: the allocation may have changed")))?;
    remark(printer, id, &set);
    let done = format!("child organization {id} now has {} credits", set.now);
    printer.one(&Allocated::changed(child, &set)).map_err(|failure| failure.after(&done, &show))?;
    if set.is_resent && set.overwritten.is_some() {
        let had = had(&set);
        return Err(Failure::unknown(format!("the total was sent more than once, and child organization {id} {had}"))
            .hint(format!("ask who else changes it, and look at {show}")));
    }
    Ok(())
}

/// Server state that a change is decided on.
struct Look {
    children: Children,
    consumption: Vec<ChildOrganizationConsumption>,
    organization: Option<Organization>,
}

/// A change of one child's allocation, before it is made.
#[derive(Clone, Copy)]
struct Change<'a> {
    child: &'a ChildOrganization,
    /// What the child has.
    allocated: i64,
    pool: PoolChange,
    /// What the child has consumed; nothing where the server does not say.
    consumed: Option<Centicredits>,
}

impl Look {
    async fn read(session: &Session) -> Result<Self, Failure> {
        let (look, consumption) = tokio::try_join!(session.look(Purpose::Allocate), session.consumption())?;
        let (children, organization) = (session.with_own_writes(Children::from(&look)), look.organization().cloned());
        Ok(Self { children, consumption, organization })
    }

    /// Returns what the child has to be when the total is sent: of this allocation, and of this name where it was found by it.
    fn expected(&self, arguments: &AllocateArgs, child: &ChildOrganization) -> ExpectedChild {
        let id = child.organization_id;
        let name = (!Children::is_id(&arguments.child, id)).then(|| child.organization_name.clone()).flatten();
        ExpectedChild {
            operations: child.operations_allocated,
            name,
            listed: self.children.older(id),
            is_unlisted: !self.children.has(id),
        }
    }

    /// Decides which child is meant, and whether the pool has the credits for it.
    fn change(&self, arguments: &AllocateArgs, invocation: &Invocation) -> Result<Change<'_>, Failure> {
        let child = self.children.find_for_write(&arguments.child, invocation)?;
        let id = child.organization_id;
        let allocated = child.operations_allocated.ok_or_else(|| {
            Failure::failed(format!(
                "the server lists child organization {id} without its allocation; nothing was sent"
            ))
            .hint("try again in a moment, or set it in Make itself")
        })?;
        let taken = i128::from(arguments.credits.get()) - i128::from(allocated);
        let pool = PoolChange::new(self.organization.as_ref(), taken, invocation)?;
        Ok(Change { child, allocated, pool, consumed: consumed_by(id, self.consumption.iter().cloned()) })
    }
}

/// Returns what a child has consumed; nothing where the server does not say.
fn consumed_by(
    id: OrganizationId,
    rows: impl IntoIterator<Item = ChildOrganizationConsumption>,
) -> Option<Centicredits> {
    row_of(id, rows)?.centicredits_consumed
}

impl Change<'_> {
    fn is_none(&self, credits: Operations) -> bool {
        i128::from(credits.get()) == i128::from(self.allocated)
    }

    fn lowers(&self, credits: Operations) -> bool {
        i128::from(credits.get()) < i128::from(self.allocated)
    }

    /// Describes the change.
    fn plan(&self, credits: Operations, place: &str) -> Plan {
        let Self { child, allocated, pool, consumed } = self;
        let consumed = consumed.map_or_else(|| "unknown".to_owned(), |consumed| consumed.to_string());
        Plan::new("About to change the allocation of a child organization:")
            .line("api", place)
            .line("child", format!("{} {}", child.organization_id, name_of(child)))
            .line("credits", format!("{allocated} -> {credits}"))
            .line("pool", pool)
            .line("consumed", consumed)
    }
}

/// Warns of what is odd about a change that was made.
fn remark(printer: &Printer, id: OrganizationId, set: &SetAllocation) {
    if set.proof == Proof::ReadBack {
        printer.warn(&format!("no usable answer came to the change: the list shows that {id} has {} credits", set.now));
    }
    // After a resend that is how the command ends.
    if set.overwritten.is_some() && !set.is_resent {
        printer.warn(&format!("child organization {id} {}", had(set)));
    }
    if let (Some(pool), Some(expected)) = (set.pool, set.expected_pool)
        && pool != expected
    {
        printer.warn(&format!(
            "the pool holds {pool} credits where {expected} were expected: somebody else moved some at the same time"
        ));
    }
}

/// Says what was overwritten.
fn had(set: &SetAllocation) -> String {
    let now = set.now;
    match set.overwritten {
        Some(Overwritten::Had(had)) => format!(
            "had {had} credits when {now} were set, and not {} as shown: somebody else changed it meanwhile, which is overwritten",
            set.before
        ),
        _ => format!(
            "had other than {} credits when {now} were set: somebody else changed it meanwhile, which is overwritten",
            set.before
        ),
    }
}

/// Returns the risk of a lowered total: a child with nothing left has its scenarios paused.
fn risk(id: OrganizationId, credits: Operations, consumed: Option<Centicredits>) -> Option<String> {
    match consumed {
        Some(consumed) if leaves_nothing(consumed, credits) => Some(format!(
            "{credits} credits leave nothing to child organization {id}, which has consumed {consumed}: its scenarios may pause"
        )),
        Some(_) => None,
        None => Some(format!(
            "the consumption of child organization {id} is unknown: {credits} credits may leave it nothing, and its \
             scenarios may pause"
        )),
    }
}

fn leaves_nothing(consumed: Centicredits, credits: Operations) -> bool {
    u128::from(consumed.get()) >= u128::from(credits.get()) * 100
}

/// Warns of the risk, and refuses unless it is accepted.
fn allow_pause(printer: &Printer, confirmation: Confirmation, allowed: bool, risk: &str) -> Result<(), Failure> {
    if allowed {
        printer.warn(risk);
        return Ok(());
    }
    let refusal = Failure::failed(risk).hint("add --allow-pause if that is meant");
    confirmation.accept(printer, &format!("{risk}. Is that meant?"), refusal)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_total_that_is_all_consumed_leaves_nothing() {
        let credits = Operations::new(10_000).unwrap();

        assert!(!leaves_nothing(Centicredits::new(999_999), credits));
        assert!(leaves_nothing(Centicredits::new(1_000_000), credits));
        assert!(!leaves_nothing(Centicredits::new(u64::MAX), Operations::MAX));
    }

    #[test]
    fn a_total_of_0_leaves_nothing_even_where_nothing_is_consumed() {
        assert!(leaves_nothing(Centicredits::default(), Operations::default()));
    }

    #[test]
    fn an_unknown_consumption_is_a_risk_and_not_0() {
        let credits = Operations::new(10_000).unwrap();
        let id = OrganizationId::new(101);

        assert_eq!(
            risk(id, credits, None).unwrap(),
            "the consumption of child organization 101 is unknown: 10000 credits may leave it nothing, and its \
             scenarios may pause"
        );
        assert_eq!(risk(id, credits, Some(Centicredits::default())), None);
    }
}
