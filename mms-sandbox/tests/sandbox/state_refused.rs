//! States that contradict themselves: each is refused with the sentence that says how, and changes nothing.

use std::fs;

use mms_sandbox::Sandbox;
use serde_json::{Value, json};

use crate::fixtures::a_state;
use crate::http_client::{Request, sandbox};

/// Returns what the sandbox says to a state that it refuses, and checks that nothing was changed.
async fn refused(sandbox: &Sandbox, state: &Value) -> String {
    let before = sandbox.control().state().await.unwrap().distributors;
    let answer = Request::control(sandbox, "PUT", "/state").json(state).send(sandbox).await;
    let detail = answer.refusal(400, "Bad Request", None);
    assert_eq!(sandbox.control().state().await.unwrap().distributors, before);
    Request::get("/organizations/11").send(sandbox).await.success();
    detail
}

/// Returns [`a_state`] with a field of its first distributor set.
fn with(field: &str, value: Value) -> Value {
    let mut state = a_state();
    state["distributors"][0][field] = value;
    state
}

/// Returns [`a_state`] with these children of its first distributor.
fn with_children(children: Value) -> Value {
    with("children", children)
}

#[tokio::test]
async fn two_organizations_have_two_ids() {
    let sandbox = sandbox().await;
    let twin = |id: u64| json!({ "organizationId": id, "organizationName": "Twin" });
    assert_eq!(refused(&sandbox, &with("organizationId", json!(12))).await, "Two organizations have the id 12.");
    for id in [11, 12] {
        let detail = refused(&sandbox, &with_children(json!([twin(id)]))).await;
        assert_eq!(detail, format!("Two organizations have the id {id}."));
    }
    for children in [json!([twin(101), twin(101)]), json!([twin(201)])] {
        let detail = refused(&sandbox, &with_children(children)).await;
        assert!(detail.starts_with("Two organizations have the id "), "{detail}");
    }
}

#[tokio::test]
async fn two_tokens_differ_in_more_than_the_case_of_their_letters() {
    let sandbox = sandbox().await;
    for (one, other) in [("abc", "abc"), ("abc", "ABC")] {
        let mut state = with("tokens", json!([{ "token": one, "scopes": [] }]));
        state["distributors"][1]["tokens"] = json!([{ "token": other, "scopes": [] }]);
        assert_eq!(refused(&sandbox, &state).await, "Organization 12: a token stands there twice.");
    }
}

#[tokio::test]
async fn tokens_and_scopes_are_words_that_a_header_can_carry() {
    let sandbox = sandbox().await;
    let refusal = async |token: &str, scope: &str| {
        refused(&sandbox, &with("tokens", json!([{ "token": token, "scopes": [scope] }]))).await
    };
    for token in ["a b", "", "schl\u{fc}ssel"] {
        let expected = "Organization 11: a token is empty, or has more than visible ASCII.";
        assert_eq!(refusal(token, "read").await, expected, "without the token");
    }
    let scope = refusal("abc", "read write").await;
    assert_eq!(scope, "\"read write\" is no scope: it must be visible ASCII without spaces.");
}

#[tokio::test]
async fn one_address_has_one_name() {
    let sandbox = sandbox().await;
    let mut children = json!([
        { "organizationName": "One", "userEmail": "a@b.example", "userName": "Ada" },
        { "organizationName": "Two", "userEmail": "A@b.example", "userName": "Bo" },
    ]);
    let expected = "A@b.example is both \"Ada\" and \"Bo\".";
    assert_eq!(refused(&sandbox, &with_children(children.clone())).await, expected);
    for index in [0, 1] {
        children[index]["userId"] = json!(7);
    }
    assert_eq!(refused(&sandbox, &with_children(children)).await, expected, "whether its id is known or not");
}

#[tokio::test]
async fn zones_countries_and_time_zones_are_those_of_makes_lists() {
    let sandbox = sandbox().await;
    for (field, what) in [("zoneId", "zone"), ("countryId", "country"), ("timezoneId", "time zone")] {
        let expected = format!("There is no {what} 999.");
        assert_eq!(refused(&sandbox, &with(field, json!(999))).await, expected);
        let mut child = json!({ "organizationName": "Lost" });
        child[field] = json!(999);
        assert_eq!(refused(&sandbox, &with_children(json!([child]))).await, expected);
    }
}

#[tokio::test]
async fn many_children_have_no_id_of_their_own() {
    let sandbox = sandbox().await;
    let child = json!({ "organizationName": "Client", "count": 2, "organizationId": 500 });
    let detail = refused(&sandbox, &with_children(json!([child]))).await;
    assert_eq!(detail, "\"Client\" has both an id and a count: leave one out.");
}

