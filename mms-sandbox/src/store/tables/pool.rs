//! Pool of a distributor: the operations that none of its children holds.

use mms_types::OrganizationId;
use rusqlite::{Connection, OptionalExtension};

use crate::store::StoreError;

/// Takes operations out of the pool, or puts them back where the number is negative, and returns what is left.
pub(in crate::store) fn take(
    connection: &Connection,
    distributor: OrganizationId,
    operations: i64,
) -> Result<i64, StoreError> {
    let left = connection
        .prepare_cached("UPDATE distributor SET pool = pool - ?2 WHERE id = ?1 AND pool >= ?2 RETURNING pool")?
        .query_one((distributor.get(), operations), |row| row.get(0))
        .optional()?;
    match left {
        Some(left) => Ok(left),
        None => Err(StoreError::PoolTooSmall { pool: size(connection, distributor)?, needed: operations }),
    }
}

fn size(connection: &Connection, distributor: OrganizationId) -> Result<i64, StoreError> {
    connection
        .prepare_cached("SELECT pool FROM distributor WHERE id = ?1")?
        .query_one([distributor.get()], |row| row.get(0))
        .optional()?
        .ok_or(StoreError::NoSuchOrganization(distributor))
}
