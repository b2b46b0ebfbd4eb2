//! Tests of loading and dumping.

use jiff::Timestamp;
use mms_types::sandbox::SandboxState;
use proptest::prelude::*;
use rusqlite::Connection;
use serde_json::{Value, json};

use super::{dump, load};
use crate::store::fixtures::{at, in_memory, resets};
use crate::store::{StoreError, catch_up};

const NOW: &str = "2026-11-15T12:00:00Z";

fn loaded(state: &SandboxState) -> Result<Connection, StoreError> {
    let connection = in_memory();
    load(&connection, state, at(NOW))?;
    Ok(connection)
}

/// Loads a state that is written by mode, and returns the snapshot of it.
fn snapshot(state: Value) -> SandboxState {
    dump(&loaded(&serde_json::from_value(state).unwrap()).unwrap()).unwrap()
}

/// Returns why a state is refused.
fn refused(state: Value) -> String {
    match loaded(&serde_json::from_value(state).unwrap()) {
        Err(StoreError::Contradiction(message)) => message,
        other => unreachable!("{other:?}"),
    }
}

#[test]
fn what_is_left_out_is_written_out() {
    let state = snapshot(json!({
        "distributors": [{ "organizationId": 11, "operations": 5, "children": [{ "organizationName": "Acme" }] }],
    }));
    let expected = json!({
        "usageSeed": 0,
        "nextOrganizationId": 1002,
        "nextUserId": 2,
        "distributors": [{
            "organizationId": 11, "organizationName": "Distributor 11", "operations": 5, "apiLimit": 240,
            "restartPeriod": "monthly", "lastReset": "2026-11-01T00:00:00Z", "nextReset": "2026-12-01T00:00:00Z",
            "zoneId": 1, "countryId": 58, "timezoneId": 8, "tokens": [],
            "children": [{
                "organizationId": 1001, "organizationName": "Acme", "operationsAllocated": 10_000,
                "userEmail": "owner@example.com", "userName": "Owner", "userId": 1, "zoneId": 1, "countryId": 58,
                "timezoneId": 8, "centicreditsConsumed": "0", "operationsConsumed": 0, "transferConsumed": 0,
                "lastReset": "2026-11-01T00:00:00Z", "isPaused": false,
            }],
        }],
    });
    assert_eq!(json!(state), expected);
}

#[test]
fn an_annual_period_began_with_the_year() {
    let state = snapshot(json!({
        "distributors": [{ "organizationId": 11, "operations": 0, "restartPeriod": "annual" }],
    }));
    let resets = (state.distributors[0].last_reset.as_ref(), state.distributors[0].next_reset.as_ref());
    let times = ["2026-01-01T00:00:00Z", "2027-01-01T00:00:00Z"].map(mms_types::Timestamp::new);
    assert_eq!(resets, (Some(&times[0]), Some(&times[1])));
}

#[test]
fn new_ids_follow_every_id_that_is_there_a_distributors_too() {
    let children = json!([{ "organizationName": "Acme" }, { "organizationName": "Beta", "organizationId": 1500 }]);
    let state = snapshot(json!({
        "distributors": [{ "organizationId": 2000, "operations": 0, "children": children }],
    }));
    let ids: Vec<u64> =
        state.distributors[0].children.iter().map(|child| child.organization_id.unwrap().get()).collect();
    assert_eq!((ids, state.next_organization_id.unwrap().get()), (vec![1500, 2001], 2002));
}

#[test]
fn the_next_ids_are_floors() {
    let next = |organization: u64, user: u64| {
        let state = snapshot(json!({
            "nextOrganizationId": organization, "nextUserId": user,
            "distributors": [{ "organizationId": 11, "operations": 0, "children": [
                { "organizationName": "Acme", "organizationId": 1500, "userId": 7 },
            ] }],
        }));
        (state.next_organization_id.unwrap().get(), state.next_user_id.unwrap().get())
    };
    assert_eq!(next(1, 1), (1501, 8), "a lower number is raised");
    assert_eq!(next(9_000, 500), (9_000, 500));
}