#[tokio::test]
async fn pool_and_allocations_fit_a_number_together() {
    const MOST: u64 = 9_223_372_036_854_770_000;
    let sandbox = sandbox().await;
    let beyond = with("operations", json!(u64::MAX));
    let detail = refused(&sandbox, &beyond).await;
    assert!(detail.contains("expected a whole number of 64 bits for operations"), "{detail}");
    let error = sandbox.control().replace_state(serde_json::from_value(beyond).unwrap()).await.unwrap_err();
    assert_eq!(error.to_string(), "organization 11: operations 18446744073709551615 are too many");
    let child = json!({ "organizationName": "Rich", "operationsAllocated": MOST });
    assert_eq!(
        refused(&sandbox, &with_children(json!([child]))).await,
        "Organization 11: pool and allocations together are too many."
    );
    let twice = json!({ "organizationName": "Rich", "operationsAllocated": MOST, "count": 2 });
    let detail = refused(&sandbox, &with_children(json!([twice]))).await;
    assert_eq!(detail, "\"Rich\": the allocations together are too many.");
}

#[tokio::test]
async fn times_are_times() {
    let sandbox = sandbox().await;
    let expected = "\"soon\" is no time: write it like 2026-11-01T00:00:00Z.";
    for field in ["lastReset", "nextReset"] {
        assert_eq!(refused(&sandbox, &with(field, json!("soon"))).await, expected);
    }
    for field in ["lastReset", "usageSince", "playedUntil"] {
        let usage = json!({ "shape": "steady", "centicreditsPerDay": "1" });
        let mut child = json!({ "organizationName": "Late", "usage": usage });
        child[field] = json!("soon");
        assert_eq!(refused(&sandbox, &with_children(json!([child]))).await, expected);
    }
    let mut state = a_state();
    state["clock"]["now"] = json!("soon");
    assert_eq!(refused(&sandbox, &state).await, expected);
}

#[tokio::test]
async fn a_user_has_one_address_and_an_address_one_user() {
    let sandbox = sandbox().await;
    let owned = |user: u64, email: &str| json!({ "organizationName": "Owned", "userId": user, "userEmail": email });
    for (one, other) in [
        (owned(7, "ada@acme.example"), owned(7, "bo@acme.example")),
        (owned(7, "ada@acme.example"), owned(8, "ADA@acme.example")),
    ] {
        let detail = refused(&sandbox, &with_children(json!([one, other]))).await;
        assert!(detail.starts_with("User ") && detail.contains(" is another user."), "{detail}");
    }
}

#[tokio::test]
async fn numbers_are_in_their_range() {
    let sandbox = sandbox().await;
    assert_eq!(
        refused(&sandbox, &with("apiLimit", json!(0))).await,
        "Organization 11: apiLimit 0 lets no request through."
    );
    let none = json!([{ "organizationName": "None", "count": 0 }]);
    assert_eq!(refused(&sandbox, &with_children(none)).await, "\"None\": count 0 is not between 1 and 1000000.");
    let odd = json!([{ "organizationName": "Odd", "operationsAllocated": 12_345 }]);
    assert!(refused(&sandbox, &with_children(odd)).await.contains("12345 is not a multiple of 10000"));
}

#[tokio::test]
async fn a_first_state_that_contradicts_itself_does_not_start() {
    let state = serde_json::from_value(with("zoneId", json!(999))).unwrap();
    let error = Sandbox::builder().state(state).start().await.unwrap_err();
    assert_eq!(error.to_string(), "the first state cannot be loaded: there is no zone 999");
    assert!(error.is_seed() && !error.is_database());
}

#[tokio::test]
async fn a_seed_file_at_fault_is_named_and_the_data_file_is_not() {
    let directory = tempfile::tempdir().unwrap();
    let (seed, data) = (directory.path().join("seed.json"), directory.path().join("sandbox.db"));
    let start = async || Sandbox::builder().seed_file(&seed).data(&data).start().await.unwrap_err();
    let missing = start().await;
    assert!(missing.to_string().starts_with(&format!("cannot read the seed {}: ", seed.display())), "{missing}");
    fs::write(&seed, with("zoneId", json!(999)).to_string()).unwrap();
    let contradicting = start().await;
    let expected = format!("the seed {} cannot be loaded: there is no zone 999", seed.display());
    assert_eq!(contradicting.to_string(), expected);
    for error in [missing, contradicting] {
        assert!(error.is_seed() && !error.is_database(), "{error}");
    }
}
