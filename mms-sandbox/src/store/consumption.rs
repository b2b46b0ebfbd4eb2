//! What children have consumed since their last reset.

use mms_types::{Centicredits, ChildOrganizationConsumption, OrganizationId, Timestamp};
use rusqlite::{Connection, Row, Transaction};

use super::StoreError;

/// The counters of a child.
#[derive(Debug, Default)]
pub(crate) struct Counters {
    pub(crate) centicredits: u64,
    pub(crate) operations: u64,
    /// In bytes.
    pub(crate) transfer: u64,
}

/// Starts the counters of a child.
pub(crate) fn insert(
    transaction: &Transaction<'_>,
    child: OrganizationId,
    counters: &Counters,
    last_reset: &str,
) -> rusqlite::Result<()> {
    transaction
        .prepare_cached(
            "INSERT INTO consumption
                 (child_id, centicredits_consumed, operations_consumed, transfer_consumed, last_reset)
             VALUES (?1, ?2, ?3, ?4, ?5)",
        )?
        .execute((child.get(), counters.centicredits, counters.operations, counters.transfer, last_reset))
        .map(drop)
}

/// Returns the counters of every child of a distributor, by id.
pub(crate) fn list(
    connection: &Connection,
    distributor: OrganizationId,
) -> Result<Vec<ChildOrganizationConsumption>, StoreError> {
    let rows = connection
        .prepare_cached(
            "SELECT consumption.* FROM consumption JOIN child ON child.id = child_id
             WHERE distributor_id = ?1 ORDER BY child_id",
        )?
        .query_map([distributor.get()], consumption)?
        .collect::<rusqlite::Result<_>>()?;
    Ok(rows)
}

fn consumption(row: &Row<'_>) -> rusqlite::Result<ChildOrganizationConsumption> {
    Ok(ChildOrganizationConsumption {
        organization_id: OrganizationId::new(row.get("child_id")?),
        centicredits_consumed: Centicredits::new(row.get("centicredits_consumed")?),
        centicredits_extra: Some(Centicredits::new(row.get("centicredits_extra")?)),
        operations_consumed: row.get("operations_consumed")?,
        operations_extra: row.get("operations_extra")?,
        transfer_consumed: row.get("transfer_consumed")?,
        transfer_extra: row.get("transfer_extra")?,
        last_reset: Some(Timestamp::new(row.get::<_, String>("last_reset")?)),
    })
}
