//! Table of usage profiles, and the playing of profiles: what they consume as time passes.

use jiff::Timestamp;
use mms_types::sandbox::{UsageProfile, UsageShape};
use mms_types::{Centicredits, OrganizationId};
use rusqlite::{Connection, Row};

use super::consumption::{self, Counters};
use super::integers;
use super::settings;
use super::timestamps::{required, to_text};
use crate::store::StoreError;
use crate::usage::profile::{consumption_in_hour, hour_of, operations_and_transfer, start_of_hour};

/// A child's profile, the time since which it applies, and the time up to which it was played.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Usage {
    pub(crate) profile: UsageProfile,
    pub(crate) since: Timestamp,
    pub(crate) played_until: Timestamp,
}

/// Gives a child a profile in place of the one that it may have.
pub(crate) fn set(connection: &Connection, child: OrganizationId, usage: &Usage) -> rusqlite::Result<()> {
    connection
        .prepare_cached("INSERT OR REPLACE INTO usage VALUES (?1, ?2, ?3, ?4, ?5)")?
        .execute((
            child.get(),
            shape_name(usage.profile.shape),
            usage.profile.centicredits_per_day.get(),
            to_text(usage.since),
            to_text(usage.played_until),
        ))
        .map(drop)
}

/// Refuses a profile that the database cannot hold.
pub(crate) fn check(profile: &UsageProfile) -> Result<(), StoreError> {
    integers::fits("centicreditsPerDay", profile.centicredits_per_day.get())
}

/// Takes a child's profile away, if it has one.
pub(crate) fn remove(connection: &Connection, child: OrganizationId) -> rusqlite::Result<()> {
    connection.prepare_cached("DELETE FROM usage WHERE child_id = ?1")?.execute([child.get()]).map(drop)
}

/// Says whether any child has a profile.
pub(in crate::store) fn any(connection: &Connection) -> rusqlite::Result<bool> {
    connection.prepare_cached("SELECT EXISTS (SELECT 1 FROM usage)")?.query_one((), |row| row.get(0))
}

/// Adds the consumption of every profile for the whole hours up to `until`, within the child's allocation.
pub(in crate::store) fn play(connection: &Connection, until: Timestamp) -> Result<(), StoreError> {
    let end = hour_of(until);
    let seed = settings::usage_seed(connection)?;
    let due: Vec<(OrganizationId, u64, Usage)> = connection
        .prepare_cached(
            "SELECT usage.*, operations FROM usage JOIN child ON child.id = child_id WHERE played_until < ?1",
        )?
        .query_map([to_text(start_of_hour(end))], |row| {
            Ok((OrganizationId::new(row.get("child_id")?), row.get("operations")?, read_row(row)?))
        })?
        .collect::<rusqlite::Result<_>>()?;
    for (child, allocation, usage) in due {
        let before = consumption::counters(connection, child)?.centicredits;
        let left = allocation.saturating_mul(100).saturating_sub(before);
        let mut centicredits = 0_u64;
        for hour in hour_of(usage.played_until)..end {
            if centicredits >= left {
                break;
            }
            centicredits =
                centicredits.saturating_add(consumption_in_hour(&usage.profile, seed, child, usage.since, hour));
        }
        let centicredits = centicredits.min(left);
        consumption::add(connection, child, &consumption_of(before, centicredits))?;
        set(connection, child, &Usage { played_until: start_of_hour(end), ..usage })?;
    }
    Ok(())
}

/// Returns what consuming more adds to every counter of a child that has consumed `before`. Taken from the totals, so that many
/// small steps come to the same as one large one.
fn consumption_of(before: u64, centicredits: u64) -> Counters {
    let (operations_before, transfer_before) = operations_and_transfer(before);
    let (operations, transfer) = operations_and_transfer(before.saturating_add(centicredits));
    Counters {
        centicredits,
        operations: operations.saturating_sub(operations_before),
        transfer: transfer.saturating_sub(transfer_before),
    }
}

/// Reads the profile of a row that may have none.
pub(in crate::store) fn from_row(row: &Row<'_>) -> rusqlite::Result<Option<Usage>> {
    let shape: Option<String> = row.get("shape")?;
    shape.map(|_| read_row(row)).transpose()
}

fn read_row(row: &Row<'_>) -> rusqlite::Result<Usage> {
    let shape: String = row.get("shape")?;
    Ok(Usage {
        profile: UsageProfile {
            shape: SHAPES.into_iter().find(|known| shape_name(*known) == shape).unwrap_or(UsageShape::Steady),
            centicredits_per_day: Centicredits::new(row.get("centicredits_per_day")?),
        },
        since: required(row, "since")?,
        played_until: required(row, "played_until")?,
    })
}

const SHAPES: [UsageShape; 4] = [UsageShape::Steady, UsageShape::Growing, UsageShape::Bursty, UsageShape::Weekday];

fn shape_name(shape: UsageShape) -> &'static str {
    match shape {
        UsageShape::Steady => "steady",
        UsageShape::Growing => "growing",
        UsageShape::Bursty => "bursty",
        UsageShape::Weekday => "weekday",
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::store::fixtures::{at, loaded};

    const CHILD: OrganizationId = OrganizationId::new(101);

    /// Plants a child that holds 10,000 operations, with a steady profile.
    fn planted(centicredits_per_day: u64) -> Connection {
        let usage = json!({ "shape": "steady", "centicreditsPerDay": centicredits_per_day.to_string() });
        let child = json!({ "organizationId": 101, "organizationName": "Acme", "usage": usage });
        loaded(json!({ "distributors": [{ "organizationId": 11, "operations": 0, "children": [child] }] }))
    }

    fn played(connection: &Connection, until: &str) -> Counters {
        play(connection, at(until)).unwrap();
        consumption::counters(connection, CHILD).unwrap()
    }

    #[test]
    fn a_profile_is_played_by_whole_hours() {
        let connection = planted(240_000);
        assert_eq!(played(&connection, "2026-11-02T00:59:59Z").centicredits, 0);
        let hour = played(&connection, "2026-11-02T01:00:00Z").centicredits;
        assert!((9_000..=11_000).contains(&hour), "{hour}");
        assert_eq!(played(&connection, "2026-11-02T01:59:59Z").centicredits, hour);
    }

    #[test]
    fn a_child_consumes_no_more_than_it_holds_until_it_holds_more() {
        let connection = planted(1_000_000);
        assert_eq!(played(&connection, "2026-11-05T00:00:00Z").centicredits, 1_000_000);
        assert_eq!(played(&connection, "2026-11-06T00:00:00Z").centicredits, 1_000_000);
        connection.execute("UPDATE child SET operations = 20000", ()).unwrap();
        let more = played(&connection, "2026-11-06T01:00:00Z").centicredits;
        assert!((1_030_000..1_050_000).contains(&more), "the paused hours are not made up for: {more}");
    }

    #[test]
    fn operations_and_transfer_go_along() {
        let connection = planted(240_050);
        let counters = played(&connection, "2026-11-02T09:00:00Z");
        assert_eq!(counters.operations, counters.centicredits / 100);
        assert_eq!(counters.transfer, counters.operations * 100_000);
    }

    #[test]
    fn a_removed_profile_plays_no_more() {
        let connection = planted(240_000);
        let before = played(&connection, "2026-11-02T05:00:00Z").centicredits;
        remove(&connection, CHILD).unwrap();
        assert!(!any(&connection).unwrap());
        assert_eq!(played(&connection, "2026-11-09T00:00:00Z").centicredits, before);
    }
}
