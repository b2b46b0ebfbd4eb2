//! `mms child show`: one child with its consumption.

use mms_types::{ChildOrganization, CountryId, TimezoneId, ZoneId};
use serde::Serialize;

use crate::command::usage::{Usage, row_of};
use crate::output::failure::Failure;
use crate::output::record::{Column, Record, Value};
use crate::session::Session;

/// A child beside its consumption.
#[derive(Debug, Serialize)]
struct ChildDetails {
    #[serde(flatten)]
    child: ChildOrganization,
    #[serde(flatten)]
    usage: Usage,
}

impl Record for ChildDetails {
    const COLUMNS: &'static [Column<Self>] = &[
        Column::new("ID", "organizationId", |row| row.child.organization_id.get().into()),
        Column::new("NAME", "organizationName", |row| row.child.organization_name.as_ref().into()),
        Column::new("COUNTRY ID", "countryId", |row| row.child.country_id.map(CountryId::get).into()),
        Column::new("TIMEZONE ID", "timezoneId", |row| row.child.timezone_id.map(TimezoneId::get).into()),
        Column::csv_only("zoneId", |row| row.child.zone_id.map(ZoneId::get).into()),
        Column::new("ZONE", "zoneDomain", |row| row.child.zone_domain.as_ref().into()),
        Column::csv_only("zoneName", |row| row.child.zone_name.as_ref().into()),
        Column::new("CREDITS", "operationsAllocated", |row| row.child.operations_allocated.into()),
        Column::new("CONSUMED", "centicreditsConsumed", |row| row.usage.centicredits_consumed.into()),
        Column::new("EXTRA", "centicreditsExtra", |row| row.usage.centicredits_extra.into()),
        Column::new("USED", "usedPercent", |row| row.usage.used_percent.map_or(Value::Nothing, Value::Percent)),
        Column::new("OPERATIONS", "operationsConsumed", |row| row.usage.operations_consumed.into()),
        Column::csv_only("operationsExtra", |row| row.usage.operations_extra.into()),
        Column::new("TRANSFER", "transferConsumed", |row| row.usage.transfer_consumed.into()),
        Column::csv_only("transferExtra", |row| row.usage.transfer_extra.into()),
        Column::new("LAST RESET", "lastReset", |row| row.usage.last_reset.as_ref().into()),
    ];
}

/// Shows one child with its consumption.
pub(super) async fn show(session: &Session, child: &str) -> Result<(), Failure> {
    let (children, consumption) = tokio::try_join!(session.children(), session.consumption())?;
    let child = children.find(child, session.invocation())?.clone();
    let consumption = row_of(child.organization_id, consumption);
    let usage = Usage::new(consumption, child.operations_allocated);
    session.printer().one(&ChildDetails { child, usage })
}