#[test]
fn the_snapshot_of_a_state_with_the_largest_id_can_be_restored() {
    let largest = 1_u64 << 53;
    let state = snapshot(json!({
        "distributors": [{ "organizationId": 11, "operations": 0, "children": [
            { "organizationName": "Acme", "organizationId": largest, "userId": largest },
        ] }],
    }));
    assert_eq!(state.next_organization_id.unwrap().get(), largest + 1);
    assert_eq!(snapshot(serde_json::to_value(&state).unwrap()), state);
}

#[test]
fn a_count_numbers_the_names() {
    let state = snapshot(json!({
        "distributors": [{ "organizationId": 11, "operations": 0, "children": [
            { "organizationName": "Client", "count": 3 }, { "organizationName": "Solo", "count": 1 },
        ] }],
    }));
    let names: Vec<&str> =
        state.distributors[0].children.iter().map(|child| child.organization_name.as_str()).collect();
    assert_eq!(names, ["Client 1", "Client 2", "Client 3", "Solo 1"]);
}

#[test]
fn a_clamped_reset_keeps_its_day_over_a_snapshot() {
    let connection = in_memory();
    let state = json!({
        "distributors": [{ "organizationId": 11, "operations": 0, "lastReset": "2027-01-31T06:00:00Z" }],
    });
    load(&connection, &serde_json::from_value(state).unwrap(), at("2027-01-31T06:00:00Z")).unwrap();
    catch_up::catch_up(&connection, at("2027-03-01T00:00:00Z")).unwrap();
    let snapshot = dump(&connection).unwrap();
    assert_eq!(resets(&snapshot), ["2027-02-28T06:00:00Z", "2027-03-31T06:00:00Z"]);
    let restored = in_memory();
    load(&restored, &snapshot, at("2027-03-01T00:00:00Z")).unwrap();
    catch_up::catch_up(&restored, at("2027-05-01T00:00:00Z")).unwrap();
    assert_eq!(resets(&dump(&restored).unwrap()), ["2027-04-30T06:00:00Z", "2027-05-31T06:00:00Z"]);
}

#[test]
fn a_number_out_of_range_is_refused_by_its_name() {
    let of = |distributor: Value, child: Value| {
        let mut state = json!({ "organizationId": 11, "operations": 0, "children": [{ "organizationName": "Acme" }] });
        state.as_object_mut().unwrap().extend(distributor.as_object().unwrap().clone());
        state["children"][0].as_object_mut().unwrap().extend(child.as_object().unwrap().clone());
        refused(json!({ "distributors": [state] }))
    };
    let no_child = json!({});
    assert_eq!(
        of(json!({ "organizationId": 0 }), no_child.clone()),
        "\"0\" is not an id: expected a whole number from 1"
    );
    assert_eq!(of(json!({ "apiLimit": 0 }), no_child.clone()), "organization 11: apiLimit 0 lets no request through");
    assert_eq!(
        of(json!({ "operations": u64::MAX }), no_child),
        "organization 11: operations 18446744073709551615 are too many"
    );
    let no_field = || json!({});
    assert_eq!(
        of(no_field(), json!({ "organizationId": u64::MAX })),
        "the id 18446744073709551615 is too large: at most 9007199254740992"
    );
    assert_eq!(of(no_field(), json!({ "userId": 0 })), "\"0\" is not an id: expected a whole number from 1");
    for count in [0, 1_000_001] {
        let expected = format!("\"Acme\": count {count} is not between 1 and 1000000");
        assert_eq!(of(no_field(), json!({ "count": count })), expected);
    }
    let large = format!("{} is too large: at most {}", u64::MAX, i64::MAX);
    assert_eq!(
        of(no_field(), json!({ "centicreditsConsumed": u64::MAX.to_string() })),
        format!("centicreditsConsumed {large}")
    );
    let usage = json!({ "usage": { "shape": "steady", "centicreditsPerDay": u64::MAX.to_string() } });
    assert_eq!(of(no_field(), usage), format!("centicreditsPerDay {large}"));
}

#[test]
fn a_next_reset_that_is_not_after_the_last_is_refused() {
    let message = refused(json!({ "distributors": [{
        "organizationId": 11, "operations": 0, "lastReset": "2026-11-01T00:00:00Z", "nextReset": "2026-11-01T00:00:00Z",
    }] }));
    assert_eq!(
        message,
        "organization 11: its next reset, 2026-11-01T00:00:00Z, is not after its last, 2026-11-01T00:00:00Z"
    );
}

