//! Integers of SQLite: signed, 64 bits.

use crate::store::error::StoreError;

/// The largest integer that a column holds.
pub(super) const MAX: u64 = i64::MAX.unsigned_abs();

/// Refuses a number that no column holds.
pub(in crate::store) fn fits(name: &str, number: u64) -> Result<(), StoreError> {
    match i64::try_from(number) {
        Ok(_) => Ok(()),
        Err(_) => Err(StoreError::Contradiction(format!("{name} {number} is too large: at most {}", i64::MAX))),
    }
}
