//! Record of a change, for every command that moves credits.

use mms_client::{Overwritten, Proof, SetAllocation};
use mms_types::{ChildOrganization, OrganizationId};
use serde::Serialize;

use crate::output::data::{Column, Record, Value};

/// A child's allocation after a change.
#[derive(Debug, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
#[expect(clippy::struct_field_names, reason = "the API's own names")]
pub(crate) struct Allocated {
    organization_id: OrganizationId,
    organization_name: Option<String>,
    /// What the child has, under the name that it has in the list, too.
    operations_allocated: i64,
    new_child_operations: i64,
    /// Negative where the child has less than before; null where somebody else changed it meanwhile and nobody says from what.
    operations_diff: Option<i64>,
    limit_increased: Option<bool>,
    /// Null where no usable answer came, or nothing was sent and the token may not read the pool.
    new_parent_operations: Option<i64>,
    outcome: &'static str,
}

impl Allocated {
    /// Returns the id of the child.
    pub(super) const fn id(&self) -> OrganizationId {
        self.organization_id
    }

    /// Makes the record of a child that has what it is to have.
    pub(super) fn unchanged(child: &ChildOrganization, allocated: i64, pool: Option<i64>) -> Self {
        Self { outcome: "unchanged", ..Self::new(child, Some(allocated), allocated, pool) }
    }

    /// Makes the record of a dry run.
    pub(super) fn planned(child: &ChildOrganization, before: i64, total: i64, pool: Option<i64>) -> Self {
        Self { outcome: "planned", ..Self::new(child, Some(before), total, pool) }
    }

    /// Computes the difference itself, from what the child had by the server's answer: whether Make's own is signed is not
    /// documented.
    pub(super) fn changed(child: &ChildOrganization, set: &SetAllocation) -> Self {
        let now = i64::try_from(set.now.get()).unwrap_or(i64::MAX);
        let before = match set.overwritten {
            None => Some(set.before),
            Some(Overwritten::Had(had)) => Some(had),
            Some(_) => None,
        };
        let outcome = if set.proof == Proof::Unchanged { "unchanged" } else { "changed" };
        Self { outcome, ..Self::new(child, before, now, set.pool) }
    }

    fn new(child: &ChildOrganization, before: Option<i64>, now: i64, pool: Option<i64>) -> Self {
        Self {
            organization_id: child.organization_id,
            organization_name: child.organization_name.clone(),
            operations_allocated: now,
            new_child_operations: now,
            operations_diff: before.map(|before| now.saturating_sub(before)),
            limit_increased: before.map(|before| now > before),
            new_parent_operations: pool,
            outcome: "changed",
        }
    }
}

impl Record for Allocated {
    const COLUMNS: &'static [Column<Self>] = &[
        Column::new("ID", "organizationId", |row| Value::Id(row.organization_id.get())),
        Column::new("NAME", "organizationName", |row| row.organization_name.as_ref().into()),
        Column::new("CREDITS", "newChildOperations", |row| row.new_child_operations.into()),
        Column::new("CHANGE", "operationsDiff", |row| row.operations_diff.into()),
        Column::csv_only("limitIncreased", |row| row.limit_increased.map_or(Value::Nothing, Value::from)),
        Column::new("POOL", "newParentOperations", |row| row.new_parent_operations.into()),
        Column::csv_only("operationsAllocated", |row| row.operations_allocated.into()),
        Column::csv_only("outcome", |row| row.outcome.into()),
    ];
}
