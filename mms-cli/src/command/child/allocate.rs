//! `mms child allocate`: looks before, asks, and sends once.

use mms_client::{Proof, SetAllocation};
use mms_types::{Centicredits, ChildOrganization, Operations, OrganizationId};
use serde::Serialize;

use super::pool::PoolChange;
use crate::args::AllocateArgs;
use crate::output::failure::Failure;
use crate::output::printer::{Plan, Printer};
use crate::output::questions::Confirmation;
use crate::output::table::{Column, Record};
use crate::session::Session;

/// A child's allocation after the command.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct Allocated {
    organization_id: OrganizationId,
    organization_name: String,
    new_child_operations: i64,
    /// Negative where the child has less than before.
    operations_diff: i64,
    limit_increased: bool,
    /// Null where no usable answer came, or nothing was sent and the token may not read the pool.
    new_parent_operations: Option<i64>,
}

impl Allocated {
    fn unchanged(child: &ChildOrganization, pool: Option<i64>) -> Self {
        Self {
            organization_id: child.organization_id,
            organization_name: child.organization_name.clone(),
            new_child_operations: child.operations_allocated,
            operations_diff: 0,
            limit_increased: false,
            new_parent_operations: pool,
        }
    }

    /// Computes the difference itself: whether Make's own is signed is not documented.
    fn changed(child: &ChildOrganization, set: &SetAllocation) -> Self {
        let now = i64::try_from(set.now.get()).unwrap_or(i64::MAX);
        Self {
            organization_id: child.organization_id,
            organization_name: child.organization_name.clone(),
            new_child_operations: now,
            operations_diff: now.saturating_sub(set.before),
            limit_increased: now > set.before,
            new_parent_operations: set.pool,
        }
    }
}

impl Record for Allocated {
    const COLUMNS: &'static [Column<Self>] = &[
        Column::new("ID", "organizationId", |row| row.organization_id.get().into()),
        Column::new("NAME", "organizationName", |row| (&row.organization_name).into()),
        Column::new("CREDITS", "newChildOperations", |row| row.new_child_operations.into()),
        Column::new("CHANGE", "operationsDiff", |row| row.operations_diff.into()),
        Column::csv_only("limitIncreased", |row| row.limit_increased.into()),
        Column::new("POOL", "newParentOperations", |row| row.new_parent_operations.into()),
    ];
}

/// Sets a child's allocation, after everything that can be seen beforehand was looked at.
pub(crate) async fn allocate(
    session: &Session,
    printer: &Printer,
    arguments: &AllocateArgs,
    yes: bool,
) -> Result<(), Failure> {
    let confirmation = Confirmation::new(yes)?;
    let (children, consumption, organization) =
        tokio::try_join!(session.children(), session.consumption(), session.organization())?;
    let child = children.find_for_write(&arguments.child, session.invocation())?;
    let id = child.organization_id;
    let change = i128::from(arguments.credits.get()) - i128::from(child.operations_allocated);
    let pool = PoolChange::new(organization.as_ref(), change, session.invocation())?;
    if change == 0 {
        printer.note(&format!("Child organization {id} already has {} credits: nothing to do.", arguments.credits));
        return printer.one(&Allocated::unchanged(child, pool.before()));
    }
    let consumed = consumption.iter().find(|row| row.organization_id == id).map(|row| row.centicredits_consumed);

    let plan = Plan::new("About to change the allocation of a child organization:")
        .line("api", session.place())
        .line("child", format!("{id} {}", child.organization_name))
        .line("credits", format!("{} -> {}", child.operations_allocated, arguments.credits))
        .line("pool", pool)
        .line("consumed", consumed.map_or_else(|| "unknown".to_owned(), |consumed| consumed.to_string()));
    confirmation.show(printer, &plan);
    if change < 0
        && let Some(risk) = risk(id, arguments.credits, consumed)
    {
        allow_pause(printer, confirmation, arguments.allow_pause, &risk)?;
    }
    confirmation.confirm(printer, "Change the allocation?")?;

    let look = session.invocation().command(&format!("child show {id}"));
    let set = session
        .set_allocation(printer, id, arguments.credits, child.operations_allocated)
        .await
        .map_err(|failure| failure.hint_if_unknown(format!("look at {look} first: the allocation may have changed")))?;
    remark(printer, id, &set);
    let done = format!("child organization {id} now has {} credits", set.now);
    printer.one(&Allocated::changed(child, &set)).map_err(|failure| failure.after(&done, &look))
}

/// Says what is odd about a change that was made.
fn remark(printer: &Printer, id: OrganizationId, set: &SetAllocation) {
    if set.proof == Proof::ReadBack {
        printer.warn(&format!("no usable answer came to the change: the list shows that {id} has {} credits", set.now));
    }
    if let (Some(pool), Some(expected), true) = (set.pool, set.expected_pool, set.shows_another_writer()) {
        printer.warn(&format!(
            "the pool holds {pool} credits where {expected} were expected: somebody else moved some at the same time"
        ));
    }
}

/// Says what may happen to a child whose total is lowered: at zero every one of its scenarios pauses.
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

/// Warns that a child may have nothing left, and makes sure that this is meant.
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
