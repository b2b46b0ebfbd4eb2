//! Tests of `--against` around the schemas: servers, headers, documents that cannot be compared.

use serde_json::json;
use xtask::codegen::Status;

use crate::breaking::{CHILDREN, breaks, zones};
use crate::workspace::{CONTRACT, Workspace, document, remove, text};

#[test]
fn a_server_of_an_operation_or_of_a_path_that_is_gone() {
    let servers = json!([{"url": "https://eu1.make.com/api/v2"}, {"url": "https://old.make.com/api/v2"}]);
    let expected = ["GET /enums/imt-zones: server \"https://old.make.com/api/v2\" removed"];
    breaks(|earlier, _| zones(earlier)["servers"] = servers.clone(), &expected);
    breaks(|earlier, _| earlier["paths"]["/enums/imt-zones"]["servers"] = servers.clone(), &expected);
}

#[test]
fn a_server_of_an_operation_is_no_valid_document() {
    let workspace = Workspace::with_contract(CONTRACT);
    workspace.commit();
    let mut current = document();
    zones(&mut current)["servers"] = json!([{"url": "https://old.make.com/api/v2"}]);
    workspace.write(&text(&current));
    let outcome = workspace.codegen().against("HEAD");
    assert_eq!(outcome.status(), Status::Invalid, "{outcome}");
    assert!(
        outcome.error().starts_with("error: openapi/mms.yaml: GET /enums/imt-zones: servers of its own"),
        "{outcome}"
    );
}

#[test]
fn a_documented_header_of_an_answer_that_is_gone_or_changed() {
    let location = "GET /enums/imt-zones responses 200 header retry-after";
    let header = json!({"description": "d", "required": true, "schema": {"type": "integer", "minimum": 1}});
    breaks(
        |earlier, _| zones(earlier)["responses"]["200"]["headers"]["retry-after"] = header.clone(),
        &[&format!("{location}: removed")],
    );
    breaks(
        |earlier, _| {
            // A shared one is followed.
            earlier["components"]["headers"]["wait"] = header.clone();
            zones(earlier)["responses"]["200"]["headers"]["retry-after"] = json!({"$ref": "#/components/headers/wait"});
        },
        &[&format!("{location}: removed")],
    );
    breaks(
        |earlier, current| {
            zones(earlier)["responses"]["200"]["headers"]["retry-after"] = header.clone();
            zones(current)["responses"]["200"]["headers"]["Retry-After"] =
                json!({"description": "d", "schema": {"type": "integer"}});
        },
        &[
            &format!("{location}: minimum was 1, is absent: answers may hold what callers do not expect"),
            &format!("{location}: no longer required"),
        ],
    );
}

#[test]
fn an_earlier_contract_with_one_route_twice_cannot_be_compared() {
    let mut earlier = document();
    let mut item = earlier["paths"]["/organizations/{organizationId}"].clone();
    item["parameters"] = json!([earlier["components"]["parameters"]["organizationId"].clone()]);
    item["parameters"][0]["name"] = "id".into();
    earlier["paths"]["/organizations/{id}"] = item;
    let workspace = Workspace::with_contract(&text(&earlier));
    workspace.commit();
    workspace.write(CONTRACT);
    let outcome = workspace.codegen().against("HEAD");
    assert_eq!(outcome.status(), Status::Invalid, "{outcome}");
    let expected = "/organizations/{organizationId}: the same route as /organizations/{id}\n";
    assert_eq!(outcome.error(), format!("error: HEAD:openapi/mms.yaml: {expected}"));
}

#[test]
fn an_earlier_contract_at_which_drift_panics_cannot_be_compared() {
    let mut earlier = document();
    // One parameter twice, where the current path has two.
    let mut item = remove(&mut earlier["paths"], &format!("{CHILDREN}/{{childOrganizationId}}"));
    item["parameters"] = json!([{"$ref": "#/components/parameters/organizationId"}]);
    earlier["paths"][format!("{CHILDREN}/{{organizationId}}")] = item;
    let workspace = Workspace::with_contract(&text(&earlier));
    workspace.commit();
    workspace.write(CONTRACT);
    let outcome = workspace.codegen().against("HEAD");
    assert_eq!(outcome.status(), Status::Invalid, "{outcome}");
    assert!(outcome.error().starts_with("error: HEAD:openapi/mms.yaml: drift panics: "), "{outcome}");
}
