//! The clock, what happens as it goes on, and what children consume.

use mms_sandbox::Sandbox;
use mms_sandbox::types::SandboxState;
use mms_types::OrganizationId;
use serde_json::{Value, json};

use crate::fixtures::{a_state, advance, consumed, data_file, sandbox_of, turn_to};
use crate::http_client::{Answer, CONSUMPTION, Request, a_create, allocate, create};

const DAY: u64 = 24 * 60 * 60;

async fn set_clock(sandbox: &Sandbox, setting: Value) -> Answer {
    Request::control(sandbox, "PUT", "/clock").json(&setting).send(sandbox).await
}

/// Returns the last reset and the next one, as the API shows them.
async fn resets(sandbox: &Sandbox) -> [String; 2] {
    let answer = Request::get("/organizations/11").send(sandbox).await.success();
    ["lastReset", "nextReset"].map(|name| answer["organization"][name].as_str().unwrap().to_owned())
}

/// Returns the first row of the consumption.
async fn row(sandbox: &Sandbox) -> Value {
    Request::get(CONSUMPTION).send(sandbox).await.success()["managedOrganizationsConsumption"][0].clone()
}

async fn set_usage(sandbox: &Sandbox, shape: &str, centicredits_per_day: u64) {
    let profile = json!({ "shape": shape, "centicreditsPerDay": centicredits_per_day.to_string() });
    Request::control(sandbox, "PUT", "/children/101/usage").json(&profile).send(sandbox).await.success();
}

#[tokio::test]
async fn a_frozen_clock_stands_still_and_moves_when_it_is_turned() {
    let sandbox = sandbox_of(a_state()).await;
    let read = async || Request::control(&sandbox, "GET", "/clock").send(&sandbox).await.success();
    assert_eq!(read().await, json!({ "now": "2026-11-15T12:00:30Z", "frozen": true }));
    let advanced = Request::control(&sandbox, "POST", "/clock/advance").json(&json!({ "seconds": 90 }));
    assert_eq!(advanced.send(&sandbox).await.success(), json!({ "now": "2026-11-15T12:02:00Z", "frozen": true }));
    let set = set_clock(&sandbox, json!({ "now": "2026-11-15T14:00:00+01:00" })).await.success();
    assert_eq!(set, json!({ "now": "2026-11-15T13:00:00Z", "frozen": true }));
    assert_eq!(read().await, set);
    assert_eq!(set_clock(&sandbox, json!({ "frozen": false })).await.success()["frozen"], false);
    assert_eq!(set_clock(&sandbox, json!({ "frozen": true })).await.success()["frozen"], true);
}

#[tokio::test]
async fn a_clock_that_nobody_set_shows_the_real_time() {
    let sandbox = crate::http_client::sandbox().await;
    let before = jiff::Timestamp::now().as_second();
    let clock = sandbox.control().clock();
    let now: jiff::Timestamp = clock.now.as_str().parse().unwrap();
    assert!((before..=jiff::Timestamp::now().as_second()).contains(&now.as_second()));
    assert!(!clock.frozen);
}

#[tokio::test]
async fn a_clock_does_not_go_back() {
    let sandbox = sandbox_of(a_state()).await;
    let answer = set_clock(&sandbox, json!({ "now": "2026-11-15T12:00:29Z", "frozen": false })).await;
    assert_eq!(
        answer.refusal(409, "Conflict", None),
        "The clock shows 2026-11-15T12:00:30Z and does not go back to 2026-11-15T12:00:29Z."
    );
    let clock = sandbox.control().clock();
    assert_eq!((clock.now.as_str(), clock.frozen), ("2026-11-15T12:00:30Z", true));
    set_clock(&sandbox, json!({ "now": "2026-11-15T12:00:30Z" })).await.success();
}

#[tokio::test]
async fn a_time_that_is_none_is_refused() {
    let sandbox = sandbox_of(a_state()).await;
    let answer = set_clock(&sandbox, json!({ "now": "tomorrow" })).await;
    assert_eq!(
        answer.refusal(400, "Bad Request", None),
        "\"tomorrow\" is no time: write it like 2026-11-01T00:00:00Z."
    );
}

#[tokio::test]
async fn a_clock_is_turned_by_ten_years_and_not_by_more() {
    let sandbox = sandbox_of(a_state()).await;
    let advance = async |seconds: u64| {
        let request = Request::control(&sandbox, "POST", "/clock/advance").json(&json!({ "seconds": seconds }));
        request.send(&sandbox).await
    };
    let detail = advance(316_224_001).await.refusal(400, "Bad Request", None);
    assert_eq!(detail, "316224001 seconds are too far: at most 316224000 at once.");
    assert_eq!(advance(316_224_000).await.success()["now"], "2036-11-22T12:00:30Z");
}

