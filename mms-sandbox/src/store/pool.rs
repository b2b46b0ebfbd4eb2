//! A distributor's pool: the operations that none of its children holds.

use mms_types::OrganizationId;
use rusqlite::Transaction;

use super::StoreError;

/// Takes operations out of the pool, or puts them back where the number is negative, and returns what is left.
pub(super) fn take(
    transaction: &Transaction<'_>,
    distributor: OrganizationId,
    operations: i64,
) -> Result<i64, StoreError> {
    let pool: i64 = transaction
        .prepare_cached("SELECT pool FROM distributor WHERE id = ?1")?
        .query_one([distributor.get()], |row| row.get(0))?;
    let left = pool
        .checked_sub(operations)
        .filter(|left| *left >= 0)
        .ok_or(StoreError::PoolTooSmall { pool, needed: operations })?;
    transaction.prepare_cached("UPDATE distributor SET pool = ?2 WHERE id = ?1")?.execute((distributor.get(), left))?;
    Ok(left)
}
