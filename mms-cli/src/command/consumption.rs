//! `mms consumption`: every child with its consumption, the highest used share first.

use std::cmp::Reverse;

use mms_client::ChildWithConsumption;
use mms_types::{ChildOrganization, ChildOrganizationConsumption, OrganizationId};
use serde::Serialize;

use super::usage::{Share, Usage};
use crate::args::GlobalArgs;
use crate::output::failure::Failure;
use crate::output::printer::Printer;
use crate::output::record::{Column, Record, Value};
use crate::session::Session;

/// A child's consumption beside its name and allocation; what only one of the two lists knows is null.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct ConsumptionRow {
    organization_id: OrganizationId,
    organization_name: Option<String>,
    operations_allocated: Option<i64>,
    #[serde(flatten)]
    usage: Usage,
}

impl ConsumptionRow {
    fn share(&self) -> Option<Share> {
        Share::new(self.usage.centicredits_consumed, self.operations_allocated)
    }
}

impl From<ChildWithConsumption> for ConsumptionRow {
    fn from(row: ChildWithConsumption) -> Self {
        let allocated = row.child.as_ref().and_then(|child| child.operations_allocated);
        Self {
            organization_id: row.organization_id,
            organization_name: row.child.and_then(|child| child.organization_name),
            operations_allocated: allocated,
            usage: Usage::new(row.consumption, allocated),
        }
    }
}

impl Record for ConsumptionRow {
    const COLUMNS: &'static [Column<Self>] = &[
        Column::new("ID", "organizationId", |row| row.organization_id.get().into()),
        Column::new("NAME", "organizationName", |row| row.organization_name.as_ref().into()),
        Column::new("CREDITS", "operationsAllocated", |row| row.operations_allocated.into()),
        Column::new("CONSUMED", "centicreditsConsumed", |row| row.usage.centicredits_consumed.into()),
        Column::csv_only("centicreditsExtra", |row| row.usage.centicredits_extra.into()),
        Column::csv_only("operationsConsumed", |row| row.usage.operations_consumed.into()),
        Column::csv_only("operationsExtra", |row| row.usage.operations_extra.into()),
        Column::csv_only("transferConsumed", |row| row.usage.transfer_consumed.into()),
        Column::csv_only("transferExtra", |row| row.usage.transfer_extra.into()),
        Column::new("USED", "usedPercent", |row| row.usage.used_percent.map_or(Value::Nothing, Value::Percent)),
        Column::new("LAST RESET", "lastReset", |row| row.usage.last_reset.as_ref().into()),
    ];
}

/// Reports the consumption of every child.
pub(super) async fn run(global: &GlobalArgs, printer: &Printer) -> Result<(), Failure> {
    Session::with_distributor(global, printer, "consumption", report).await
}

async fn report(session: &Session) -> Result<(), Failure> {
    let (children, consumption) = tokio::try_join!(session.children(), session.consumption())?;
    children.warn_if_cut(session.printer());
    session.printer().list(&joined(children.into_all(), consumption))
}

/// Joins both lists, and sorts them by used share, the highest first.
fn joined(children: Vec<ChildOrganization>, consumption: Vec<ChildOrganizationConsumption>) -> Vec<ConsumptionRow> {
    let rows = ChildWithConsumption::join(children, consumption);
    let mut rows: Vec<_> = rows.into_iter().map(ConsumptionRow::from).collect();
    rows.sort_by_key(|row| (Reverse(row.share()), row.organization_id));
    rows
}

#[cfg(test)]
mod tests {
    use mms_types::samples::{self, consumption};

    use super::*;

    fn child(id: u64, allocated: i64) -> ChildOrganization {
        samples::child(id, &format!("Child {id}"), allocated)
    }

    fn ids(rows: &[ConsumptionRow]) -> Vec<u64> {
        rows.iter().map(|row| row.organization_id.get()).collect()
    }

    #[test]
    fn the_highest_share_comes_first_and_equal_shares_by_id() {
        let children = vec![child(1, 20_000), child(2, 10_000), child(3, 0), child(4, 10_000), child(5, 0)];
        let used = [(5, 0), (4, 500_000), (3, 1), (2, 999_999), (1, 1_000_000)];

        let rows = joined(children, used.into_iter().map(|(id, used)| consumption(id, used)).collect());

        assert_eq!(ids(&rows), [3, 2, 1, 4, 5]);
    }

    #[test]
    fn a_row_that_one_side_lacks_is_kept_with_nulls_at_the_end() {
        let rows = joined(vec![child(1, 10_000), child(2, 10_000)], vec![consumption(2, 1), consumption(9, 1_000_000)]);

        assert_eq!(ids(&rows), [2, 1, 9]);
        let json = serde_json::to_value(&rows).unwrap();
        assert_eq!(json[1]["centicreditsConsumed"], serde_json::Value::Null);
        assert_eq!(json[1]["organizationName"], "Child 1");
        assert_eq!(json[2]["organizationName"], serde_json::Value::Null);
        assert_eq!(json[2]["operationsAllocated"], serde_json::Value::Null);
        assert_eq!(json[2]["usedPercent"], serde_json::Value::Null);
        assert_eq!(json[2]["centicreditsConsumed"], "1000000");
    }

    #[test]
    fn json_and_csv_have_the_same_fields() {
        let json = serde_json::to_value(&joined(vec![child(1, 10_000)], vec![])[0]).unwrap();
        let mut fields: Vec<_> = json.as_object().unwrap().keys().cloned().collect();
        fields.sort_unstable();

        let csv = crate::output::csv_text::<ConsumptionRow>(&[]).unwrap();
        let mut header: Vec<_> = csv.trim_end().split(',').collect();
        header.sort_unstable();

        assert_eq!(fields, header);
    }
}
