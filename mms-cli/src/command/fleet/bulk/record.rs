//! Record of a row of a table of new children.

use mms_fleet::Child;
use mms_types::OrganizationId;
use serde::Serialize;

use super::report::ReportRow;
use crate::output::data::{Column, Record, Value};

/// A row, and what became of it.
#[derive(Debug, Clone, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub(crate) struct Onboarded {
    /// The line of the table.
    line: usize,
    organization_name: String,
    /// The id that another system has for it.
    #[serde(skip_serializing_if = "Option::is_none")]
    external_id: Option<String>,
    /// `created` by the server's answer, `adopted` because it is the one new child that fits, `existed` before, `failed`, `unknown`,
    /// `not_begun`; of a dry run `planned`.
    outcome: &'static str,
    organization_id: Option<OrganizationId>,
    operations_allocated: Option<i64>,
    /// What went wrong, or is odd.
    #[serde(skip_serializing_if = "Option::is_none")]
    error: Option<String>,
}

impl Onboarded {
    /// Makes the record of a row, with the credits that it asks for.
    pub(super) fn new(row: &Child, outcome: &'static str) -> Self {
        Self {
            line: row.place.as_ref().map_or(0, |place| place.line),
            organization_name: row.name.to_string(),
            external_id: row.external_id.clone(),
            outcome,
            organization_id: None,
            operations_allocated: row.credits.and_then(|credits| credits.get().try_into().ok()),
            error: None,
        }
    }

    /// Adds the child, and what it has as far as that is known.
    pub(super) fn child(self, id: OrganizationId, operations_allocated: Option<i64>) -> Self {
        Self { organization_id: Some(id), operations_allocated, ..self }
    }

    /// Adds what went wrong. Nobody knows then what the child has.
    pub(super) fn error(self, error: String) -> Self {
        Self { operations_allocated: None, error: Some(error), ..self }
    }

    /// Adds what is odd.
    pub(super) fn remark(self, remark: Option<String>) -> Self {
        Self { error: remark, ..self }
    }

    /// Returns the line of the table.
    pub(super) const fn line(&self) -> usize {
        self.line
    }

    /// Returns the line of the report.
    pub(super) fn as_line(&self) -> ReportRow<'_> {
        ReportRow {
            line: self.line,
            name: &self.organization_name,
            external_id: self.external_id.as_deref(),
            outcome: self.outcome,
            id: self.organization_id,
            credits: self.operations_allocated,
            error: self.error.as_deref(),
        }
    }
}

impl Record for Onboarded {
    const COLUMNS: &'static [Column<Self>] = &[
        Column::new("LINE", "line", |row| Value::Id(row.line as u64)),
        Column::new("NAME", "organizationName", |row| (&row.organization_name).into()),
        Column::csv_only("externalId", |row| row.external_id.as_ref().into()),
        Column::new("OUTCOME", "outcome", |row| row.outcome.into()),
        Column::new("ID", "organizationId", |row| row.organization_id.map(|id| Value::Id(id.get())).into()),
        Column::new("CREDITS", "operationsAllocated", |row| row.operations_allocated.into()),
        Column::new("ERROR", "error", |row| row.error.as_ref().into()),
    ];
}
