//! Snapshots and seeds: what is loaded, and what goes on from there.

use mms_sandbox::Sandbox;
use serde_json::{Value, json};

use crate::fixtures::{a_state, advance, behave, data_file, fail, sandbox_of, turn_to};
use crate::http_client::{CHILDREN, CONSUMPTION, Request, a_create, a_create_with, allocate, create, sandbox};

async fn snapshot(sandbox: &Sandbox) -> Value {
    Request::control(sandbox, "GET", "/state").send(sandbox).await.success()
}

async fn restore(sandbox: &Sandbox, state: &Value) {
    Request::control(sandbox, "PUT", "/state").json(state).send(sandbox).await.success();
}

/// Returns the answers of the reads that show the state.
async fn answers(sandbox: &Sandbox) -> Vec<Value> {
    let mut answers = Vec::new();
    for path in
        [CHILDREN, CONSUMPTION, "/organizations", "/organizations/11", "/users/me", "/users/me/current-authorization"]
    {
        answers.push(Request::get(path).send(sandbox).await.success());
    }
    answers
}

/// Changes something of everything that a state holds.
async fn change_everything(sandbox: &Sandbox) {
    create(sandbox, &a_create()).await.success();
    allocate(sandbox, 101, 70_000).await.success();
    for (method, path, body) in [
        ("POST", "/children/101/consumption", json!({ "centicredits": "77", "operations": 7, "transfer": 7 })),
        ("PUT", "/children/101/usage", json!({ "shape": "growing", "centicreditsPerDay": "700" })),
    ] {
        Request::control(sandbox, method, path).json(&body).send(sandbox).await.success();
    }
    advance(sandbox, 45 * 24 * 60 * 60).await;
}

#[tokio::test]
async fn a_restored_snapshot_is_the_same_again() {
    let sandbox = sandbox_of(a_state()).await;
    change_everything(&sandbox).await;
    let (before, answered) = (snapshot(&sandbox).await, answers(&sandbox).await);
    change_everything(&sandbox).await;
    assert_ne!(snapshot(&sandbox).await, before);
    restore(&sandbox, &before).await;
    assert_eq!(snapshot(&sandbox).await, before, "the clock went back too");
    assert_eq!(answers(&sandbox).await, answered);
}

#[tokio::test]
async fn a_snapshot_makes_another_sandbox_the_same_with_the_same_future() {
    let sandbox = sandbox_of(a_state()).await;
    change_everything(&sandbox).await;
    let other = crate::http_client::sandbox().await;
    restore(&other, &snapshot(&sandbox).await).await;
    assert_eq!(answers(&other).await, answers(&sandbox).await);
    let new_owner = a_create_with("userEmail", json!("new@owner.example"));
    for sandbox in [&sandbox, &other] {
        let created = create(sandbox, &new_owner).await.success();
        assert_eq!((&created["childOrganizationId"], &created["userId"]), (&json!(1002), &json!(3)));
        advance(sandbox, 60 * 24 * 60 * 60).await;
    }
    assert_eq!(snapshot(&other).await, snapshot(&sandbox).await);
}

#[tokio::test]
async fn a_snapshot_after_a_short_month_keeps_its_day() {
    let mut state = a_state();
    state["distributors"][0]["lastReset"] = json!("2026-10-31T00:00:00Z");
    let sandbox = sandbox_of(state).await;
    turn_to(&sandbox, "2027-03-01T00:00:00Z").await;
    let snapshot = snapshot(&sandbox).await;
    assert_eq!(snapshot["distributors"][0]["lastReset"], "2027-02-28T00:00:00Z");
    assert_eq!(snapshot["distributors"][0]["nextReset"], "2027-03-31T00:00:00Z");
    let other = crate::http_client::sandbox().await;
    restore(&other, &snapshot).await;
    let organization = Request::get("/organizations/11").send(&other).await.success();
    assert_eq!(organization["organization"]["nextReset"], "2027-03-31T00:00:00Z");
}

