//! Record of a step that was carried out, or was not.

use mms_fleet::{Action, Difference, How, Report, Step, StepEnd, StepReport};
use mms_types::OrganizationId;
use serde::Serialize;

use crate::command::fleet::not_begun::why_not;
use crate::output::data::{Column, Record, Tone, Value, grouped};

/// A step, and what became of it.
#[derive(Debug, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub(crate) struct AppliedStep {
    /// Null where no child is known.
    organization_id: Option<OrganizationId>,
    organization_name: String,
    /// `create` or `allocate`.
    action: &'static str,
    /// Null for a create.
    before: Option<i64>,
    /// What the child was to have.
    after: u64,
    outcome: &'static str,
    /// Why, where it is not done; what is odd, where it is.
    detail: Option<String>,
    /// What is left in the pool by the server's answer; null where there was none.
    new_parent_operations: Option<i64>,
}

impl AppliedStep {
    /// Makes the record of a step.
    pub(in crate::command::fleet) fn new(step: &Step, end: &StepEnd, difference: Option<&Difference>) -> Self {
        let (action, before, after) = match &step.action {
            Action::Create { request } => ("create", None, request.operations.get()),
            Action::Allocate { before, after, .. } => ("allocate", Some(*before), after.get()),
        };
        let (outcome, detail) = outcome(end, difference);
        let (organization_id, new_parent_operations) = match end {
            StepEnd::Done { organization_id, pool, .. } => (Some(*organization_id), *pool),
            _ => (step.organization_id(), None),
        };
        let organization_name = step.name.clone();
        Self { organization_id, organization_name, action, before, after, outcome, detail, new_parent_operations }
    }

    /// Makes the records of all steps.
    pub(in crate::command::fleet) fn all(report: &Report) -> Vec<Self> {
        let difference = |step: &StepReport| {
            let id = match &step.end {
                StepEnd::Done { organization_id, .. } => *organization_id,
                _ => return None,
            };
            report.read_back.differences.iter().find(|difference| difference.organization_id == id)
        };
        report.steps.iter().map(|step| Self::new(&step.step, &step.end, difference(step))).collect()
    }

    fn tone(&self) -> Tone {
        match self.outcome {
            "done" | "read_back" | "already" => Tone::Good,
            "not_begun" | "changed_since" | "would_pause" => Tone::Warning,
            _ => Tone::Bad,
        }
    }
}

fn outcome(end: &StepEnd, difference: Option<&Difference>) -> (&'static str, Option<String>) {
    if let Some(Difference { found, .. }) = difference {
        let found = found.map_or_else(|| "does not show it".to_owned(), |found| format!("shows {}", grouped(found)));
        return ("differs", Some(format!("it was set, and the list {found}")));
    }
    match end {
        StepEnd::Done { how, remark, .. } => {
            let outcome = match how {
                How::Answered => "done",
                How::ReadBack => "read_back",
                How::Already => "already",
            };
            (outcome, remark.clone())
        }
        StepEnd::Changed { reason, .. } => ("changed_since", Some(reason.clone())),
        StepEnd::WouldPause { reason, .. } => ("would_pause", Some(reason.clone())),
        StepEnd::Unknown { reason } => ("unknown", Some(reason.clone())),
        StepEnd::NotBegun { why } => ("not_begun", Some(why_not(*why))),
        StepEnd::Failed { reason } => ("failed", Some(reason.clone())),
        _ => ("failed", None),
    }
}

impl Record for AppliedStep {
    const COLUMNS: &'static [Column<Self>] = &[
        Column::new("ID", "organizationId", |row| row.organization_id.map_or(Value::Nothing, |id| Value::Id(id.get()))),
        Column::new("NAME", "organizationName", |row| Value::from(&row.organization_name)),
        Column::new("ACTION", "action", |row| row.action.into()),
        Column::new("BEFORE", "before", |row| row.before.into()),
        Column::new("AFTER", "after", |row| Value::Integer(row.after.into())),
        Column::new("OUTCOME", "outcome", |row| Value::Word(row.outcome, row.tone())),
        Column::sentences("DETAIL", "detail", |row| row.detail.as_ref().into()),
        Column::csv_only("newParentOperations", |row| row.new_parent_operations.into()),
    ];
}
