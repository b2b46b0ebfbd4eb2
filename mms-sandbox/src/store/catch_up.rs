//! Catch-up of the state with the clock: usage profiles are played, and counters return to 0 when a period ends.

use jiff::Timestamp;
use mms_types::sandbox::RestartPeriod;
use rusqlite::Connection;

use super::StoreError;
use super::tables::distributors::period_from_name;
use super::tables::timestamps::{from_column, required, to_text};
use super::tables::usage;
use crate::usage::profile::{hour_of, start_of_hour};
use crate::usage::reset_period::resets_until;

/// Brings the state up to `now`, and returns when it is due again, or nothing where it never is.
pub(crate) fn catch_up(connection: &Connection, now: Timestamp) -> Result<Option<Timestamp>, StoreError> {
    let mut reset = earliest_reset(connection)?;
    while let Some(due) = reset.filter(|due| *due <= now) {
        usage::play(connection, due)?;
        reset_counters(connection, due)?;
        // The last of all times has itself as its successor.
        reset = earliest_reset(connection)?.filter(|next| *next > due);
    }
    usage::play(connection, now)?;
    let hour = usage::any(connection)?.then(|| start_of_hour(hour_of(now).saturating_add(1)));
    Ok([reset, hour].into_iter().flatten().min())
}

fn earliest_reset(connection: &Connection) -> rusqlite::Result<Option<Timestamp>> {
    connection
        .prepare_cached("SELECT min(next_reset) AS due FROM distributor")?
        .query_one((), |row| from_column(row, "due"))
}

/// Ends the period of the distributors whose reset is due. Make does not say whether a child resets with its parent; here it
/// does.
fn reset_counters(connection: &Connection, due: Timestamp) -> Result<(), StoreError> {
    let ended: Vec<Period> = connection
        .prepare_cached("SELECT id, last_reset, next_reset, restart_period FROM distributor WHERE next_reset <= ?1")?
        .query_map([to_text(due)], |row| {
            Ok(Period {
                distributor: row.get("id")?,
                last_reset: required(row, "last_reset")?,
                next_reset: required(row, "next_reset")?,
                restart: period_from_name(row.get_ref("restart_period")?.as_str()?),
            })
        })?
        .collect::<rusqlite::Result<_>>()?;
    for Period { distributor, last_reset, next_reset, restart } in ended {
        let Some((last, next)) = resets_until(last_reset, next_reset, restart, due) else { continue };
        connection
            .prepare_cached("UPDATE distributor SET last_reset = ?2, next_reset = ?3 WHERE id = ?1")?
            .execute((distributor, to_text(last), to_text(next)))?;
        connection
            .prepare_cached(
                "UPDATE consumption SET centicredits_consumed = 0, centicredits_extra = 0, operations_consumed = 0,
                     operations_extra = 0, transfer_consumed = 0, transfer_extra = 0, last_reset = ?2
                 WHERE child_id IN (SELECT id FROM child WHERE distributor_id = ?1)",
            )?
            .execute((distributor, to_text(last)))?;
    }
    Ok(())
}

/// The period of a distributor.
struct Period {
    distributor: i64,
    last_reset: Timestamp,
    next_reset: Timestamp,
    restart: RestartPeriod,
}

#[cfg(test)]
mod tests {
    use mms_types::sandbox::SandboxState;
    use proptest::prelude::*;
    use serde_json::{Value, json};

    use super::*;
    use crate::store::fixtures::{self, MONDAY, at, loaded};
    use crate::store::state;

    /// Plants one distributor with one child of each shape.
    fn planted(fields: &Value) -> Connection {
        let children: Vec<Value> = ["steady", "growing", "bursty", "weekday"]
            .into_iter()
            .map(|shape| {
                let usage = json!({ "shape": shape, "centicreditsPerDay": "30000" });
                json!({ "organizationName": shape, "usage": usage })
            })
            .collect();
        let mut distributor = json!({ "organizationId": 11, "operations": 0, "children": children });
        distributor.as_object_mut().unwrap().extend(fields.as_object().unwrap().clone());
        loaded(json!({ "usageSeed": 7, "distributors": [distributor] }))
    }

