//! `mms child show`: children with their consumption.

use crate::command::rows::{ChildRow, Usage, row_of};
use crate::output::failure::Failure;
use crate::session::Session;

/// Shows the children that are named, each with its consumption.
pub(super) async fn show(session: &Session, names: &[String]) -> Result<(), Failure> {
    let (children, consumption) = tokio::try_join!(session.children(), session.consumption())?;
    let mut rows: Vec<ChildRow> = Vec::new();
    for name in names {
        let child = children.find_to_read(name, session.invocation())?.clone();
        if rows.iter().any(|row| row.child.organization_id == child.organization_id) {
            continue;
        }
        let consumption = row_of(child.organization_id, consumption.iter().cloned());
        let usage = Usage::new(consumption, child.operations_allocated, session.near());
        rows.push(ChildRow::new(child, usage));
    }
    match (rows.as_slice(), names) {
        ([row], [_]) => session.printer().one(row),
        _ => session.printer().cards(&rows),
    }
}
