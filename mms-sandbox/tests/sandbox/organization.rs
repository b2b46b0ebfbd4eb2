//! The distributor itself, what its token may see and do, and whose token it is.

use serde_json::json;

use crate::fixtures::{OTHER_TOKEN, SECOND_TOKEN, a_state, behave, sandbox_of};
use crate::http_client::{Request, sandbox};

#[tokio::test]
async fn the_distributor_shows_its_pool_its_limit_and_its_period() {
    let sandbox = sandbox().await;
    let organization = Request::get("/organizations/11").send(&sandbox).await.success()["organization"].clone();
    assert_eq!(
        organization,
        json!({
            "id": 11, "name": "Sandbox Distributor", "zone": "eu1.make.com", "countryId": 58, "timezoneId": 8,
            "lastReset": organization["lastReset"], "nextReset": organization["nextReset"], "isPaused": false,
            "license": { "operations": 500_000, "apiLimit": 240, "restartPeriod": "monthly" },
            "unusedCenticredits": "50000000",
        })
    );
    let [last, next] = ["lastReset", "nextReset"].map(|key| organization[key].as_str().unwrap());
    assert!(last < next && last.ends_with("-01T00:00:00Z") && next.ends_with("-01T00:00:00Z"), "{last} {next}");
}

#[tokio::test]
async fn a_token_sees_its_own_distributor_and_no_child_of_it() {
    let sandbox = sandbox_of(a_state()).await;
    let seen = async |token: &str| Request::get("/organizations").token(token).send(&sandbox).await.success();
    let first = json!({ "id": 11, "name": "Distributor 11", "timezoneId": 8, "zone": "eu1.make.com" });
    let pg = json!({ "last": "", "showLast": true, "sortBy": "name", "sortDir": "asc", "limit": 10_000, "offset": 0 });
    assert_eq!(seen(sandbox.token()).await, json!({ "organizations": [first], "pg": pg }));
    assert_eq!(seen(SECOND_TOKEN).await["organizations"][0]["id"], 12);
}

#[tokio::test]
async fn the_list_of_organizations_is_paged_whatever_the_switch_for_children_says() {
    let sandbox = sandbox().await;
    behave(&sandbox, json!({ "paging": "ignored", "pageLimit": 7 })).await;
    let query = "pg[limit]=5&pg[offset]=1&pg[sortBy]=id&pg[sortDir]=desc";
    let list = Request::get(&format!("/organizations?{query}")).send(&sandbox).await.success();
    let pg = json!({ "last": "", "showLast": true, "sortBy": "id", "sortDir": "desc", "limit": 5, "offset": 1 });
    assert_eq!(list, json!({ "organizations": [], "pg": pg }));
}

#[tokio::test]
async fn every_parameter_of_the_list_of_organizations_that_is_none_is_named() {
    let sandbox = sandbox().await;
    let query = "pg[limit]=0&pg[sortBy]=owner&pg[sortDir]=down";
    let mistakes = Request::get(&format!("/organizations?{query}")).send(&sandbox).await.mistakes();
    assert_eq!(
        mistakes,
        [
            r#"Invalid value of parameter 'pg[limit]': "0" is out of range: expected a whole number from 1 to 2147483647."#,
            r#"Invalid value of parameter 'pg[sortBy]': "owner" is not known: expected id or name."#,
            r#"Invalid value of parameter 'pg[sortDir]': "down" is not known: expected asc or desc."#,
        ]
    );
}

#[tokio::test]
async fn every_token_of_a_distributor_has_the_same_user_who_owns_no_child() {
    let sandbox = sandbox_of(a_state()).await;
    let user = async |token: &str| Request::get("/users/me").token(token).send(&sandbox).await.success();
    let first = user(sandbox.token()).await;
    assert_eq!(
        first["authUser"],
        json!({
            "id": 1_000_000_011, "name": "Administrator of Distributor 11", "language": "en", "timezoneId": 8,
            "email": "administrator@organization-11.example", "countryId": 58, "timezone": "Europe/Prague",
        })
    );
    assert_eq!(user(OTHER_TOKEN).await, first);
    assert_eq!(user(SECOND_TOKEN).await["authUser"]["id"], 1_000_000_012);
}

#[tokio::test]
async fn the_seeded_token_has_every_scope() {
    let sandbox = sandbox().await;
    let authorization = Request::get("/users/me/current-authorization").send(&sandbox).await.success();
    let scopes = ["managed-organizations:read", "managed-organizations:write", "organizations:read"];
    assert_eq!(authorization, json!({ "authorization": { "authUsed": "token", "scope": scopes } }));
}
