//! Fault rules: which requests match, how they are counted, and how rules end.

use mms_sandbox::Sandbox;
use mms_sandbox::types::{Fault, FaultId};
use serde_json::{Value, json};

use crate::fixtures::fail;
use crate::http_client::{CHILDREN, CONSUMPTION, Request, a_create, allocate, children, create, pool, sandbox};

const EDGE: u16 = 403;

/// An action that is told from every answer of the sandbox to these requests.
fn edge() -> Value {
    json!({ "kind": "refused_at_the_edge" })
}

/// Says which of so many reads fail.
async fn failures(sandbox: &Sandbox, reads: u64) -> Vec<u64> {
    let mut failed = Vec::new();
    for place in 1..=reads {
        if Request::get("/enums/imt-regions").status(sandbox).await == EDGE {
            failed.push(place);
        }
    }
    failed
}

fn counts(sandbox: &Sandbox, id: FaultId) -> (u64, u64) {
    let Fault { matched, acted, .. } = sandbox.control().fault(id).unwrap();
    (matched, acted)
}

#[tokio::test]
async fn a_rule_takes_the_operation_that_it_names() {
    let sandbox = sandbox().await;
    let fault = fail(&sandbox, json!({ "operationId": "list_child_organization_consumption", "action": edge() }));
    assert_eq!(Request::get(CONSUMPTION).status(&sandbox).await, EDGE);
    assert_eq!(Request::get(CHILDREN).status(&sandbox).await, 200);
    assert_eq!(counts(&sandbox, fault.id), (1, 1));
}

#[tokio::test]
async fn a_rule_takes_the_method_that_it_names() {
    let sandbox = sandbox().await;
    fail(&sandbox, json!({ "method": "PATCH", "action": { "kind": "server_error", "status": 503 } }));
    assert_eq!(allocate(&sandbox, 101, 20_000).await.status, 503);
    assert_eq!((children(&sandbox).await.len(), pool(&sandbox).await), (3, 500_000));
}

#[tokio::test]
async fn a_rule_that_names_get_takes_head_too() {
    let sandbox = sandbox().await;
    let fault = fail(&sandbox, json!({ "method": "GET", "action": edge() }));
    assert_eq!(Request::new("HEAD", CHILDREN).status(&sandbox).await, EDGE);
    assert_eq!(counts(&sandbox, fault.id), (1, 1));
}

#[tokio::test]
async fn a_list_that_hides_nothing_spends_no_lag() {
    let sandbox = sandbox().await;
    let rule = json!({ "times": 1, "action": { "kind": "lagging_list", "lists": 5 } });
    let fault = fail(&sandbox, rule);
    assert_eq!(children(&sandbox).await.len(), 3);
    assert_eq!(counts(&sandbox, fault.id), (1, 0));
    create(&sandbox, &a_create()).await.success();
    assert_eq!((children(&sandbox).await.len(), children(&sandbox).await.len()), (3, 4));
    assert_eq!(counts(&sandbox, fault.id), (3, 1));
}

#[tokio::test]
async fn a_rule_takes_the_child_that_it_names() {
    let sandbox = sandbox().await;
    fail(&sandbox, json!({ "childOrganizationId": 101, "action": { "kind": "server_error" } }));
    assert_eq!(allocate(&sandbox, 101, 20_000).await.status, 500);
    assert_eq!(allocate(&sandbox, 102, 20_000).await.status, 200);
    assert_eq!(children(&sandbox).await.len(), 3);
}

#[tokio::test]
async fn a_rule_that_names_nothing_takes_every_request_to_the_api_even_one_without_an_operation() {
    let sandbox = sandbox().await;
    fail(&sandbox, json!({ "action": edge() }));
    for path in ["/enums/countries", "/nowhere"] {
        assert_eq!(Request::get(path).status(&sandbox).await, EDGE);
    }
    assert_eq!(Request::bare("GET", "/openapi.json").status(&sandbox).await, 200);
    assert_eq!(Request::bare("GET", "/api/v20/nowhere").status(&sandbox).await, 404);
    assert_eq!(Request::control(&sandbox, "GET", "/clock").status(&sandbox).await, 200);
}

#[tokio::test]
async fn a_fault_comes_before_the_token_is_read() {
    let sandbox = sandbox().await;
    fail(&sandbox, json!({ "action": { "kind": "server_error", "status": 503 } }));
    assert_eq!(Request::get(CHILDREN).without("Authorization").status(&sandbox).await, 503);
}

#[tokio::test]
async fn a_rule_acts_on_the_nth_on_every_nth_and_so_many_times() {
    for (picks, expected) in [
        (json!({ "nth": 3 }), &[3][..]),
        (json!({ "every": 2 }), &[2, 4, 6]),
        (json!({ "times": 2 }), &[1, 2]),
        (json!({ "every": 2, "times": 2 }), &[2, 4]),
        (json!({ "probability": 1.0, "times": 1 }), &[1]),
    ] {
        let sandbox = sandbox().await;
        let mut rule = picks.clone();
        rule["action"] = edge();
        let fault = fail(&sandbox, rule);
        assert_eq!(failures(&sandbox, 6).await, expected, "{picks}");
        assert_eq!(counts(&sandbox, fault.id), (6, u64::try_from(expected.len()).unwrap()), "{picks}");
    }
}

