//! Table of distributors.

use mms_types::sandbox::RestartPeriod;
use mms_types::{
    Centicredits, CountryId, License, Organization, OrganizationId, OrganizationSummary, Timestamp, TimezoneId, ZoneId,
};
use rusqlite::{Connection, OptionalExtension, Row};

use crate::enums;
use crate::store::StoreError;

/// A row to insert.
#[derive(Debug)]
pub(crate) struct NewDistributor<'a> {
    pub(crate) id: OrganizationId,
    pub(crate) name: &'a str,
    pub(crate) zone: ZoneId,
    pub(crate) country: CountryId,
    pub(crate) timezone: TimezoneId,
    /// The operations that none of its children holds.
    pub(crate) pool: i64,
    /// Requests a minute.
    pub(crate) api_limit: u64,
    pub(crate) last_reset: &'a str,
    pub(crate) next_reset: &'a str,
    pub(crate) restart_period: RestartPeriod,
}

/// Records a distributor.
pub(crate) fn insert(connection: &Connection, distributor: &NewDistributor<'_>) -> rusqlite::Result<()> {
    connection
        .prepare_cached("INSERT INTO distributor VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)")?
        .execute((
            distributor.id.get(),
            distributor.name,
            distributor.zone.get(),
            distributor.country.get(),
            distributor.timezone.get(),
            distributor.pool,
            distributor.api_limit,
            distributor.last_reset,
            distributor.next_reset,
            period_name(distributor.restart_period),
        ))
        .map(drop)
}

/// Returns a distributor.
pub(crate) fn find(connection: &Connection, distributor: OrganizationId) -> Result<Organization, StoreError> {
    connection
        .prepare_cached(
            "SELECT id, name, zone_id, country_id, timezone_id, pool, api_limit, last_reset, next_reset, restart_period
             FROM distributor WHERE id = ?1",
        )?
        .query_one([distributor.get()], organization)
        .optional()?
        .ok_or(StoreError::NoSuchOrganization(distributor))
}

/// Returns a page of the organizations that the tokens of a distributor see: the distributor itself and no other.
pub(crate) fn list(
    connection: &Connection,
    distributor: OrganizationId,
    limit: u32,
    offset: u32,
) -> Result<Vec<OrganizationSummary>, StoreError> {
    let organizations = connection
        .prepare_cached("SELECT id, name, zone_id, timezone_id FROM distributor WHERE id = ?1 LIMIT ?2 OFFSET ?3")?
        .query_map((distributor.get(), limit, offset), summary)?
        .collect::<rusqlite::Result<_>>()?;
    Ok(organizations)
}

/// Returns the name of a period, as in the API.
pub(in crate::store) fn period_name(period: RestartPeriod) -> &'static str {
    match period {
        RestartPeriod::Monthly => "monthly",
        RestartPeriod::Annual => "annual",
    }
}

/// Reads what [`period_name`] wrote.
pub(in crate::store) fn period_from_name(name: &str) -> RestartPeriod {
    if name == period_name(RestartPeriod::Annual) { RestartPeriod::Annual } else { RestartPeriod::Monthly }
}

fn summary(row: &Row<'_>) -> rusqlite::Result<OrganizationSummary> {
    Ok(OrganizationSummary {
        id: OrganizationId::new(row.get("id")?),
        name: Some(row.get("name")?),
        timezone_id: Some(TimezoneId::new(row.get("timezone_id")?)),
        zone: zone_domain(row)?,
    })
}

/// Returns the host of a row's zone.
fn zone_domain(row: &Row<'_>) -> rusqlite::Result<Option<String>> {
    Ok(enums::zone(ZoneId::new(row.get("zone_id")?)).map(|zone| zone.domain.clone()))
}

fn organization(row: &Row<'_>) -> rusqlite::Result<Organization> {
    let pool: i64 = row.get("pool")?;
    Ok(Organization {
        id: OrganizationId::new(row.get("id")?),
        name: row.get("name")?,
        zone: zone_domain(row)?,
        country_id: Some(CountryId::new(row.get("country_id")?)),
        timezone_id: Some(TimezoneId::new(row.get("timezone_id")?)),
        last_reset: Some(Timestamp::new(row.get::<_, String>("last_reset")?)),
        next_reset: Some(Timestamp::new(row.get::<_, String>("next_reset")?)),
        is_paused: Some(false),
        license: Some(License {
            operations: Some(pool),
            api_limit: Some(row.get("api_limit")?),
            restart_period: Some(row.get("restart_period")?),
        }),
        // A sandbox's distributor runs nothing itself, so its whole pool is unused.
        unused_centicredits: Some(Centicredits::new(pool.unsigned_abs().saturating_mul(100))),
    })
}
