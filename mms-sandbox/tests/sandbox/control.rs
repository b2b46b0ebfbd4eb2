//! The operations of the control side over HTTP.

use serde_json::{Value, json};

use crate::fixtures::{a_state, sandbox_of};
use crate::http_client::{Answer, CHILDREN, Request, a_create, create, sandbox};

async fn ask(sandbox: &mms_sandbox::Sandbox, method: &str, path: &str) -> Answer {
    Request::control(sandbox, method, path).send(sandbox).await
}

async fn tell(sandbox: &mms_sandbox::Sandbox, method: &str, path: &str, body: Value) -> Answer {
    Request::control(sandbox, method, path).json(&body).send(sandbox).await
}

/// The child 101 of [`a_state`].
fn acme() -> Value {
    json!({
        "organizationId": 101, "organizationName": "Acme", "operationsAllocated": 10_000,
        "userEmail": "owner@example.com", "userName": "Owner", "userId": 1, "zoneId": 1, "countryId": 58,
        "timezoneId": 8, "centicreditsConsumed": "0", "operationsConsumed": 0, "transferConsumed": 0,
        "lastReset": "2026-11-01T00:00:00Z", "isPaused": false,
    })
}

#[tokio::test]
async fn a_state_is_read_and_replaced() {
    let sandbox = sandbox_of(a_state()).await;
    let state = ask(&sandbox, "GET", "/state").await.success();
    assert_eq!(state["distributors"][0]["children"], json!([acme()]));
    assert_eq!(state["clock"], a_state()["clock"]);
    let summary = tell(&sandbox, "PUT", "/state", json!({ "distributors": [] })).await.success();
    assert_eq!((&summary["distributors"], &summary["children"]), (&json!(0), &json!(0)));
    let summary = tell(&sandbox, "PUT", "/state", state.clone()).await.success();
    assert_eq!(summary, json!({ "distributors": 2, "children": 2, "clock": a_state()["clock"] }));
    assert_eq!(ask(&sandbox, "GET", "/state").await.success(), state);
}

#[tokio::test]
async fn a_state_is_taken_in_yaml_too() {
    let sandbox = sandbox().await;
    for media_type in ["application/yaml", "application/yaml; charset=utf-8", "application/x-yaml", "text/yaml"] {
        let seed = include_str!("../../seed.yaml");
        let request = Request::control(&sandbox, "PUT", "/state").text(seed).header("Content-Type", media_type);
        assert_eq!(request.send(&sandbox).await.success()["children"], 3);
    }
    let wrong = "distributors:\n  - organizationid: 11\n    operations: 0\n";
    let request = Request::control(&sandbox, "PUT", "/state").text(wrong).header("Content-Type", "application/yaml");
    let detail = request.send(&sandbox).await.refusal(400, "Bad Request", None);
    assert!(detail.contains("unknown field `organizationid`") && detail.contains("line 2"), "{detail}");
}

#[tokio::test]
async fn a_reset_goes_back_to_the_first_state_without_faults_and_without_a_log() {
    let sandbox = sandbox().await;
    create(&sandbox, &a_create()).await.success();
    tell(&sandbox, "PUT", "/behaviour", json!({ "createStatus": "created" })).await.success();
    tell(&sandbox, "POST", "/faults", json!({ "nth": 99, "action": { "kind": "close_after" } })).await.success();
    tell(&sandbox, "POST", "/clock/advance", json!({ "seconds": 86_400 })).await.success();
    assert_eq!(ask(&sandbox, "POST", "/reset").await.success()["children"], 3);
    assert_eq!(ask(&sandbox, "GET", "/faults").await.success(), json!({ "faults": [] }));
    assert_eq!(ask(&sandbox, "GET", "/requests").await.success(), json!({ "requests": [], "dropped": 0 }));
    let now: jiff::Timestamp = sandbox.control().clock().now.as_str().parse().unwrap();
    assert!(now <= jiff::Timestamp::now(), "the clock went back to the real time");
    let created = create(&sandbox, &a_create()).await;
    assert_eq!((created.status, &created.body["childOrganizationId"]), (201, &json!(1001)), "the switches stay");
}

