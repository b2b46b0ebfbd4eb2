//! `mms pool`: what the distributor can still hand out, and what its children hold.

use mms_client::ChildWithConsumption;
use mms_types::{Operations, OrganizationId};
use serde::Serialize;

use super::consumption::joined;
use super::rows::{ChildRow, Credits, Totals};
use crate::args::{GlobalArgs, PoolArgs};
use crate::output::data::{Column, Record, Value};
use crate::output::failure::Failure;
use crate::output::printer::Printer;
use crate::session::Session;

/// Credits of a distributor and its children.
#[derive(Debug, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub(super) struct Pool {
    organization_id: OrganizationId,
    /// What can be handed out; null where the token may not read it.
    operations: Option<i64>,
    children: usize,
    operations_allocated: i128,
    credits_consumed: Credits,
    credits_left: Credits,
    below_percent: u64,
    /// The children below that share.
    children_below: usize,
    /// What they have in whole steps beyond what they have consumed, so that none of them would be left with nothing.
    freeable: i128,
}

impl Record for Pool {
    const COLUMNS: &'static [Column<Self>] = &[
        Column::csv_only("organizationId", |row| Value::Id(row.organization_id.get())),
        Column::new("FREE", "operations", |row| row.operations.into()),
        Column::new("CHILDREN", "children", |row| count(row.children)),
        Column::new("ALLOCATED", "operationsAllocated", |row| Value::Integer(row.operations_allocated)),
        Column::new("CONSUMED", "creditsConsumed", |row| row.credits_consumed.into()),
        Column::new("LEFT", "creditsLeft", |row| row.credits_left.into()),
        Column::csv_only("belowPercent", |row| Value::Percent(row.below_percent)),
        Column::csv_only("childrenBelow", |row| count(row.children_below)),
        Column::new("FREEABLE", "freeable", |row| Value::Integer(row.freeable)),
        Column::table_only("FREEABLE FROM", |row| {
            let Pool { children_below, below_percent, .. } = row;
            let children = if *children_below == 1 { "child that has" } else { "children that have" };
            format!("{children_below} {children} used less than {below_percent}%").into()
        }),
    ];
}

fn count(number: usize) -> Value<'static> {
    Value::Integer(i128::try_from(number).unwrap_or(i128::MAX))
}

/// Shows the pool.
pub(super) async fn run(arguments: &PoolArgs, global: &GlobalArgs, printer: &Printer) -> Result<(), Failure> {
    printer.check_columns::<Pool>()?;
    let show = async |session: &Session| show(session, arguments.below).await;
    Session::with_distributor(global, printer, "pool", show).await
}

async fn show(session: &Session, below: u64) -> Result<(), Failure> {
    let (children, consumption, organization) =
        tokio::try_join!(session.children(), session.consumption(), session.organization())?;
    children.warn_if_cut(session.printer());
    if organization.is_none() {
        session.printer().note("The token may not read the organization: what is free is unknown.");
    }
    let rows = joined(ChildWithConsumption::join(children.into_all(), consumption), session.near());
    let totals = Totals::of(&rows, None);
    let freeable: Vec<_> = rows.iter().filter_map(|row| freeable(row, below)).collect();
    session.printer().one(&Pool {
        organization_id: session.organization_id()?,
        operations: organization.and_then(|organization| organization.license?.operations),
        children: rows.len(),
        operations_allocated: totals.allocated(),
        credits_consumed: totals.consumed(),
        credits_left: totals.left(),
        below_percent: below,
        children_below: freeable.len(),
        freeable: freeable.iter().sum(),
    })
}

/// Returns what a child below a share can spare: it keeps the smallest total that leaves it something.
fn freeable(row: &ChildRow, below: u64) -> Option<i128> {
    let usage = row.usage.as_ref()?;
    let allocated = i128::from(row.child.operations_allocated?);
    let consumed = i128::from(usage.centicredits_consumed?.get());
    let step = i128::from(Operations::STEP);
    if usage.used_percent? >= below {
        return None;
    }
    let kept = (consumed / 100 / step + 1) * step;
    Some((allocated - kept).max(0) / step * step).filter(|freeable| *freeable > 0)
}

#[cfg(test)]
mod tests {
    use mms_types::samples;

    use super::*;

    fn row(allocated: i64, consumed: u64) -> ChildRow {
        let children = vec![samples::child(1, "Acme", allocated)];
        joined(ChildWithConsumption::join(children, vec![samples::consumption(1, consumed)]), 80).remove(0)
    }

    #[test]
    fn what_is_freeable_leaves_every_child_something() {
        assert_eq!(freeable(&row(100_000, 0), 20), Some(90_000));
        assert_eq!(freeable(&row(100_000, 1_000_000), 20), Some(80_000), "10,000 credits are consumed");
        assert_eq!(freeable(&row(100_000, 999_999), 20), Some(90_000));
        assert_eq!(freeable(&row(10_000, 0), 20), None);
        assert_eq!(freeable(&row(100_000, 2_000_000), 20), None, "not below the share");
        assert_eq!(freeable(&row(0, 0), 20), None);
    }
}
