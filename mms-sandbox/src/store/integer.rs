//! Integers that the database holds.

use super::error::StoreError;

/// Refuses a number that is no signed 64-bit integer.
pub(super) fn fits(name: &str, number: u64) -> Result<(), StoreError> {
    match i64::try_from(number) {
        Ok(_) => Ok(()),
        Err(_) => Err(StoreError::Contradiction(format!("{name} {number} is too large: at most {}", i64::MAX))),
    }
}
