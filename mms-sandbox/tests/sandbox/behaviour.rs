//! Every field of the behaviour: responses by default, and with each other value.

use mms_sandbox::Sandbox;
use mms_types::OrganizationId;
use serde_json::{Value, json};

use crate::fixtures::{SECOND_TOKEN, a_state, advance, behave, sandbox_of};
use crate::http_client::{CHILDREN, CONSUMPTION, Raw, Request, a_create, allocate, create, pool, sandbox};

async fn page(sandbox: &Sandbox, query: &str) -> (Vec<u64>, Value) {
    let list = Request::get(&format!("{CHILDREN}{query}")).send(sandbox).await.success();
    let children = list["managedOrganizations"].as_array().unwrap();
    (children.iter().map(|child| child["organizationId"].as_u64().unwrap()).collect(), list["pg"].clone())
}

async fn is_paused(sandbox: &Sandbox, child: u64) -> bool {
    sandbox.control().child(OrganizationId::new(child)).await.unwrap().is_paused.unwrap()
}

#[tokio::test]
async fn every_switch_that_is_left_out_has_its_default() {
    let sandbox = sandbox().await;
    let defaults = json!({
        "paging": "honoured", "pageLimit": 100, "loweringBelowConsumption": "accepted", "duplicateNames": "accepted",
        "operationsDiff": "signed", "createStatus": "ok", "consumptionRows": "all", "limiter": "fixed_window",
        "retryAfter": "absent", "limitBody": "text", "foreignOrganization": "not_found",
    });
    assert_eq!(Request::control(&sandbox, "GET", "/behaviour").send(&sandbox).await.success(), defaults);
    behave(&sandbox, json!({ "paging": "ignored", "limiter": "off" })).await;
    let answer = Request::control(&sandbox, "PUT", "/behaviour").json(&json!({})).send(&sandbox).await;
    assert_eq!(answer.success(), defaults);
}

#[tokio::test]
async fn ignored_paging_answers_the_first_page_whatever_is_asked() {
    let sandbox = sandbox().await;
    assert_eq!(page(&sandbox, "?pg[limit]=1&pg[offset]=1").await.0, [102]);
    behave(&sandbox, json!({ "paging": "ignored", "pageLimit": 2 })).await;
    for query in ["", "?pg[limit]=1&pg[offset]=1", "?pg[limit]=x"] {
        let (children, pg) = page(&sandbox, query).await;
        assert_eq!((children, &pg["limit"], &pg["offset"]), (vec![101, 102], &json!(2), &json!(0)), "{query}");
    }
}

#[tokio::test]
async fn the_page_limit_holds_where_the_caller_names_none() {
    let sandbox = sandbox().await;
    behave(&sandbox, json!({ "pageLimit": 2 })).await;
    assert_eq!(page(&sandbox, "").await.0, [101, 102]);
    assert_eq!(page(&sandbox, "?pg[offset]=2").await.0, [103]);
    assert_eq!(page(&sandbox, "?pg[limit]=3").await.0, [101, 102, 103]);
}

#[tokio::test]
async fn lowering_below_consumption_pauses_the_child_by_default() {
    let sandbox = sandbox().await;
    assert!(!is_paused(&sandbox, 102).await);
    allocate(&sandbox, 102, 10_000).await.success();
    assert!(is_paused(&sandbox, 102).await);
}

#[tokio::test]
async fn lowering_below_consumption_is_refused_on_demand_and_changes_nothing() {
    let sandbox = sandbox().await;
    behave(&sandbox, json!({ "loweringBelowConsumption": "refused" })).await;
    let detail = allocate(&sandbox, 102, 10_000).await.refusal(406, "Confirmation required", Some("IM004"));
    assert_eq!(detail, "Child organization 102 has consumed 12003.00 credits: a lower allocation pauses it.");
    assert_eq!(pool(&sandbox).await, 500_000);
    assert_eq!(allocate(&sandbox, 102, 20_000).await.success()["newParentOperations"], 530_000);
}

