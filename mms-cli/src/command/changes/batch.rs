//! Changes of a table: carried out by the engine of fleets, with a report.

use std::sync::{Mutex, PoisonError};

use mms_client::{CreateOncePolicy, Look};
use mms_fleet::{Event, How, Observed, StepEnd, StepResult};

use super::change::Change;
use super::record::Allocated;
use crate::args::SettleTime;
use crate::command::fleet::bulk::{Report, ReportRow, outcome, reason, table_asked};
use crate::command::fleet::{carry_out_observed, expected, settle};
use crate::lookup::Children;
use crate::output::failure::Failure;
use crate::session::{ApplyRequest, Session};

/// A table, and how its changes are made.
#[derive(Debug)]
pub(crate) struct Batch {
    /// The name of the table.
    pub(crate) name: String,
    /// Most changes under way at once; nothing for the usual number.
    pub(crate) parallel: Option<usize>,
    /// Whether a child may be left with nothing.
    pub(crate) allow_pause: bool,
    pub(crate) report: Option<Report>,
}

impl Batch {
    /// Settles what an earlier run left open, and tells it.
    pub(super) async fn settle(session: &Session) -> Result<(), Failure> {
        let journal = session.journal(SettleTime::once()).await?;
        settle(session, &journal, SettleTime::once()).await
    }

    /// Reports the children that have what they are to have, where that is all of them.
    pub(super) fn report_unchanged(&self, unchanged: &[Change]) -> Result<(), Failure> {
        let report = ReportState { report: self.report.as_ref(), failure: Mutex::new(None) };
        for change in unchanged {
            report.write(change, "unchanged", None);
        }
        report.end()
    }

    /// Makes the changes, and adds a row for each that is made. What cannot be made is told at the end, and the rest goes on.
    pub(super) async fn carry_out(
        &self,
        session: &Session,
        look: &Look,
        children: &Children,
        changes: &[Change],
        unchanged: &[Change],
        rows: &mut Vec<Allocated>,
    ) -> Result<(), Failure> {
        let journal = session.journal(SettleTime::once()).await?;
        let report = ReportState { report: self.report.as_ref(), failure: Mutex::new(None) };
        for change in unchanged {
            report.write(change, "unchanged", None);
        }
        let steps: Vec<_> = changes.iter().map(|change| change.step(self.allow_pause)).collect();
        let expected = expected(session, &steps, &Observed::from(look));
        let request = ApplyRequest {
            expected: changes.iter().map(|change| (change.id(), change.expected(children))).collect(),
            parallel: self.parallel,
            ..ApplyRequest::new(&steps, table_asked("child allocate", &self.name))
        };
        let printer = session.printer();
        let on_event = |event: Event<'_>| {
            if let Event::Ended { index, end, .. } = event
                && let Some(change) = changes.get(index)
            {
                report.write(change, word(end), reason(printer, end).as_deref());
            }
        };
        let applied = carry_out_observed(session, &journal, &policy(), request, expected, &on_event).await?;
        for (change, step) in changes.iter().zip(&applied.steps) {
            if let Some(StepResult::Allocation { set: Ok(set), .. }) = &step.result {
                rows.push(Allocated::changed(&change.child, set));
            }
        }
        outcome(session, &applied)?;
        report.end()
    }
}

/// Report in the course of the writes.
struct ReportState<'a> {
    report: Option<&'a Report>,
    /// Why it can no longer be written.
    failure: Mutex<Option<Failure>>,
}

impl ReportState<'_> {
    fn end(self) -> Result<(), Failure> {
        self.failure.into_inner().unwrap_or_else(PoisonError::into_inner).map_or(Ok(()), Err)
    }

    fn write(&self, change: &Change, outcome: &str, error: Option<&str>) {
        let Some(report) = self.report else { return };
        let mut failure = self.failure.lock().unwrap_or_else(PoisonError::into_inner);
        let credits = i64::try_from(change.total.get()).ok().filter(|_| error.is_none());
        let line = ReportRow {
            line: change.line.unwrap_or_default(),
            name: change.child.organization_name.as_deref().unwrap_or_default(),
            external_id: change.external_id.as_deref(),
            outcome,
            id: Some(change.id()),
            credits,
            error,
        };
        if failure.is_none()
            && let Err(error) = report.write(line)
        {
            *failure = Some(Failure::failed(format!("the report {} cannot be written: {error}", report.name())));
        }
    }
}

/// Returns the policy of settling on the way: looks once, for this is about allocations.
fn policy() -> CreateOncePolicy {
    CreateOncePolicy { waits: SettleTime::once().waits(), ..CreateOncePolicy::default() }
}

/// Returns the word for an end in the report.
const fn word(end: &StepEnd) -> &'static str {
    match end {
        StepEnd::Done { how: How::Already, .. } => "unchanged",
        StepEnd::Done { .. } => "changed",
        StepEnd::Changed { .. } => "changed_since",
        StepEnd::WouldPause { .. } => "would_pause",
        StepEnd::Unknown { .. } => "unknown",
        StepEnd::NotBegun { .. } => "not_begun",
        _ => "failed",
    }
}