#[tokio::test]
async fn counters_return_to_0_when_the_month_ends() {
    let sandbox = sandbox_of(a_state()).await;
    let amount = json!({ "centicredits": "9412", "operations": 91, "transfer": 52_428 });
    let consume = || Request::control(&sandbox, "POST", "/children/101/consumption").json(&amount);
    consume().send(&sandbox).await.success();
    consume().send(&sandbox).await.success();
    turn_to(&sandbox, "2026-11-30T23:59:59Z").await;
    assert_eq!(resets(&sandbox).await, ["2026-11-01T00:00:00Z", "2026-12-01T00:00:00Z"]);
    let full = json!({
        "organizationId": 101, "centicreditsConsumed": "18824", "centicreditsExtra": "0", "operationsConsumed": 182,
        "operationsExtra": 0, "transferConsumed": 104_856, "transferExtra": 0, "lastReset": "2026-11-01T00:00:00Z",
    });
    assert_eq!(row(&sandbox).await, full);
    advance(&sandbox, 1).await;
    assert_eq!(resets(&sandbox).await, ["2026-12-01T00:00:00Z", "2027-01-01T00:00:00Z"]);
    let row = row(&sandbox).await;
    let numbers = [&row["centicreditsConsumed"], &row["operationsConsumed"], &row["transferConsumed"]];
    assert_eq!(numbers, [&json!("0"), &json!(0), &json!(0)]);
    assert_eq!(row["lastReset"], "2026-12-01T00:00:00Z");
}

#[tokio::test]
async fn a_yearly_period_and_one_of_the_31st_end_when_they_should() {
    for (period, last_reset, turned_to, expected) in [
        ("annual", "2026-03-15T00:00:00Z", "2027-03-14T23:59:59Z", ["2026-03-15T00:00:00Z", "2027-03-15T00:00:00Z"]),
        ("annual", "2026-03-15T00:00:00Z", "2027-03-15T00:00:00Z", ["2027-03-15T00:00:00Z", "2028-03-15T00:00:00Z"]),
        ("monthly", "2026-10-31T00:00:00Z", "2026-12-15T00:00:00Z", ["2026-11-30T00:00:00Z", "2026-12-31T00:00:00Z"]),
        ("monthly", "2026-10-31T00:00:00Z", "2027-03-01T00:00:00Z", ["2027-02-28T00:00:00Z", "2027-03-31T00:00:00Z"]),
    ] {
        let mut state = a_state();
        state["distributors"][0]["restartPeriod"] = json!(period);
        state["distributors"][0]["lastReset"] = json!(last_reset);
        let sandbox = sandbox_of(state).await;
        turn_to(&sandbox, turned_to).await;
        assert_eq!(resets(&sandbox).await, expected);
    }
}

#[tokio::test]
async fn a_period_ends_for_its_own_distributor_alone() {
    let mut state = a_state();
    state["distributors"][1]["lastReset"] = json!("2026-10-20T00:00:00Z");
    for distributor in [0, 1] {
        state["distributors"][distributor]["children"][0]["centicreditsConsumed"] = json!("5");
    }
    let sandbox = sandbox_of(state).await;
    turn_to(&sandbox, "2026-11-20T00:00:00Z").await;
    assert_eq!((consumed(&sandbox, 101).await, consumed(&sandbox, 201).await), (5, 0));
}

#[tokio::test]
async fn the_clock_outlives_a_restart_with_a_file() {
    let (_directory, file) = data_file();
    let start = async || {
        let state = serde_json::from_value(a_state()).unwrap();
        Sandbox::builder().data(&file).state(state).start().await.unwrap()
    };
    let sandbox = start().await;
    turn_to(&sandbox, "2030-01-01T00:00:00Z").await;
    sandbox.stop().await.unwrap();
    let sandbox = start().await;
    let clock = sandbox.control().clock();
    assert_eq!((clock.now.as_str(), clock.frozen), ("2030-01-01T00:00:00Z", true));
    set_clock(&sandbox, json!({ "frozen": false })).await.success();
    sandbox.stop().await.unwrap();
    let clock = start().await.control().clock();
    assert!(clock.now.as_str().starts_with("2030-01-01T00:0") && !clock.frozen, "{clock:?}");
}

#[tokio::test]
async fn a_child_that_consumes_all_that_it_holds_is_paused() {
    let sandbox = sandbox_of(a_state()).await;
    let consume = async |centicredits: &str| {
        let request = Request::control(&sandbox, "POST", "/children/101/consumption");
        request.json(&json!({ "centicredits": centicredits })).send(&sandbox).await.success()
    };
    assert_eq!(consume("999999").await["isPaused"], false);
    let paused = consume("1").await;
    assert_eq!((&paused["centicreditsConsumed"], &paused["isPaused"]), (&json!("1000000"), &json!(true)));
    allocate(&sandbox, 101, 20_000).await.success();
    let child = Request::control(&sandbox, "GET", "/children/101").send(&sandbox).await.success();
    assert_eq!(child["isPaused"], false);
}