#[tokio::test]
async fn the_same_seed_fails_the_same_requests() {
    let failed = async |seed: u64| {
        let sandbox = sandbox().await;
        fail(&sandbox, json!({ "probability": 0.5, "seed": seed, "action": edge() }));
        failures(&sandbox, 30).await
    };
    let first = failed(7).await;
    assert!((1..30).contains(&first.len()));
    assert_eq!(failed(7).await, first);
    assert_ne!(failed(8).await, first);
}

#[tokio::test]
async fn what_a_rule_does_not_take_is_not_counted() {
    let sandbox = sandbox().await;
    let fault = fail(&sandbox, json!({ "operationId": "list_regions", "nth": 2, "action": edge() }));
    assert_eq!(Request::get("/enums/imt-regions").status(&sandbox).await, 200);
    assert_eq!(Request::get("/enums/countries").status(&sandbox).await, 200);
    assert_eq!(Request::get("/enums/imt-regions").status(&sandbox).await, EDGE);
    assert_eq!(counts(&sandbox, fault.id), (2, 1));
}

#[tokio::test]
async fn of_two_rules_that_are_due_the_oldest_acts_and_both_count() {
    let sandbox = sandbox().await;
    let old = fail(&sandbox, json!({ "times": 1, "action": edge() }));
    let new = fail(&sandbox, json!({ "action": { "kind": "server_error", "status": 424 } }));
    let statuses = [Request::get(CHILDREN).status(&sandbox).await, Request::get(CHILDREN).status(&sandbox).await];
    assert_eq!(statuses, [EDGE, 424]);
    assert_eq!((counts(&sandbox, old.id), counts(&sandbox, new.id)), ((2, 1), (2, 1)));
}

#[tokio::test]
async fn a_removed_rule_acts_no_more_and_its_number_is_not_given_again() {
    let sandbox = sandbox().await;
    let first = fail(&sandbox, json!({ "action": edge() }));
    let second = fail(&sandbox, json!({ "action": { "kind": "server_error" } }));
    assert_eq!((first.id, second.id), (FaultId(1), FaultId(2)));
    assert_eq!(Request::get(CHILDREN).status(&sandbox).await, EDGE);
    assert_eq!(sandbox.control().remove_fault(first.id).unwrap().acted, 1);
    assert!(sandbox.control().remove_fault(first.id).unwrap_err().is_not_found());
    assert_eq!(Request::get(CHILDREN).status(&sandbox).await, 500);
    let removed = sandbox.control().remove_faults().faults;
    assert_eq!(
        removed.iter().map(|fault| (fault.id, fault.matched, fault.acted)).collect::<Vec<_>>(),
        [(second.id, 2, 1)]
    );
    assert_eq!(Request::get(CHILDREN).status(&sandbox).await, 200);
    assert_eq!(fail(&sandbox, json!({ "action": edge() })).id, FaultId(3));
}

#[tokio::test]
async fn a_spent_rule_is_listed_with_its_counts() {
    let sandbox = sandbox().await;
    let rule = json!({ "times": 1, "action": edge() });
    fail(&sandbox, rule.clone());
    assert_eq!(failures(&sandbox, 3).await, [1]);
    let list = Request::control(&sandbox, "GET", "/faults").send(&sandbox).await.success();
    assert_eq!(list, json!({ "faults": [{ "id": 1, "matched": 3, "acted": 1, "rule": rule }] }));
}

#[tokio::test]
async fn a_rule_that_cannot_act_is_refused_and_not_added() {
    let sandbox = sandbox().await;
    for (rule, expected) in [
        (json!({ "action": { "kind": "cut_body" } }), "cut_body needs bytes."),
        (json!({ "action": { "kind": "dribble", "bytes": 0, "milliseconds": 1 } }), "dribble needs bytes, from 1."),
        (json!({ "action": { "kind": "delay_after" } }), "delay_after needs milliseconds."),
        (json!({ "action": { "kind": "lagging_list" } }), "lagging_list needs either lists or seconds."),
        (
            json!({ "action": { "kind": "lagging_list", "lists": 1, "seconds": 1 } }),
            "lagging_list needs either lists or seconds.",
        ),
        (json!({ "action": { "kind": "close_after", "milliseconds": 1 } }), "close_after has no use for milliseconds."),
        (json!({ "action": { "kind": "close_after", "afterWork": true } }), "close_after has no use for afterWork."),
        (json!({ "action": { "kind": "server_error", "status": 502 } }), "status 502 is not 424, 500 or 503."),
        (json!({ "action": { "kind": "delay_before", "milliseconds": 600_001 } }), "milliseconds is at most 600000."),
        (json!({ "nth": 0, "action": edge() }), "nth counts from 1."),
        (json!({ "nth": 3, "every": 2, "action": edge() }), "request 3 is not one of every 2: leave out nth or every."),
        (json!({ "probability": 1.5, "action": edge() }), "probability 1.5 is not between 0 and 1."),
        (json!({ "method": "BREW", "action": edge() }), "method \"BREW\" is not one of GET, PATCH, POST."),
        (
            json!({ "method": "POST", "operationId": "list_zones", "action": edge() }),
            "no request can meet the rule: its operationId, method, childOrganizationId and kind exclude each other.",
        ),
        (
            json!({ "childOrganizationId": 101, "action": { "kind": "refuse_connection" } }),
            "refuse_connection acts before a request is read: it takes no operation, method or child.",
        ),
    ] {
        let answer = Request::control(&sandbox, "POST", "/faults").json(&rule).send(&sandbox).await;
        assert_eq!(answer.refusal(400, "Bad Request", None), expected, "{rule}");
    }
    assert_eq!(sandbox.control().faults().faults, []);
}
