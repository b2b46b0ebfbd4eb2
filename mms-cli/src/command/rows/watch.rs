//! Rounds of a list of children: once, or again and again with what changed marked.

use std::time::Duration;

use mms_types::Timestamp;
use serde::Serialize;

use super::child_row::ChildRow;
use super::totals::Totals;
use crate::output::data::{View, grouped};
use crate::output::failure::{ExitCode, Failure};
use crate::output::time;
use crate::session::Session;

/// Lines of a terminal that a watched list needs around its rows: titles, totals, pool, what has no room, and the cursor.
const AROUND: usize = 5;

/// Rows of one round, with the columns that show them.
pub(crate) struct Round {
    pub(crate) rows: Vec<ChildRow>,
    pub(crate) view: View,
    pub(crate) pool: Option<i64>,
}

/// A round on a line of JSON.
#[derive(Serialize)]
struct Line<'a> {
    time: Timestamp,
    children: &'a [ChildRow],
}

/// Shows a list, and with `every` again and again until a signal ends it. Returns how many rows the only round had.
pub(crate) async fn show(
    session: &Session,
    every: Option<u32>,
    read: impl AsyncFn() -> Result<Round, Failure>,
) -> Result<usize, Failure> {
    let printer = session.printer();
    let Some(every) = every else {
        let Round { rows, view, pool } = read().await?;
        if printer.is_read_by_a_person() {
            let totals = Totals::of(&rows, pool);
            printer.view(&rows, Some(view), &totals.line())?;
            totals.note(printer);
        } else {
            // A program adds up for itself.
            printer.view(&rows, Some(view), &[])?;
        }
        return Ok(rows.len());
    };
    session.end_by_signal();
    let mut before: Option<Vec<ChildRow>> = None;
    loop {
        match read().await {
            Ok(Round { mut rows, view, pool }) => {
                if let Some(before) = &before {
                    ChildRow::mark_changes(&mut rows, before);
                }
                if printer.is_read_by_a_person() {
                    let totals = Totals::of(&rows, pool);
                    let room = printer.height().map_or(usize::MAX, |height| height.saturating_sub(AROUND).max(1));
                    let shown = &rows[..rows.len().min(room)];
                    printer.clear_screen()?;
                    printer.view(shown, Some(ChildRow::watched(view)), &totals.line())?;
                    totals.note(printer);
                    if shown.len() < rows.len() {
                        let rest = grouped(i128::try_from(rows.len() - shown.len()).unwrap_or(i128::MAX));
                        printer.note(&format!("{rest} more have no room: --name, --above and --limit choose."));
                    }
                } else {
                    printer.json_line(&Line { time: time::now(), children: &rows })?;
                }
                before = Some(rows);
            }
            // The next round may find the server again.
            Err(failure) if before.is_some() && failure.code() == ExitCode::TryLater => printer.warn(failure.message()),
            Err(failure) => return Err(failure),
        }
        tokio::time::sleep(Duration::from_secs(every.into())).await;
    }
}
