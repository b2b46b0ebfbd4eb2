//! Creating a child.

use serde_json::{Value, json};

use crate::http_client::{CHILDREN, Request, a_create, a_create_with, children, create, pool, sandbox, total};

const FIELDS: [&str; 6] = ["userEmail", "userName", "organizationName", "regionId", "countryId", "operations"];

#[tokio::test]
async fn a_create_takes_its_operations_from_the_pool_and_shows_in_the_list() {
    let sandbox = sandbox().await;
    let created = create(&sandbox, &a_create()).await.success();
    assert_eq!(
        created,
        json!({
            "childOrganizationId": 1001, "userId": 4, "userEmail": "dora@delta.example", "userName": "Dora Owner",
            "userLanguage": "en", "userExisted": 0, "newParentOperations": 480_000, "domain": "eu1.make.com",
        })
    );
    let child = children(&sandbox).await.into_iter().find(|child| child["organizationId"] == 1001).unwrap();
    assert_eq!(
        child,
        json!({
            "organizationId": 1001, "organizationName": "Delta Optics", "operationsAllocated": 20_000,
            "countryId": 75, "timezoneId": 8, "zoneId": 1, "zoneDomain": "eu1.make.com", "zoneName": "EU1",
        })
    );
    assert_eq!((pool(&sandbox).await, total(&sandbox).await), (480_000, 660_000));
}

#[tokio::test]
async fn a_child_lives_in_the_zone_of_its_region() {
    let sandbox = sandbox().await;
    let created = create(&sandbox, &a_create_with("regionId", json!(2))).await.success();
    assert_eq!(created["domain"], "us1.make.com");
}

#[tokio::test]
async fn an_owner_is_recognised_by_the_address_in_any_case() {
    let sandbox = sandbox().await;
    let first = create(&sandbox, &a_create()).await.success();
    let again = create(&sandbox, &a_create_with("userEmail", json!("DORA@Delta.Example"))).await.success();
    assert_eq!((&first["userExisted"], &again["userExisted"]), (&json!(0), &json!(1)));
    assert_eq!(first["userId"], again["userId"]);
    let other = create(&sandbox, &a_create_with("userEmail", json!("dan@delta.example"))).await.success();
    assert_eq!(other["userExisted"], 0);
    assert_ne!(first["userId"], other["userId"]);
}

#[tokio::test]
async fn an_account_keeps_its_name() {
    let sandbox = sandbox().await;
    create(&sandbox, &a_create()).await.success();
    let again = create(&sandbox, &a_create_with("userName", json!("Somebody Else"))).await.success();
    assert_eq!(again["userName"], "Dora Owner");
}

#[tokio::test]
async fn two_children_may_have_one_name() {
    let sandbox = sandbox().await;
    let ids = [create(&sandbox, &a_create()).await.success(), create(&sandbox, &a_create()).await.success()];
    assert_eq!(ids.map(|created| created["childOrganizationId"].clone()), [1001, 1002]);
}

#[tokio::test]
async fn a_child_may_start_with_nothing_and_the_pool_may_run_dry() {
    let sandbox = sandbox().await;
    assert_eq!(
        create(&sandbox, &a_create_with("operations", json!(500_000))).await.success()["newParentOperations"],
        0
    );
    assert_eq!(create(&sandbox, &a_create_with("operations", json!(0))).await.success()["newParentOperations"], 0);
}

#[tokio::test]
async fn a_create_beyond_the_pool_is_refused_and_leaves_nothing_behind() {
    let sandbox = sandbox().await;
    for operations in [510_000, mms_types::Operations::MAX.get()] {
        let body = a_create_with("operations", json!(operations));
        let detail = create(&sandbox, &body).await.refusal(409, "Conflict", None);
        assert_eq!(
            detail,
            format!("The distributor's pool holds 500000 operations: {operations} cannot be taken from it.")
        );
    }
    assert_eq!((children(&sandbox).await.len(), pool(&sandbox).await), (3, 500_000));
    let created = create(&sandbox, &a_create()).await.success();
    assert_eq!((&created["userExisted"], &created["childOrganizationId"]), (&json!(0), &json!(1001)));
}

