//! Fixtures: a state, a data file, a frozen clock, behaviour, faults.

use std::path::PathBuf;
use std::time::Duration;

use mms_sandbox::types::{ClockSetting, Fault};
use mms_sandbox::{SEED_TOKEN, Sandbox};
use mms_types::{OrganizationId, Timestamp};
use serde_json::{Value, json};
use tempfile::TempDir;

use crate::http_client::Request;

/// The token of the distributor 12.
pub(crate) const SECOND_TOKEN: &str = "00000000-0000-4000-8000-000000000012";

/// Another token of the distributor 11.
pub(crate) const OTHER_TOKEN: &str = "00000000-0000-4000-8000-0000000000ff";

/// A state whose clock stands still at noon of Sunday, 15 November 2026, half a minute into a minute: the distributor 11 with
/// the child 101, which holds 10,000, and the distributor 12 with the child 201.
pub(crate) fn a_state() -> Value {
    let scopes = json!(["managed-organizations:read", "managed-organizations:write", "organizations:read"]);
    json!({
        "clock": { "now": "2026-11-15T12:00:30Z", "frozen": true },
        "usageSeed": 7,
        "distributors": [
            {
                "organizationId": 11,
                "operations": 500_000,
                "tokens": [{ "token": SEED_TOKEN, "scopes": scopes }, { "token": OTHER_TOKEN, "scopes": scopes }],
                "children": [{ "organizationId": 101, "organizationName": "Acme" }],
            },
            {
                "organizationId": 12,
                "operations": 500_000,
                "tokens": [{ "token": SECOND_TOKEN, "scopes": scopes }],
                "children": [{ "organizationId": 201, "organizationName": "Beta" }],
            },
        ],
    })
}

/// Starts a sandbox with this state.
pub(crate) async fn sandbox_of(state: Value) -> Sandbox {
    Sandbox::builder().state(serde_json::from_value(state).unwrap()).start().await.unwrap()
}

/// Returns a data file that does not exist yet, and its directory, which is removed when it is dropped.
pub(crate) fn data_file() -> (TempDir, PathBuf) {
    let directory = tempfile::tempdir().unwrap();
    let file = directory.path().join("sandbox.db");
    (directory, file)
}

/// Sets the behaviour over the wire: fields that are left out return to their defaults.
pub(crate) async fn behave(sandbox: &Sandbox, behaviour: Value) {
    Request::control(sandbox, "PUT", "/behaviour").json(&behaviour).send(sandbox).await.success();
}

/// Adds a fault rule.
#[track_caller]
pub(crate) fn fail(sandbox: &Sandbox, rule: Value) -> Fault {
    sandbox.control().add_fault(serde_json::from_value(rule).unwrap()).unwrap()
}

pub(crate) async fn advance(sandbox: &Sandbox, seconds: u64) {
    sandbox.control().advance_clock(Duration::from_secs(seconds)).await.unwrap();
}

pub(crate) async fn turn_to(sandbox: &Sandbox, time: &str) {
    let setting = ClockSetting { now: Some(Timestamp::new(time)), frozen: None };
    sandbox.control().set_clock(setting).await.unwrap();
}

/// Returns what a child has consumed, in centicredits.
pub(crate) async fn consumed(sandbox: &Sandbox, child: u64) -> u64 {
    sandbox.control().child(OrganizationId::new(child)).await.unwrap().centicredits_consumed.get()
}
