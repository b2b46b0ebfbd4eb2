//! Listing children and their consumption.

use serde_json::{Value, json};

use crate::http_client::{CHILDREN, CONSUMPTION, Request, a_create_with, create, sandbox};

fn names(list: &Value) -> Vec<&str> {
    let children = list["managedOrganizations"].as_array().unwrap();
    children.iter().map(|child| child["organizationName"].as_str().unwrap()).collect()
}

#[tokio::test]
async fn a_first_start_has_three_children_with_their_zones() {
    let sandbox = sandbox().await;
    let list = Request::get(CHILDREN).send(&sandbox).await.success();
    assert_eq!(names(&list), ["Acme Bakery", "Borealis Travel", "Cobalt Dental"]);
    assert_eq!(
        list["managedOrganizations"][2],
        json!({
            "organizationId": 103, "organizationName": "Cobalt Dental", "operationsAllocated": 100_000,
            "countryId": 236, "timezoneId": 4, "zoneId": 3, "zoneDomain": "us1.make.com", "zoneName": "US1",
        })
    );
}

#[tokio::test]
async fn a_list_says_how_it_was_cut() {
    let sandbox = sandbox().await;
    let list = Request::get(CHILDREN).send(&sandbox).await.success();
    let default =
        json!({ "last": "", "showLast": true, "sortBy": "name", "sortDir": "asc", "limit": 100, "offset": 0 });
    assert_eq!(list["pg"], default);
}

#[tokio::test]
async fn a_page_has_at_most_its_limit_from_its_offset_on() {
    let sandbox = sandbox().await;
    let page = Request::get(&format!("{CHILDREN}?pg%5Blimit%5D=1&pg%5Boffset%5D=1")).send(&sandbox).await.success();
    assert_eq!(names(&page), ["Borealis Travel"]);
    assert_eq!((&page["pg"]["limit"], &page["pg"]["offset"]), (&json!(1), &json!(1)));
    let beyond = Request::get(&format!("{CHILDREN}?pg[offset]=3")).send(&sandbox).await.success();
    assert_eq!(beyond["managedOrganizations"], json!([]));
}

#[tokio::test]
async fn every_paging_parameter_out_of_range_is_named() {
    let sandbox = sandbox().await;
    for (limit, offset) in [("0", "-1"), ("ten", "1.5"), ("", "+1"), ("2147483648", "99999999999")] {
        let path = format!("{CHILDREN}?pg[limit]={limit}&pg[offset]={}", offset.replace('+', "%2B"));
        let mistakes = Request::get(&path).send(&sandbox).await.mistakes();
        assert_eq!(
            mistakes,
            [
                format!(
                    "Invalid value of parameter 'pg[limit]': {limit:?} is out of range: expected a whole number from 1 to 2147483647."
                ),
                format!(
                    "Invalid value of parameter 'pg[offset]': {offset:?} is out of range: expected a whole number from 0 to 2147483647."
                ),
            ]
        );
    }
}

#[tokio::test]
async fn children_are_in_order_of_their_names_and_then_of_their_ids() {
    let sandbox = sandbox().await;
    for name in ["Zeta", "Acme Bakery", "Beta"] {
        create(&sandbox, &a_create_with("organizationName", name.into())).await.success();
    }
    let list = Request::get(CHILDREN).send(&sandbox).await.success();
    let ids: Vec<_> = list["managedOrganizations"].as_array().unwrap().iter().map(|c| &c["organizationId"]).collect();
    assert_eq!(ids, [101, 1002, 1003, 102, 103, 1001]);
}

#[tokio::test]
async fn consumption_has_a_row_for_every_child_by_id() {
    let sandbox = sandbox().await;
    let child = create(&sandbox, &a_create_with("organizationName", "Aaa".into())).await.success();
    let consumption = Request::get(CONSUMPTION).send(&sandbox).await.success();
    let rows = consumption["managedOrganizationsConsumption"].as_array().unwrap();
    assert_eq!(rows.iter().map(|row| &row["organizationId"]).collect::<Vec<_>>(), [101, 102, 103, 1001]);
    let credits: Vec<_> = rows.iter().map(|row| &row["centicreditsConsumed"]).collect();
    assert_eq!(credits, ["941250", "1200300", "0", "0"]);
    assert_eq!(rows[3]["organizationId"], child["childOrganizationId"]);
    assert_eq!(
        rows[3],
        json!({
            "organizationId": 1001, "centicreditsConsumed": "0", "centicreditsExtra": "0", "operationsConsumed": 0,
            "operationsExtra": 0, "transferConsumed": 0, "transferExtra": 0, "lastReset": rows[3]["lastReset"],
        })
    );
}

#[tokio::test]
async fn the_counters_of_a_new_child_start_when_it_is_created() {
    let before = jiff::Timestamp::now().as_second();
    let sandbox = sandbox().await;
    create(&sandbox, &a_create_with("organizationName", "Aaa".into())).await.success();
    let consumption = Request::get(CONSUMPTION).send(&sandbox).await.success();
    let last_reset = consumption["managedOrganizationsConsumption"][3]["lastReset"].as_str().unwrap();
    assert_eq!(last_reset.len(), "2024-01-01T00:00:00Z".len());
    let last_reset: jiff::Timestamp = last_reset.parse().unwrap();
    assert!((before..=jiff::Timestamp::now().as_second()).contains(&last_reset.as_second()));
}
