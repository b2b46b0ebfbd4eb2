//! `mms child allocate`: looks before, asks, and sends once.

use mms_types::{Allocation, Centicredits, ChildOrganization, Operations, OrganizationId};
use serde::Serialize;

use super::pool::PoolChange;
use crate::cli::AllocateArgs;
use crate::confirm::Confirmation;
use crate::failure::Failure;
use crate::printer::{Plan, Printer};
use crate::resolve::resolve;
use crate::session::Session;
use crate::table::{Column, Record};
use crate::usage::Usage;

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
    /// Null where nothing was sent and the token may not read the pool.
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
    fn changed(child: &ChildOrganization, answer: Allocation) -> Self {
        Self {
            organization_id: child.organization_id,
            organization_name: child.organization_name.clone(),
            new_child_operations: answer.new_child_operations,
            operations_diff: answer.new_child_operations.saturating_sub(child.operations_allocated),
            limit_increased: answer.new_child_operations > child.operations_allocated,
            new_parent_operations: Some(answer.new_parent_operations),
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
    let child = resolve(&arguments.child, &children)?;
    let id = child.organization_id;
    let change = i128::from(arguments.credits.get()) - i128::from(child.operations_allocated);
    let pool = PoolChange::new(organization.as_ref(), change)?;
    if change == 0 {
        printer.note(&format!("Child organization {id} already has {} credits: nothing to do.", arguments.credits));
        return printer.one(&Allocated::unchanged(child, pool.before()));
    }
    let row = consumption.into_iter().find(|row| row.organization_id == id);
    let usage = Usage::new(row, Some(child.operations_allocated));

    let mut plan = Plan::new("About to change the allocation of a child organization:")
        .line("api", session.place())
        .line("child", format!("{id} {}", child.organization_name))
        .line("credits", format!("{} -> {}", child.operations_allocated, arguments.credits))
        .line("pool", pool);
    if let Some(consumed) = usage.centicredits_consumed {
        plan = plan.line("consumed", consumed);
    }
    let consumed = usage.centicredits_consumed.unwrap_or_default();
    if change < 0 && leaves_nothing(consumed, arguments.credits) {
        allow_pause(printer, confirmation, arguments, id, consumed)?;
    }
    confirmation.confirm(printer, &plan, "Change the allocation?")?;

    let answer = session.allocate(id, arguments.credits).await.map_err(|failure| {
        failure.hint_if_unknown(format!("look at `mms child show {id}` first: the allocation may have changed"))
    })?;
    let done = format!("child organization {id} now has {} credits", answer.new_child_operations);
    printer.one(&Allocated::changed(child, answer)).map_err(|failure| failure.after(&done))
}

/// Says whether nothing is left of a total: at zero every scenario of the child pauses.
fn leaves_nothing(consumed: Centicredits, credits: Operations) -> bool {
    u128::from(consumed.get()) >= u128::from(credits.get()) * 100
}

/// Warns that a child would have nothing left, and makes sure that this is meant.
fn allow_pause(
    printer: &Printer,
    confirmation: Confirmation,
    arguments: &AllocateArgs,
    id: OrganizationId,
    consumed: Centicredits,
) -> Result<(), Failure> {
    let effect = format!(
        "{} credits leave nothing to child organization {id}, which has consumed {consumed}: its scenarios may pause",
        arguments.credits
    );
    if arguments.allow_pause {
        printer.warn(&effect);
        return Ok(());
    }
    let refusal = Failure::failed(&effect).hint("add --allow-pause if that is meant");
    confirmation.accept(printer, &format!("{effect}. Is that meant?"), refusal)
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
}