#[tokio::test]
async fn counters_stop_at_the_largest_number() {
    let sandbox = sandbox_of(a_state()).await;
    let amount = json!({ "centicredits": u64::MAX.to_string(), "operations": i64::MAX, "transfer": 1 });
    for _ in 0..2 {
        let request = Request::control(&sandbox, "POST", "/children/101/consumption").json(&amount);
        assert_eq!(request.send(&sandbox).await.success()["centicreditsConsumed"], i64::MAX.to_string());
    }
    assert_eq!(row(&sandbox).await["operationsConsumed"], i64::MAX);
}

#[tokio::test]
async fn a_profile_plays_as_the_clock_turns() {
    let sandbox = sandbox_of(a_state()).await;
    set_usage(&sandbox, "steady", 24_000).await;
    assert_eq!(consumed(&sandbox, 101).await, 0);
    turn_to(&sandbox, "2026-11-16T12:00:30Z").await;
    let first = consumed(&sandbox, 101).await;
    assert!((21_600..=26_400).contains(&first), "{first}");
    assert_eq!(row(&sandbox).await["operationsConsumed"], first / 100);
    let removed = Request::control(&sandbox, "DELETE", "/children/101/usage").send(&sandbox).await.success();
    assert_eq!((&removed["usage"], &removed["centicreditsConsumed"]), (&Value::Null, &json!(first.to_string())));
    advance(&sandbox, 5 * DAY).await;
    assert_eq!(consumed(&sandbox, 101).await, first);
}

/// Returns the state after the clock was turned in these steps, with a child of each shape.
async fn played(seed: u64, steps: &[u64]) -> SandboxState {
    let mut state = a_state();
    state["usageSeed"] = json!(seed);
    let children: Vec<Value> = ["steady", "growing", "bursty", "weekday"]
        .into_iter()
        .map(|shape| json!({ "organizationName": shape, "usage": { "shape": shape, "centicreditsPerDay": "12345" } }))
        .collect();
    state["distributors"][0]["children"] = json!(children);
    let sandbox = sandbox_of(state).await;
    for seconds in steps {
        advance(&sandbox, *seconds).await;
    }
    sandbox.control().state().await.unwrap()
}

#[tokio::test]
async fn one_seed_plays_one_consumption_in_one_jump_or_in_many_steps() {
    let jumped = played(7, &[40 * DAY]).await;
    assert_eq!(played(7, &[40 * DAY]).await, jumped);
    assert_eq!(played(7, &[1, 3_599, 10 * DAY + 1_800, 5 * DAY, 25 * DAY - 5_400]).await, jumped);
    assert_ne!(played(8, &[40 * DAY]).await.distributors, jumped.distributors);
}

#[tokio::test]
async fn a_paused_child_consumes_no_more_until_its_allocation_is_raised() {
    let sandbox = sandbox_of(a_state()).await;
    set_usage(&sandbox, "steady", 500_000).await;
    advance(&sandbox, 5 * DAY).await;
    assert_eq!(consumed(&sandbox, 101).await, 1_000_000);
    allocate(&sandbox, 101, 20_000).await.success();
    assert_eq!(consumed(&sandbox, 101).await, 1_000_000);
    advance(&sandbox, DAY).await;
    let more = consumed(&sandbox, 101).await;
    assert!((1_450_000..=1_550_000).contains(&more), "{more}");
}

#[tokio::test]
async fn a_paused_child_consumes_again_after_the_reset() {
    let sandbox = sandbox_of(a_state()).await;
    set_usage(&sandbox, "steady", 500_000).await;
    turn_to(&sandbox, "2026-12-02T00:00:00Z").await;
    let after = consumed(&sandbox, 101).await;
    assert!((450_000..=550_000).contains(&after), "one day of December: {after}");
}

#[tokio::test]
async fn a_weekday_profile_rests_on_the_weekend() {
    let sandbox = sandbox_of(a_state()).await;
    set_usage(&sandbox, "weekday", 24_000).await;
    turn_to(&sandbox, "2026-11-16T08:00:00Z").await;
    assert_eq!(consumed(&sandbox, 101).await, 0, "Sunday, and Monday before eight");
    turn_to(&sandbox, "2026-11-20T18:00:00Z").await;
    let friday = consumed(&sandbox, 101).await;
    assert_eq!(friday, 7 * 24_000);
    turn_to(&sandbox, "2026-11-23T08:00:00Z").await;
    assert_eq!(consumed(&sandbox, 101).await, friday);
}

#[tokio::test]
async fn a_new_child_has_its_counters_from_the_clocks_time_on() {
    let sandbox = sandbox_of(a_state()).await;
    create(&sandbox, &a_create()).await.success();
    let child = sandbox.control().child(OrganizationId::new(1001)).await.unwrap();
    assert_eq!(child.last_reset.unwrap().as_str(), "2026-11-15T12:00:30Z");
}
