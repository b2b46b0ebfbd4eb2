//! Moving operations between the pool and a child.

use mms_types::Operations;
use serde_json::json;

use crate::http_client::{CHILDREN, Request, allocate, children, pool, sandbox, total};

#[tokio::test]
async fn an_allocation_is_the_new_total_and_moves_the_difference() {
    let sandbox = sandbox().await;
    let raised = allocate(&sandbox, 101, 30_000).await.success();
    let expected = json!({
        "newParentOperations": 480_000, "newChildOperations": 30_000, "operationsDiff": 20_000, "limitIncreased": true,
    });
    assert_eq!(raised, expected);
    let lowered = allocate(&sandbox, 101, 10_000).await.success();
    let expected = json!({
        "newParentOperations": 500_000, "newChildOperations": 10_000, "operationsDiff": -20_000,
        "limitIncreased": false,
    });
    assert_eq!(lowered, expected);
    assert_eq!(total(&sandbox).await, 660_000);
}

#[tokio::test]
async fn the_same_total_again_moves_nothing() {
    let sandbox = sandbox().await;
    let same = allocate(&sandbox, 102, 50_000).await.success();
    assert_eq!((&same["operationsDiff"], &same["limitIncreased"]), (&json!(0), &json!(false)));
    assert_eq!(pool(&sandbox).await, 500_000);
}

#[tokio::test]
async fn the_list_shows_the_new_allocation() {
    let sandbox = sandbox().await;
    allocate(&sandbox, 103, 0).await.success();
    let child = children(&sandbox).await.into_iter().find(|child| child["organizationId"] == 103).unwrap();
    assert_eq!(child["operationsAllocated"], 0);
}

#[tokio::test]
async fn an_allocation_may_fall_below_what_is_consumed() {
    let sandbox = sandbox().await;
    assert_eq!(allocate(&sandbox, 102, 10_000).await.success()["newChildOperations"], 10_000);
}

#[tokio::test]
async fn a_raise_may_take_the_whole_pool_and_no_more() {
    let sandbox = sandbox().await;
    for operations in [520_000, Operations::MAX.get()] {
        let detail = allocate(&sandbox, 101, operations).await.refusal(409, "Conflict", None);
        let needed = operations - 10_000;
        assert_eq!(
            detail,
            format!("The distributor's pool holds 500000 operations: {needed} cannot be taken from it.")
        );
    }
    assert_eq!(allocate(&sandbox, 101, 510_000).await.success()["newParentOperations"], 0);
    assert_eq!(total(&sandbox).await, 660_000);
}

#[tokio::test]
async fn an_allocation_that_is_no_multiple_is_refused_with_its_neighbours() {
    let sandbox = sandbox().await;
    let mistakes = allocate(&sandbox, 101, 12_345).await.mistakes();
    assert_eq!(
        mistakes,
        ["Invalid value of parameter 'operations': 12345 is not a multiple of 10000: try 10000 or 20000."]
    );
    let beyond = Operations::MAX.get() + 10_000;
    let mistakes = allocate(&sandbox, 101, beyond).await.mistakes();
    assert_eq!(
        mistakes,
        [format!("Invalid value of parameter 'operations': {beyond} is too large: at most {}.", Operations::MAX)]
    );
}

#[tokio::test]
async fn an_allocation_without_operations_is_refused() {
    let sandbox = sandbox().await;
    let request = Request::new("PATCH", &format!("{CHILDREN}/101")).json(&json!({}));
    assert_eq!(request.send(&sandbox).await.mistakes(), ["Missing value of required parameter 'operations'."]);
}

#[tokio::test]
async fn an_unknown_child_is_not_found() {
    let sandbox = sandbox().await;
    for child in [1, 11, 1001, i64::MAX.unsigned_abs()] {
        let detail = allocate(&sandbox, child, 10_000).await.refusal(404, "Not Found", None);
        assert_eq!(detail, format!("There is no child organization {child}."));
    }
}