#[tokio::test]
async fn a_create_with_12345_operations_is_refused() {
    let sandbox = sandbox().await;
    let mistakes = create(&sandbox, &a_create_with("operations", json!(12_345))).await.mistakes();
    assert_eq!(
        mistakes,
        ["Invalid value of parameter 'operations': 12345 is not a multiple of 10000: try 10000 or 20000."]
    );
}

#[tokio::test]
async fn every_missing_field_is_named() {
    let sandbox = sandbox().await;
    let mistakes = create(&sandbox, &json!({})).await.mistakes();
    assert_eq!(mistakes, FIELDS.map(|field| format!("Missing value of required parameter '{field}'.")));
    for field in FIELDS {
        let mistakes = create(&sandbox, &a_create_with(field, Value::Null)).await.mistakes();
        assert_eq!(mistakes, [format!("Missing value of required parameter '{field}'.")]);
    }
}

#[tokio::test]
async fn every_wrong_value_is_named_at_once() {
    let sandbox = sandbox().await;
    let body = json!({
        "userEmail": "no address", "userName": " padded", "organizationName": "a<b", "regionId": 0, "countryId": -5,
        "operations": 1,
    });
    let mistakes = create(&sandbox, &body).await.mistakes();
    assert_eq!(mistakes.len(), 6);
    for (mistake, field) in mistakes.iter().zip(FIELDS) {
        assert!(mistake.starts_with(&format!("Invalid value of parameter '{field}': ")), "{mistake}");
    }
}

#[tokio::test]
async fn a_number_is_not_taken_from_anything_but_a_whole_number() {
    let sandbox = sandbox().await;
    for field in ["regionId", "countryId", "operations"] {
        for value in ["\"1\"", "true", "null", "1.5", "-1", "1e30", "18446744073709551616", "[1]", "{}"] {
            let others = a_create_with(field, Value::Null).to_string();
            let body = format!("{},\"{field}\":{value}}}", others.strip_suffix('}').unwrap());
            let request = Request::new("POST", CHILDREN).text(&body).header("Content-Type", "application/json");
            let mistakes = request.send(&sandbox).await.mistakes();
            let expected = format!("Invalid value of parameter '{field}': expected a whole number from 0, found ");
            assert!(mistakes.len() == 1 && mistakes[0].starts_with(&expected), "{value}: {mistakes:?}");
        }
    }
}

#[tokio::test]
async fn a_text_is_not_taken_from_anything_but_a_text() {
    let sandbox = sandbox().await;
    for field in ["userEmail", "userName", "organizationName"] {
        for value in [json!(7), json!(true), json!(["a"]), json!({})] {
            let mistakes = create(&sandbox, &a_create_with(field, value)).await.mistakes();
            let expected = format!("Invalid value of parameter '{field}': expected a text, found ");
            assert!(mistakes.len() == 1 && mistakes[0].starts_with(&expected), "{mistakes:?}");
        }
    }
}

#[tokio::test]
async fn an_unknown_region_and_an_unknown_country_are_not_found() {
    let sandbox = sandbox().await;
    for (field, value, what) in
        [("regionId", 3, "region"), ("countryId", 250, "country"), ("countryId", i64::MAX.unsigned_abs(), "country")]
    {
        let answer = create(&sandbox, &a_create_with(field, json!(value))).await;
        assert_eq!(answer.refusal(404, "Not Found", None), format!("There is no {what} {value}."));
    }
    assert_eq!(pool(&sandbox).await, 500_000);
}

#[tokio::test]
async fn an_unknown_field_is_ignored() {
    let sandbox = sandbox().await;
    create(&sandbox, &a_create_with("colour", json!("blue"))).await.success();
}

#[tokio::test]
async fn a_text_in_any_script_comes_back_as_it_was_sent() {
    let sandbox = sandbox().await;
    create(&sandbox, &a_create_with("organizationName", json!("Łódź Książki 東京"))).await.success();
    assert!(children(&sandbox).await.iter().any(|child| child["organizationName"] == "Łódź Książki 東京"));
}