#[tokio::test]
async fn a_child_below_its_consumption_can_still_be_raised() {
    let sandbox = sandbox().await;
    allocate(&sandbox, 102, 0).await.success();
    behave(&sandbox, json!({ "loweringBelowConsumption": "refused" })).await;
    for operations in [0, 10_000, 10_000, 20_000] {
        allocate(&sandbox, 102, operations).await.success();
    }
    assert_eq!(pool(&sandbox).await, 530_000);
}

#[tokio::test]
async fn a_name_is_given_twice_by_default() {
    let sandbox = sandbox().await;
    let ids = [create(&sandbox, &a_create()).await, create(&sandbox, &a_create()).await];
    assert_eq!(ids.map(|answer| answer.success()["childOrganizationId"].clone()), [json!(1001), json!(1002)]);
}

#[tokio::test]
async fn a_name_is_refused_twice_on_demand_but_under_another_distributor() {
    let sandbox = sandbox_of(a_state()).await;
    behave(&sandbox, json!({ "duplicateNames": "refused" })).await;
    create(&sandbox, &a_create()).await.success();
    let detail = create(&sandbox, &a_create()).await.refusal(409, "Conflict", None);
    assert_eq!(detail, "The distributor has a child organization named \"Delta Optics\" already.");
    assert_eq!((pool(&sandbox).await, page(&sandbox, "").await.0), (480_000, vec![101, 1001]));
    let other = Request::new("POST", "/organizations/12/managed-organizations").token(SECOND_TOKEN).json(&a_create());
    assert_eq!(other.send(&sandbox).await.success()["childOrganizationId"], 1002);
}

#[tokio::test]
async fn a_lowered_allocation_has_a_difference_with_or_without_its_sign() {
    let sandbox = sandbox().await;
    assert_eq!(allocate(&sandbox, 102, 40_000).await.success()["operationsDiff"], -10_000);
    behave(&sandbox, json!({ "operationsDiff": "absolute" })).await;
    let lowered = allocate(&sandbox, 102, 20_000).await.success();
    assert_eq!((&lowered["operationsDiff"], &lowered["limitIncreased"]), (&json!(20_000), &json!(false)));
    let raised = allocate(&sandbox, 102, 30_000).await.success();
    assert_eq!((&raised["operationsDiff"], &raised["limitIncreased"]), (&json!(10_000), &json!(true)));
}

#[tokio::test]
async fn a_create_is_answered_with_200_or_201() {
    let sandbox = sandbox().await;
    assert_eq!(create(&sandbox, &a_create()).await.status, 200);
    behave(&sandbox, json!({ "createStatus": "created" })).await;
    let created = create(&sandbox, &a_create()).await;
    assert_eq!((created.status, &created.body["childOrganizationId"]), (201, &json!(1002)));
}

#[tokio::test]
async fn consumption_has_rows_of_all_children_or_of_active_ones() {
    let sandbox = sandbox().await;
    let rows = async || {
        let list = Request::get(CONSUMPTION).send(&sandbox).await.success();
        let rows = list["managedOrganizationsConsumption"].as_array().unwrap().clone();
        rows.iter().map(|row| row["organizationId"].as_u64().unwrap()).collect::<Vec<_>>()
    };
    assert_eq!(rows().await, [101, 102, 103]);
    behave(&sandbox, json!({ "consumptionRows": "active" })).await;
    assert_eq!(rows().await, [101, 102]);
    let consume = Request::control(&sandbox, "POST", "/children/103/consumption");
    consume.json(&json!({ "transfer": 1 })).send(&sandbox).await.success();
    assert_eq!(rows().await, [101, 102, 103]);
}

/// Returns the statuses of so many requests in a row.
async fn statuses(sandbox: &Sandbox, requests: usize) -> Vec<u16> {
    let mut statuses = Vec::new();
    for _ in 0..requests {
        statuses.push(Request::get("/organizations/11").status(sandbox).await);
    }
    statuses
}