    fn snapshot(connection: &Connection) -> SandboxState {
        state::dump(connection).unwrap()
    }

    fn resets(connection: &Connection) -> [String; 2] {
        fixtures::resets(&snapshot(connection))
    }

    fn consumed(connection: &Connection) -> Vec<u64> {
        snapshot(connection).distributors[0].children.iter().map(|child| child.centicredits_consumed.get()).collect()
    }

    #[test]
    fn a_period_ends_at_its_time_and_the_counters_return_to_0() {
        let connection = planted(&json!({}));
        catch_up(&connection, at("2026-11-30T23:59:59Z")).unwrap();
        assert!(consumed(&connection).iter().all(|centicredits| *centicredits > 0));
        catch_up(&connection, at("2026-12-01T00:00:00Z")).unwrap();
        assert_eq!(consumed(&connection), [0; 4]);
        assert_eq!(resets(&connection), ["2026-12-01T00:00:00Z", "2027-01-01T00:00:00Z"]);
        let children = &snapshot(&connection).distributors[0].children;
        assert!(children.iter().all(|child| child.last_reset.as_ref().unwrap().as_str() == "2026-12-01T00:00:00Z"));
    }

    #[test]
    fn a_yearly_period_ends_once_a_year() {
        let connection = planted(&json!({ "restartPeriod": "annual", "lastReset": "2026-03-15T00:00:00Z" }));
        catch_up(&connection, at("2027-03-14T23:00:00Z")).unwrap();
        assert_eq!(resets(&connection), ["2026-03-15T00:00:00Z", "2027-03-15T00:00:00Z"]);
        catch_up(&connection, at("2029-01-01T00:00:00Z")).unwrap();
        assert_eq!(resets(&connection), ["2028-03-15T00:00:00Z", "2029-03-15T00:00:00Z"]);
    }

    #[test]
    fn the_state_is_due_at_the_next_hour_or_at_the_next_reset() {
        let connection = planted(&json!({}));
        let due = catch_up(&connection, at("2026-11-02T07:30:00Z")).unwrap();
        assert_eq!(due, Some(at("2026-11-02T08:00:00Z")));
        connection.execute("DELETE FROM usage", ()).unwrap();
        assert_eq!(catch_up(&connection, at(MONDAY)).unwrap(), Some(at("2026-12-01T00:00:00Z")));
        connection.execute_batch("DELETE FROM consumption; DELETE FROM child; DELETE FROM distributor").unwrap();
        assert_eq!(catch_up(&connection, at(MONDAY)).unwrap(), None);
    }

    #[test]
    fn the_end_of_all_times_is_reached_and_nothing_is_due_after_it() {
        let connection = planted(&json!({ "lastReset": "9999-11-01T00:00:00Z" }));
        connection.execute("DELETE FROM usage", ()).unwrap();
        for now in [Timestamp::MAX, Timestamp::MAX] {
            assert_eq!(catch_up(&connection, now).unwrap(), None);
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(24))]

        #[test]
        fn many_steps_lead_where_one_leads(mut steps in prop::collection::vec(0..80 * 24 * 60_i64, 1..20)) {
            let (jumped, stepped) = (planted(&json!({})), planted(&json!({})));
            steps.sort_unstable();
            let after = |minutes: &i64| at(MONDAY) + jiff::SignedDuration::from_mins(*minutes);
            for step in &steps {
                catch_up(&stepped, after(step)).unwrap();
            }
            catch_up(&jumped, after(steps.last().unwrap())).unwrap();
            prop_assert_eq!(snapshot(&jumped), snapshot(&stepped));
        }
    }
}
