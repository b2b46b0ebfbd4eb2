//! The distributor itself, and what its token may do.

use serde_json::json;

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
async fn the_seeded_token_has_every_scope() {
    let sandbox = sandbox().await;
    let authorization = Request::get("/users/me/current-authorization").send(&sandbox).await.success();
    let scopes = ["managed-organizations:read", "managed-organizations:write", "organizations:read"];
    assert_eq!(authorization, json!({ "authorization": { "authUsed": "token", "scope": scopes } }));
}
