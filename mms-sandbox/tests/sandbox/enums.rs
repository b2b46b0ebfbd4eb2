//! Regions, countries, zones and time zones.

use serde_json::json;

use crate::http_client::{Request, sandbox};

#[tokio::test]
async fn regions_and_zones_are_those_of_make() {
    let sandbox = sandbox().await;
    let regions = Request::get("/enums/imt-regions").send(&sandbox).await.success();
    assert_eq!(regions, json!({ "imtRegions": [{ "id": 1, "name": "EU" }, { "id": 2, "name": "US" }] }));
    let zones = Request::get("/enums/imt-zones").send(&sandbox).await.success();
    let domains: Vec<_> = zones["imtZones"].as_array().unwrap().iter().map(|zone| &zone["domain"]).collect();
    assert_eq!(domains, ["eu1.make.com", "eu2.make.com", "us1.make.com", "us2.make.com"]);
    assert_eq!(zones["imtZones"][0], json!({ "id": 1, "domain": "eu1.make.com", "name": "EU1" }));
}

#[tokio::test]
async fn every_country_has_an_id_of_its_own() {
    let sandbox = sandbox().await;
    let countries = Request::get("/enums/countries").send(&sandbox).await.success();
    let countries = countries["countries"].as_array().unwrap();
    assert_eq!(countries.len(), 249);
    assert_eq!(countries[0], json!({ "id": 1, "name": "Afghanistan", "code": "AFG", "code2": "af" }));
}

#[tokio::test]
async fn a_time_zone_has_a_name_a_code_and_an_offset() {
    let sandbox = sandbox().await;
    let timezones = Request::get("/enums/timezones").send(&sandbox).await.success();
    let prague = json!({ "id": 8, "name": "(GMT+01:00) Europe/Prague", "code": "Europe/Prague", "offset": "+0100" });
    assert_eq!(timezones["timezones"].as_array().unwrap().iter().find(|zone| zone["id"] == 8), Some(&prague));
}
