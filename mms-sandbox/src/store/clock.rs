//! Stored clock setting, and the seed of usage profiles.

use jiff::{SignedDuration, Timestamp};
use rusqlite::Connection;

use super::StoreError;
use super::time::{read, written};
use crate::clock::ClockSetting;

/// Returns where the clock stood when the state was last written.
pub(crate) fn hand(connection: &Connection) -> Result<ClockSetting, StoreError> {
    let hand = connection.prepare_cached("SELECT clock_ahead, clock_frozen FROM setting")?.query_one((), |row| {
        let ahead = SignedDuration::from_millis(row.get("clock_ahead")?);
        let frozen: Option<Timestamp> = read(row, "clock_frozen")?;
        Ok(frozen.map_or(ClockSetting::Running { ahead }, |at| ClockSetting::Frozen { at }))
    })?;
    Ok(hand)
}

/// Records where the clock stands.
pub(crate) fn set_hand(connection: &Connection, hand: ClockSetting) -> rusqlite::Result<()> {
    let (ahead, frozen) = match hand {
        ClockSetting::Running { ahead } => (i64::try_from(ahead.as_millis()).unwrap_or(i64::MAX), None),
        ClockSetting::Frozen { at } => (0, Some(written(at))),
    };
    connection
        .prepare_cached("UPDATE setting SET clock_ahead = ?1, clock_frozen = ?2")?
        .execute((ahead, frozen))
        .map(drop)
}

/// Returns the number that usage profiles draw from.
pub(crate) fn usage_seed(connection: &Connection) -> rusqlite::Result<u64> {
    connection.prepare_cached("SELECT usage_seed FROM setting")?.query_one((), |row| row.get(0))
}

/// Records the number that usage profiles draw from.
pub(crate) fn set_usage_seed(connection: &Connection, seed: u64) -> rusqlite::Result<()> {
    connection.prepare_cached("UPDATE setting SET usage_seed = ?1")?.execute([seed]).map(drop)
}
