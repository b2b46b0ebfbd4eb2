//! `mms child list`.

use mms_types::{ChildOrganization, CountryId, TimezoneId, ZoneId};

use crate::output::failure::Failure;
use crate::output::record::{Column, Record};
use crate::session::Session;

impl Record for ChildOrganization {
    const COLUMNS: &'static [Column<Self>] = &[
        Column::new("ID", "organizationId", |child| child.organization_id.get().into()),
        Column::new("NAME", "organizationName", |child| child.organization_name.as_ref().into()),
        Column::new("CREDITS", "operationsAllocated", |child| child.operations_allocated.into()),
        Column::csv_only("countryId", |child| child.country_id.map(CountryId::get).into()),
        Column::csv_only("timezoneId", |child| child.timezone_id.map(TimezoneId::get).into()),
        Column::csv_only("zoneId", |child| child.zone_id.map(ZoneId::get).into()),
        Column::new("ZONE", "zoneDomain", |child| child.zone_domain.as_ref().into()),
        Column::csv_only("zoneName", |child| child.zone_name.as_ref().into()),
    ];
}

/// Lists every child in the server's order, and behind them what this machine created and the server does not list yet.
pub(super) async fn list(session: &Session) -> Result<(), Failure> {
    let children = session.children().await?;
    children.warn_if_cut(session.printer());
    session.printer().list(&children.into_all())
}
