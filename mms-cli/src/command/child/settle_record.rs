//! Record of a settled create, for `mms child settle`.

use mms_client::{CreateOnce, Intent, SettledIntent};
use mms_types::{Operations, OrganizationId, Timestamp};
use serde::Serialize;

use crate::output::data::{Column, Record, Value};
use crate::output::time::timestamp;

/// Outcome of a create, found or decided.
#[derive(Debug, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub(crate) struct Settlement {
    intent: String,
    organization_name: String,
    operations: Operations,
    sent_at: Timestamp,
    outcome: &'static str,
    /// Null where it is not known.
    child_organization_id: Option<OrganizationId>,
    /// The children to look at.
    candidates: Vec<OrganizationId>,
}

impl Settlement {
    /// Takes an intent with its outcome.
    pub(super) fn new(intent: &Intent, outcome: &'static str, child: Option<OrganizationId>) -> Self {
        Self {
            intent: intent.id.to_string(),
            organization_name: intent.organization_name.clone(),
            operations: intent.operations,
            sent_at: timestamp(intent.at),
            outcome,
            child_organization_id: child,
            candidates: Vec::new(),
        }
    }
}

impl From<&SettledIntent> for Settlement {
    fn from(settled: &SettledIntent) -> Self {
        let error = match &settled.outcome {
            Ok(child) => {
                let outcome = if matches!(child, CreateOnce::Created { .. }) { "created" } else { "adopted" };
                return Self::new(&settled.intent, outcome, Some(child.organization_id()));
            }
            Err(error) => error,
        };
        let outcome = if error.is_ambiguous() {
            "ambiguous"
        } else if error.is_contradiction() {
            "contradiction"
        } else if error.is_unproven() {
            "absent_unproven"
        } else {
            "unknown"
        };
        Self { candidates: error.candidates().to_vec(), ..Self::new(&settled.intent, outcome, None) }
    }
}

impl Record for Settlement {
    const COLUMNS: &'static [Column<Self>] = &[
        Column::new("INTENT", "intent", |row| (&row.intent).into()),
        Column::new("NAME", "organizationName", |row| (&row.organization_name).into()),
        Column::new("CREDITS", "operations", |row| row.operations.get().into()),
        Column::new("SENT", "sentAt", |row| (&row.sent_at).into()),
        Column::new("OUTCOME", "outcome", |row| row.outcome.into()),
        Column::new("CHILD", "childOrganizationId", |row| {
            row.child_organization_id.map(|id| Value::Id(id.get())).into()
        }),
        Column::new("CANDIDATES", "candidates", |row| {
            let ids: Vec<_> = row.candidates.iter().map(ToString::to_string).collect();
            if ids.is_empty() { Value::Nothing } else { ids.join(" ").into() }
        }),
    ];
}