#[tokio::test]
async fn a_limiter_counts_as_its_name_says() {
    // Two requests a minute, sent half a minute into a minute, at its end, and a whole minute later.
    for (limiter, at_once, after_30, after_60) in [
        ("fixed_window", [200, 200, 429], [200, 200, 429], [429, 429, 429]),
        ("sliding_log", [200, 200, 429], [429, 429, 429], [200, 200, 429]),
        ("sliding_counter", [200, 200, 429], [429, 429, 429], [200, 429, 429]),
        ("bucket", [200, 200, 429], [200, 429, 429], [200, 429, 429]),
        ("off", [200, 200, 200], [200, 200, 200], [200, 200, 200]),
    ] {
        let mut state = a_state();
        state["distributors"][0]["apiLimit"] = json!(2);
        let sandbox = sandbox_of(state).await;
        behave(&sandbox, json!({ "limiter": limiter })).await;
        assert_eq!(statuses(&sandbox, 3).await, at_once, "{limiter}");
        advance(&sandbox, 30).await;
        assert_eq!(statuses(&sandbox, 3).await, after_30, "{limiter}");
        advance(&sandbox, 30).await;
        assert_eq!(statuses(&sandbox, 3).await, after_60, "{limiter}");
    }
}

/// Starts a sandbox whose first request is the last of its minute, and returns what the second one is told.
async fn beyond_the_limit(behaviour: Value) -> Raw {
    let mut state = a_state();
    state["distributors"][0]["apiLimit"] = json!(1);
    let sandbox = sandbox_of(state).await;
    behave(&sandbox, behaviour).await;
    Request::get("/organizations/11").send(&sandbox).await.success();
    Request::get("/organizations/11").exchange(&sandbox).await.unwrap().unwrap()
}

#[tokio::test]
async fn a_429_says_when_to_come_back_on_demand() {
    let silent = beyond_the_limit(json!({})).await;
    assert_eq!((silent.status, silent.headers.get("retry-after")), (429, None));
    let telling = beyond_the_limit(json!({ "retryAfter": "present" })).await;
    assert_eq!((telling.status, telling.headers["retry-after"].as_str()), (429, "30"));
    assert_eq!(silent.body, telling.body);
}

#[tokio::test]
async fn a_429_is_plain_text_or_json() {
    const TEXT: &str = "Requests limit for organization exceeded, please try again later.";
    let text = beyond_the_limit(json!({})).await;
    assert_eq!((text.text(), text.headers["content-type"].as_str()), (TEXT, "text/plain; charset=utf-8"));
    let json = beyond_the_limit(json!({ "limitBody": "json" })).await;
    assert_eq!((json.status, json.headers["content-type"].as_str()), (429, "application/json"));
    let body: Value = serde_json::from_slice(&json.body).unwrap();
    assert_eq!((&body["detail"], &body["message"]), (&json!(TEXT), &json!("Too Many Requests")));
}

#[tokio::test]
async fn an_organization_of_another_is_hidden_or_forbidden() {
    let sandbox = sandbox_of(a_state()).await;
    let ask = async || Request::get("/organizations/12").send(&sandbox).await;
    assert_eq!(ask().await.refusal(404, "Not Found", None), "There is no organization 12.");
    behave(&sandbox, json!({ "foreignOrganization": "forbidden" })).await;
    assert_eq!(ask().await.refusal(403, "Permission denied", Some("SC403")), "Access denied.");
    assert_eq!(allocate(&sandbox, 201, 0).await.status, 404, "a child of another stays hidden");
}

#[tokio::test]
async fn a_value_that_no_switch_has_is_refused_and_changes_nothing() {
    let sandbox = sandbox().await;
    behave(&sandbox, json!({ "createStatus": "created" })).await;
    for behaviour in [json!({ "paging": "maybe" }), json!({ "pageLimit": 0 }), json!({ "retries": 1 })] {
        let answer = Request::control(&sandbox, "PUT", "/behaviour").json(&behaviour).send(&sandbox).await;
        answer.refusal(400, "Bad Request", None);
    }
    assert_eq!(create(&sandbox, &a_create()).await.status, 201);
}
