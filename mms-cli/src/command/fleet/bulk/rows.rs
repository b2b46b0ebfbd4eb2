//! Rows of a table in the course of the command: written to the report, and to standard output a line each, as they end.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use mms_fleet::{Child, How, NewChildTable, Observed, StepEnd};
use mms_types::OrganizationId;

use super::ends::reason;
use super::record::Onboarded;
use super::report::Report;
use crate::output::failure::Failure;
use crate::output::printer::Printer;

/// Rows, and what became of them.
pub(super) struct Rows<'a> {
    printer: &'a Printer,
    report: Option<&'a Report>,
    by_name: HashMap<&'a str, &'a Child>,
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    ended: Vec<Onboarded>,
    /// Why the report or standard output can no longer be written.
    failure: Option<Failure>,
}

impl<'a> Rows<'a> {
    pub(super) fn new(printer: &'a Printer, report: Option<&'a Report>, table: &'a NewChildTable) -> Self {
        let by_name = table.children().iter().map(|child| (child.name.as_str(), child)).collect();
        Self { printer, report, by_name, state: Mutex::default() }
    }

    /// Takes the rows whose children are there already.
    pub(super) fn existed(&self, table: &NewChildTable, existing: &[Option<OrganizationId>], observed: &Observed) {
        let credits: HashMap<_, _> = observed.children.iter().map(|child| (child.id, child.credits)).collect();
        for (row, id) in table.children().iter().zip(existing) {
            if let Some(id) = id {
                self.add(Onboarded::new(row, "existed").child(*id, credits.get(id).copied().flatten()));
            }
        }
    }

    /// Takes the rows that a dry run would create.
    pub(super) fn planned<'n>(&self, names: impl Iterator<Item = &'n str>) {
        for row in names.filter_map(|name| self.by_name.get(name)) {
            self.add(Onboarded::new(row, "planned"));
        }
    }

    /// Takes the row of a create that has ended.
    pub(super) fn ended(&self, name: &str, end: &StepEnd) {
        let Some(row) = self.by_name.get(name) else { return };
        let error = || reason(self.printer, end).unwrap_or_default();
        self.add(match end {
            StepEnd::Done { organization_id, how, remark, .. } => {
                let outcome = match how {
                    How::Answered => "created",
                    How::ReadBack => "adopted",
                    How::Already => "existed",
                };
                let made = Onboarded::new(row, outcome);
                let credits = made.as_line().credits.filter(|_| *how != How::Already);
                made.child(*organization_id, credits).remark(remark.clone())
            }
            StepEnd::Unknown { .. } => Onboarded::new(row, "unknown").error(error()),
            StepEnd::NotBegun { .. } => Onboarded::new(row, "not_begun").error(error()),
            _ => Onboarded::new(row, "failed").error(error()),
        });
    }

    fn add(&self, row: Onboarded) {
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        if state.failure.is_none() {
            let written = self.report.map_or(Ok(()), |report| {
                let unwritable =
                    |error| Failure::failed(format!("the report {} cannot be written: {error}", report.name()));
                report.write(row.as_line()).map_err(unwritable)
            });
            let is_told_now = self.printer.is_streamed();
            let printed = if is_told_now { self.printer.list(std::slice::from_ref(&row)) } else { Ok(()) };
            state.failure = written.and(printed).err();
        }
        state.ended.push(row);
    }

    /// Prints the rows in the order of the table, unless each was as it came.
    pub(super) fn print(self) -> Result<(), Failure> {
        let State { mut ended, failure } = self.state.into_inner().unwrap_or_else(PoisonError::into_inner);
        ended.sort_by_key(Onboarded::line);
        let printed = if self.printer.is_streamed() { Ok(()) } else { self.printer.list(&ended) };
        failure.map_or(printed, Err)
    }
}