#[tokio::test]
async fn the_clock_is_read_set_and_advanced() {
    let sandbox = sandbox_of(a_state()).await;
    let stands = |now: &str| json!({ "now": now, "frozen": true });
    assert_eq!(ask(&sandbox, "GET", "/clock").await.success(), stands("2026-11-15T12:00:30Z"));
    let set = tell(&sandbox, "PUT", "/clock", json!({ "now": "2026-11-30T23:59:00Z", "frozen": true })).await;
    assert_eq!(set.success(), stands("2026-11-30T23:59:00Z"));
    assert_eq!(tell(&sandbox, "PUT", "/clock", json!({ "now": "2026-11-01T00:00:00Z" })).await.status, 409);
    let advanced = tell(&sandbox, "POST", "/clock/advance", json!({ "seconds": 60 })).await;
    assert_eq!(advanced.success(), stands("2026-12-01T00:00:00Z"));
    for body in [json!({ "seconds": -1 }), json!({ "seconds": "1" }), json!({ "seconds": 316_224_001 })] {
        assert_eq!(tell(&sandbox, "POST", "/clock/advance", body).await.status, 400);
    }
}

#[tokio::test]
async fn a_child_is_shown_whoever_its_distributor_is() {
    let sandbox = sandbox_of(a_state()).await;
    assert_eq!(ask(&sandbox, "GET", "/children/101").await.success(), acme());
    assert_eq!(ask(&sandbox, "GET", "/children/201").await.success()["organizationName"], "Beta");
}

#[tokio::test]
async fn a_child_consumes() {
    let sandbox = sandbox_of(a_state()).await;
    let amount = json!({ "centicredits": "9412", "operations": 91, "transfer": 52_428 });
    let child = tell(&sandbox, "POST", "/children/101/consumption", amount).await.success();
    let counters = [&child["centicreditsConsumed"], &child["operationsConsumed"], &child["transferConsumed"]];
    assert_eq!(counters, [&json!("9412"), &json!(91), &json!(52_428)]);
    let child = tell(&sandbox, "POST", "/children/101/consumption", json!({})).await.success();
    assert_eq!(child["centicreditsConsumed"], "9412", "what is left out is 0");
    for body in [json!({ "operations": -1 }), json!({ "centicredits": "1.5" }), json!({ "transfer": 1.5 })] {
        assert_eq!(tell(&sandbox, "POST", "/children/101/consumption", body).await.status, 400);
    }
}

#[tokio::test]
async fn a_profile_is_given_and_taken_away() {
    let sandbox = sandbox_of(a_state()).await;
    let profile = json!({ "shape": "weekday", "centicreditsPerDay": "30000" });
    let child = tell(&sandbox, "PUT", "/children/101/usage", profile.clone()).await.success();
    assert_eq!(child["usage"], profile);
    assert_eq!((&child["playedUntil"], &child["usageSince"]), (&json!("2026-11-15T12:00:30Z"), &child["playedUntil"]));
    for body in [
        json!({ "shape": "wavy", "centicreditsPerDay": "1" }),
        json!({ "shape": "steady" }),
        json!({ "shape": "steady", "centicreditsPerDay": u64::MAX.to_string() }),
    ] {
        assert_eq!(tell(&sandbox, "PUT", "/children/101/usage", body).await.status, 400);
    }
    for _ in 0..2 {
        assert_eq!(ask(&sandbox, "DELETE", "/children/101/usage").await.success(), acme());
    }
}

#[tokio::test]
async fn an_unknown_child_is_not_found_and_a_distributor_is_no_child() {
    let sandbox = sandbox_of(a_state()).await;
    let usage = json!({ "shape": "steady", "centicreditsPerDay": "1" });
    for child in [11, 999, i64::MAX] {
        for answer in [
            ask(&sandbox, "GET", &format!("/children/{child}")).await,
            tell(&sandbox, "POST", &format!("/children/{child}/consumption"), json!({})).await,
            tell(&sandbox, "PUT", &format!("/children/{child}/usage"), usage.clone()).await,
            ask(&sandbox, "DELETE", &format!("/children/{child}/usage")).await,
        ] {
            assert_eq!(answer.refusal(404, "Not Found", None), format!("There is no child organization {child}."));
        }
    }
}