#[tokio::test]
async fn what_is_no_part_of_the_state_stays() {
    let sandbox = sandbox().await;
    let before = snapshot(&sandbox).await;
    behave(&sandbox, json!({ "createStatus": "created" })).await;
    fail(&sandbox, json!({ "nth": 99, "action": { "kind": "close_after" } }));
    Request::get(CHILDREN).send(&sandbox).await.success();
    restore(&sandbox, &before).await;
    let control = sandbox.control();
    assert_eq!(control.faults().faults.len(), 1);
    assert_eq!(control.requests(&mms_sandbox::RequestFilter::default()).requests.len(), 1);
    assert_eq!(create(&sandbox, &a_create()).await.status, 201);
}

#[tokio::test]
async fn a_token_of_an_earlier_state_is_not_known() {
    let sandbox = sandbox().await;
    let mut state = snapshot(&sandbox).await;
    state["distributors"][0]["tokens"][0]["token"] = json!("another");
    restore(&sandbox, &state).await;
    assert_eq!(Request::get(CHILDREN).send(&sandbox).await.status, 401);
    Request::get(CHILDREN).token("another").send(&sandbox).await.success();
}

#[tokio::test]
async fn a_count_plants_as_many_children_and_numbers_their_names() {
    let mut state = a_state();
    state["distributors"][0]["children"] = json!([{ "organizationName": "Client", "count": 200 }]);
    let sandbox = sandbox_of(state).await;
    let list = Request::get(&format!("{CHILDREN}?pg[limit]=1000")).send(&sandbox).await.success();
    let mut names: Vec<&str> = list["managedOrganizations"]
        .as_array()
        .unwrap()
        .iter()
        .map(|child| child["organizationName"].as_str().unwrap())
        .collect();
    names.sort_by_key(|name| name.strip_prefix("Client ").unwrap().parse::<u64>().unwrap());
    assert_eq!((names.len(), names[0], names[199]), (200, "Client 1", "Client 200"));
    assert_eq!(create(&sandbox, &a_create()).await.success()["childOrganizationId"], 1201);
}

#[tokio::test]
async fn an_id_is_not_given_again_within_a_state() {
    let sandbox = sandbox_of(a_state()).await;
    create(&sandbox, &a_create()).await.success();
    let mut state = snapshot(&sandbox).await;
    state["distributors"][0]["children"].as_array_mut().unwrap().pop();
    restore(&sandbox, &state).await;
    assert_eq!(create(&sandbox, &a_create()).await.success()["childOrganizationId"], 1002);
    state["nextOrganizationId"] = json!(50);
    restore(&sandbox, &state).await;
    assert_eq!(create(&sandbox, &a_create()).await.success()["childOrganizationId"], 1001, "50 is raised");
}

#[tokio::test]
async fn a_reset_loads_the_first_state_of_the_sandbox_again() {
    let sandbox = sandbox_of(a_state()).await;
    let first = snapshot(&sandbox).await;
    change_everything(&sandbox).await;
    Request::control(&sandbox, "POST", "/reset").send(&sandbox).await.success();
    assert_eq!(snapshot(&sandbox).await, first);
}

#[tokio::test]
async fn a_file_keeps_its_state_until_a_reset() {
    let (_directory, file) = data_file();
    let start = async |state: Value| {
        let state = serde_json::from_value(state).unwrap();
        Sandbox::builder().data(&file).state(state).start().await.unwrap()
    };
    start(json!({ "distributors": [{ "organizationId": 77, "operations": 0 }] })).await.stop().await.unwrap();
    let sandbox = start(a_state()).await;
    assert_eq!(snapshot(&sandbox).await["distributors"][0]["organizationId"], 77);
    Request::control(&sandbox, "POST", "/reset").send(&sandbox).await.success();
    assert_eq!(snapshot(&sandbox).await["distributors"][0]["organizationId"], 11);
}
