//! Record of a child whose allocation is taken back, for `mms undo`.

use mms_fleet::{Action, How, Past, Step, StepEnd, StepReport};
use mms_types::OrganizationId;
use serde::Serialize;

use crate::command::fleet::not_begun::why_not;
use crate::output::data::{Column, Record, Value, grouped};

/// A child, and what became of its old allocation.
#[derive(Debug, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub(crate) struct Undone {
    organization_id: OrganizationId,
    organization_name: String,
    /// What it had before this command.
    operations_before: i64,
    /// What it had before the run.
    new_child_operations: i64,
    operations_diff: i64,
    /// `done`, `read_back`, `unchanged`, `planned`, `skipped` (changed since the run, and left out), `changed` (changed since it was
    /// shown), `failed`, `unknown` or `not_begun`.
    outcome: &'static str,
    /// Why it is not done; null where it is.
    reason: Option<String>,
}

impl Undone {
    fn of(step: &Step) -> Option<Self> {
        let Action::Allocate { organization_id, before, after, .. } = &step.action else { return None };
        let after = i64::try_from(after.get()).unwrap_or(i64::MAX);
        Some(Self {
            organization_id: *organization_id,
            organization_name: step.name.clone(),
            operations_before: *before,
            new_child_operations: after,
            operations_diff: after.saturating_sub(*before),
            outcome: "planned",
            reason: None,
        })
    }

    /// Makes the records of a plan that is not carried out.
    pub(super) fn planned(steps: &[Step]) -> Vec<Self> {
        steps.iter().filter_map(Self::of).collect()
    }

    /// Makes the record of a child that was changed since the run, and is left out.
    pub(super) fn skipped(past: &Past, found: i64) -> Self {
        let reason = format!(
            "the run left {} credits and the child has {}: somebody changed it since",
            grouped(past.after),
            grouped(found)
        );
        Self {
            organization_id: past.id,
            organization_name: past.name.clone(),
            operations_before: found,
            new_child_operations: found,
            operations_diff: 0,
            outcome: "skipped",
            reason: Some(reason),
        }
    }

    /// Says what it had and will have.
    pub(super) fn effect(&self) -> String {
        format!("{} -> {}", grouped(self.operations_before), grouped(self.new_child_operations))
    }

    /// Says what is there once the change is made.
    pub(super) fn done(&self) -> String {
        format!("child organization {} now has {} credits", self.organization_id, grouped(self.new_child_operations))
    }

    /// Says what became of the child, on one line.
    pub(super) fn in_words(&self) -> String {
        let Self { organization_id, organization_name, outcome, reason, .. } = self;
        format!("{organization_id} {organization_name}: {outcome}: {}", reason.as_deref().unwrap_or_default())
    }

    /// Makes the record of a step that was carried out, or should have been.
    pub(super) fn ended(report: &StepReport) -> Option<Self> {
        let (outcome, reason) = match &report.end {
            StepEnd::Done { how: How::Answered, remark, .. } => ("done", remark.clone()),
            StepEnd::Done { how: How::ReadBack, remark, .. } => ("read_back", remark.clone()),
            StepEnd::Done { remark, .. } => ("unchanged", remark.clone()),
            StepEnd::Changed { reason, .. } => ("changed_since", Some(reason.clone())),
            StepEnd::WouldPause { reason, .. } => ("would_pause", Some(reason.clone())),
            StepEnd::Failed { reason } => ("failed", Some(reason.clone())),
            StepEnd::Unknown { reason } => ("unknown", Some(reason.clone())),
            StepEnd::NotBegun { why } => ("not_begun", Some(why_not(*why))),
            _ => ("unknown", None),
        };
        Some(Self { outcome, reason, ..Self::of(&report.step)? })
    }
}

impl Record for Undone {
    const COLUMNS: &'static [Column<Self>] = &[
        Column::new("ID", "organizationId", |row| Value::Id(row.organization_id.get())),
        Column::new("NAME", "organizationName", |row| (&row.organization_name).into()),
        Column::new("BEFORE", "operationsBefore", |row| row.operations_before.into()),
        Column::new("CREDITS", "newChildOperations", |row| row.new_child_operations.into()),
        Column::new("CHANGE", "operationsDiff", |row| row.operations_diff.into()),
        Column::new("OUTCOME", "outcome", |row| row.outcome.into()),
        Column::csv_only("reason", |row| row.reason.as_ref().into()),
    ];
}