#[tokio::test]
async fn faults_are_added_looked_at_listed_and_removed() {
    let sandbox = sandbox().await;
    let lost = json!({ "operationId": "create_child_organization", "times": 1, "action": { "kind": "close_after" } });
    let slow = json!({ "action": { "kind": "delay_after", "milliseconds": 1 } });
    let first = tell(&sandbox, "POST", "/faults", lost.clone()).await.success();
    assert_eq!(first, json!({ "id": 1, "matched": 0, "acted": 0, "rule": lost }));
    let second = tell(&sandbox, "POST", "/faults", slow).await.success();
    Request::get(CHILDREN).send(&sandbox).await.success();
    let mut met = second.clone();
    (met["matched"], met["acted"]) = (json!(1), json!(1));
    assert_eq!(ask(&sandbox, "GET", "/faults/2").await.success(), met);
    assert_eq!(ask(&sandbox, "GET", "/faults").await.success(), json!({ "faults": [first, met] }));
    assert_eq!(ask(&sandbox, "DELETE", "/faults/2").await.success(), met);
    assert_eq!(ask(&sandbox, "DELETE", "/faults").await.success(), json!({ "faults": [first] }));
    for (method, path) in [("GET", "/faults/2"), ("DELETE", "/faults/2"), ("GET", "/faults/1")] {
        let id = path.strip_prefix("/faults/").unwrap();
        let detail = ask(&sandbox, method, path).await.refusal(404, "Not Found", None);
        assert_eq!(detail, format!("There is no fault {id}."));
    }
}

#[tokio::test]
async fn a_body_is_what_its_schema_says_and_nothing_that_reads_like_it() {
    let sandbox = sandbox_of(a_state()).await;
    let before = ask(&sandbox, "GET", "/state").await.success();
    let profile = json!({ "shape": "steady", "centicreditsPerDay": 5 });
    for (method, path, body, told) in [
        ("PUT", "/clock", json!([null, null]), "sequence, expected an object for the body"),
        ("PUT", "/clock", json!({ "now": null }), "null, expected a text for now"),
        ("PUT", "/behaviour", json!([]), "sequence, expected an object for the body"),
        ("PUT", "/state", json!({ "distributors": [[11, "Array", 5]] }), "expected an object for distributors"),
        ("PUT", "/state", json!({ "distributors": [], "usageSeed": null }), "expected a whole number of 64 bits"),
        ("PUT", "/state", json!({ "distributors": [], "nextUserId": "8" }), "for nextUserId"),
        ("PUT", "/children/101/usage", profile, "expected a text for centicreditsPerDay"),
        ("POST", "/children/101/consumption", json!({ "transfer": 1_u64 << 63 }), "64 bits for transfer"),
        ("POST", "/faults", json!({ "seed": 1_u64 << 63, "action": { "kind": "close_after" } }), "for seed"),
        ("POST", "/faults", json!({ "action": ["close_after"] }), "expected an object for action"),
        ("POST", "/faults", json!({ "probability": null, "action": { "kind": "close_after" } }), "a number for"),
    ] {
        let detail = tell(&sandbox, method, path, body).await.refusal(400, "Bad Request", None);
        assert!(detail.contains(told) && detail.contains("line 1 column"), "{method} {path}: {detail}");
    }
    let seed = "distributors: []\nusageSeed: null\n";
    let request = Request::control(&sandbox, "PUT", "/state").text(seed).header("Content-Type", "application/yaml");
    let detail = request.send(&sandbox).await.refusal(400, "Bad Request", None);
    assert!(detail.contains("expected a whole number of 64 bits for usageSeed"), "{detail}");
    assert_eq!(ask(&sandbox, "GET", "/state").await.success(), before);
    assert_eq!(ask(&sandbox, "GET", "/faults").await.success(), json!({ "faults": [] }));
}

#[tokio::test]
async fn the_log_is_asked_for_numbers_that_a_request_can_have() {
    let sandbox = sandbox().await;
    for after in ["9223372036854775808", "-1", "-0", "+1", ""] {
        let answer = ask(&sandbox, "GET", &format!("/requests?after={}", after.replace('+', "%2B"))).await;
        assert_eq!(answer.status, 400, "{after}");
    }
    ask(&sandbox, "GET", "/requests?after=9223372036854775807").await.success();
}
