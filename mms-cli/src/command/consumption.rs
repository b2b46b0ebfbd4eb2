//! `mms consumption`: every child with its consumption, the highest used share first.

use mms_client::ChildWithConsumption;

use super::rows::{self, ChildRow, Round, Selected, State, Totals};
use crate::args::{GlobalArgs, Selection};
use crate::output::failure::Failure;
use crate::output::printer::Printer;
use crate::session::Session;

/// Reports the consumption of the children.
pub(super) async fn run(arguments: &Selection, global: &GlobalArgs, printer: &Printer) -> Result<(), Failure> {
    printer.check_columns::<ChildRow>()?;
    rows::check(arguments)?;
    let report = async |session: &Session| report(session, arguments).await;
    Session::with_distributor(global, printer, "consumption", report).await
}

async fn report(session: &Session, arguments: &Selection) -> Result<(), Failure> {
    let selected = Selected::new(session, arguments).await?;
    let read = async || {
        let (children, consumption, pool) =
            tokio::try_join!(session.children(), session.consumption(), Totals::pool(session))?;
        children.warn_if_cut(session.printer());
        let mut all = joined(ChildWithConsumption::join(children.into_all(), consumption), session.near());
        warn_of_unreported(session, arguments, &all);
        rows::worst_first(&mut all);
        Ok(Round { rows: selected.apply(all), view: ChildRow::USAGE, pool })
    };
    selected.alert(rows::show(session, arguments.watch, read).await?, session.printer())
}

/// Makes the rows of children with their consumption.
pub(super) fn joined(rows: Vec<ChildWithConsumption>, near: u64) -> Vec<ChildRow> {
    rows.into_iter().map(|row| ChildRow::with_usage(row, near)).collect()
}

/// Warns where a filter by consumption leaves out children of which it is unknown.
pub(super) fn warn_of_unreported(session: &Session, arguments: &Selection, rows: &[ChildRow]) {
    if arguments.above.is_none() && arguments.left_below.is_none() {
        return;
    }
    let is_unknown = |row: &&ChildRow| row.usage.as_ref().is_none_or(|usage| usage.state == State::NotReported);
    let unknown = rows.iter().filter(is_unknown).count();
    if unknown > 0 {
        let children = if unknown == 1 { "child organization is" } else { "child organizations are" };
        session
            .printer()
            .warn(&format!("{unknown} {children} left out, since consumption or allocation are not reported"));
    }
}
