//! Table of consumption counters since the last reset.

use mms_types::sandbox::ConsumptionRows;
use mms_types::{Centicredits, ChildOrganizationConsumption, OrganizationId, Timestamp};
use rusqlite::{Connection, Row};

use super::integers;
use crate::store::StoreError;

/// The counters of a child.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Counters {
    pub(crate) centicredits: u64,
    pub(crate) operations: u64,
    /// In bytes.
    pub(crate) transfer: u64,
}

/// Inserts the counters of a child.
pub(crate) fn insert(
    connection: &Connection,
    child: OrganizationId,
    counters: &Counters,
    last_reset: &str,
) -> rusqlite::Result<()> {
    connection
        .prepare_cached(
            "INSERT INTO consumption
                 (child_id, centicredits_consumed, operations_consumed, transfer_consumed, last_reset)
             VALUES (?1, ?2, ?3, ?4, ?5)",
        )?
        .execute((child.get(), counters.centicredits, counters.operations, counters.transfer, last_reset))
        .map(drop)
}

/// Adds to the counters of a child, up to the largest integer.
pub(crate) fn add(connection: &Connection, child: OrganizationId, more: &Counters) -> rusqlite::Result<()> {
    let old = counters(connection, child)?;
    let sum = |old: u64, more: u64| old.saturating_add(more).min(integers::MAX);
    connection
        .prepare_cached(
            "UPDATE consumption SET centicredits_consumed = ?2, operations_consumed = ?3, transfer_consumed = ?4
             WHERE child_id = ?1",
        )?
        .execute((
            child.get(),
            sum(old.centicredits, more.centicredits),
            sum(old.operations, more.operations),
            sum(old.transfer, more.transfer),
        ))
        .map(drop)
}

/// Returns the counters of a child that exists.
pub(crate) fn counters(connection: &Connection, child: OrganizationId) -> rusqlite::Result<Counters> {
    connection
        .prepare_cached(
            "SELECT centicredits_consumed, operations_consumed, transfer_consumed FROM consumption WHERE child_id = ?1",
        )?
        .query_one([child.get()], |row| {
            Ok(Counters { centicredits: row.get(0)?, operations: row.get(1)?, transfer: row.get(2)? })
        })
}

/// Returns the counters of a distributor's children, by id.
pub(crate) fn list(
    connection: &Connection,
    distributor: OrganizationId,
    rows: ConsumptionRows,
) -> Result<Vec<ChildOrganizationConsumption>, StoreError> {
    let all = rows == ConsumptionRows::All;
    let rows = connection
        .prepare_cached(
            "SELECT consumption.* FROM consumption JOIN child ON child.id = child_id
             WHERE distributor_id = ?1
                 AND (?2 OR centicredits_consumed > 0 OR operations_consumed > 0 OR transfer_consumed > 0)
             ORDER BY child_id",
        )?
        .query_map((distributor.get(), all), consumption)?
        .collect::<rusqlite::Result<_>>()?;
    Ok(rows)
}

fn consumption(row: &Row<'_>) -> rusqlite::Result<ChildOrganizationConsumption> {
    Ok(ChildOrganizationConsumption {
        organization_id: OrganizationId::new(row.get("child_id")?),
        centicredits_consumed: Some(Centicredits::new(row.get("centicredits_consumed")?)),
        centicredits_extra: Some(Centicredits::new(row.get("centicredits_extra")?)),
        operations_consumed: row.get("operations_consumed")?,
        operations_extra: row.get("operations_extra")?,
        transfer_consumed: row.get("transfer_consumed")?,
        transfer_extra: row.get("transfer_extra")?,
        last_reset: Some(Timestamp::new(row.get::<_, String>("last_reset")?)),
    })
}