#[test]
fn the_last_reset_of_all_times_is_restored() {
    let connection = in_memory();
    let state = json!({ "distributors": [{ "organizationId": 11, "operations": 0 }] });
    load(&connection, &serde_json::from_value(state).unwrap(), at("9999-12-01T00:00:00Z")).unwrap();
    assert_eq!(catch_up::catch_up(&connection, Timestamp::MAX).unwrap(), None);
    let snapshot = dump(&connection).unwrap();
    let restored = in_memory();
    load(&restored, &snapshot, Timestamp::MAX).unwrap();
    assert_eq!(dump(&restored).unwrap(), snapshot);
}

fn time() -> impl Strategy<Value = String> {
    (2024..2030_u16, 1..=12_u8, 1..=28_u8, 0..24_u8)
        .prop_map(|(year, month, day, hour)| format!("{year}-{month:02}-{day:02}T{hour:02}:00:00Z"))
}

fn child() -> impl Strategy<Value = Value> {
    let usage =
        (prop::sample::select(vec!["steady", "growing", "bursty", "weekday"]), 0..1_000_000_u64, time(), time());
    let counters = (0..2_000_000_u64, 0..1_000_u64, 0..1_000_u64);
    ("[A-C]", 0..5_u64, counters, prop::option::of(usage), prop::option::of(time()), prop::option::of(1..4_u8))
        .prop_map(|(name, steps, (centicredits, operations, transfer), usage, last_reset, count)| {
            let mut child = json!({
                "organizationName": name,
                "userEmail": format!("{name}@example.com"),
                "operationsAllocated": steps * 10_000,
                "centicreditsConsumed": centicredits.to_string(),
                "operationsConsumed": operations,
                "transferConsumed": transfer,
            });
            if let Some((shape, a_day, since, played_until)) = usage {
                child["usage"] = json!({ "shape": shape, "centicreditsPerDay": a_day.to_string() });
                child["usageSince"] = json!(since);
                child["playedUntil"] = json!(played_until);
            }
            if let Some(last_reset) = last_reset {
                child["lastReset"] = json!(last_reset);
            }
            if let Some(count) = count {
                child["count"] = json!(count);
            }
            child
        })
}

fn any_state() -> impl Strategy<Value = SandboxState> {
    let children = || prop::collection::vec(child(), 0..4);
    let distributor = (0..1_000_000_u64, any::<bool>(), prop::option::of(time()), children(), 0..3_usize);
    (prop::collection::vec(distributor, 0..4), 0..100_u64, 0..3_000_u64).prop_map(|(distributors, seed, next)| {
        let distributors: Vec<Value> = (11..)
            .zip(distributors)
            .map(|(id, (operations, is_annual, last_reset, children, tokens))| {
                let tokens: Vec<Value> = (0..tokens)
                    .map(|token| json!({ "token": format!("{id}-{token}"), "scopes": ["organizations:read"] }))
                    .collect();
                let period = if is_annual { "annual" } else { "monthly" };
                let mut state = json!({
                    "organizationId": id, "operations": operations, "restartPeriod": period, "tokens": tokens,
                    "children": children,
                });
                if let Some(last_reset) = last_reset {
                    state["lastReset"] = json!(last_reset);
                }
                state
            })
            .collect();
        let state = json!({ "usageSeed": seed, "nextOrganizationId": next + 1, "distributors": distributors });
        serde_json::from_value(state).unwrap()
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn a_restored_snapshot_has_the_same_snapshot_and_the_same_future(state in any_state()) {
        let first = loaded(&state).unwrap();
        let snapshot = dump(&first).unwrap();
        let restored = loaded(&snapshot).unwrap();
        prop_assert_eq!(&dump(&restored).unwrap(), &snapshot);
        let later = at("2027-03-03T03:33:00Z");
        catch_up::catch_up(&first, later).unwrap();
        catch_up::catch_up(&restored, later).unwrap();
        prop_assert_eq!(dump(&restored).unwrap(), dump(&first).unwrap());
    }
}
