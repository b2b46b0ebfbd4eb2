//! Tests of changes that break callers: each is named once, with its location.

use serde_json::{Value, json};
use xtask::codegen::Status;

use crate::workspace::{Workspace, document, remove, text};

pub(crate) const CHILDREN: &str = "/organizations/{organizationId}/managed-organizations";

/// Changes the earlier and the current contract and expects exactly these findings.
pub(crate) fn breaks(change: impl FnOnce(&mut Value, &mut Value), expected: &[&str]) {
    let (mut earlier, mut current) = (document(), document());
    change(&mut earlier, &mut current);
    let workspace = Workspace::with_contract(&text(&earlier));
    workspace.commit();
    workspace.write(&text(&current));
    let outcome = workspace.codegen().against("HEAD");
    let findings: Vec<&str> = outcome.report().lines().filter_map(|line| line.strip_prefix("    Breaking ")).collect();
    assert_eq!(findings, expected, "{outcome}");
    assert_eq!(outcome.status(), Status::Stale);
    let summary = format!("Incompatible openapi/mms.yaml with HEAD: {} breaking\n", expected.len());
    assert!(outcome.report().contains(&summary), "{outcome}");
}

fn schema<'a>(document: &'a mut Value, name: &str) -> &'a mut Value {
    &mut document["components"]["schemas"][name]
}

fn property<'a>(document: &'a mut Value, name: &str, property: &str) -> &'a mut Value {
    &mut schema(document, name)["properties"][property]
}

pub(crate) fn zones(document: &mut Value) -> &mut Value {
    &mut document["paths"]["/enums/imt-zones"]["get"]
}

#[test]
fn an_operation_that_is_gone() {
    breaks(
        |earlier, _| {
            let mut operation = zones(earlier).clone();
            operation["operationId"] = "list_languages".into();
            earlier["paths"]["/enums/languages"]["get"] = operation;
        },
        &["GET /enums/languages: The operation list_languages was removed"],
    );
}

#[test]
fn an_operation_of_another_name() {
    breaks(
        |_, current| zones(current)["operationId"] = "list_installations".into(),
        &["GET /enums/imt-zones: operationId was \"list_zones\", is \"list_installations\""],
    );
}

#[test]
fn an_operation_of_another_kind() {
    breaks(
        |_, current| current["paths"][CHILDREN]["post"]["x-operation-kind"] = "absolute_write".into(),
        &["POST /organizations/{organizationId}/managed-organizations: x-operation-kind was \"create\", is \
           \"absolute_write\""],
    );
}

#[test]
fn an_operation_that_needs_one_scope_more() {
    breaks(
        |_, current| zones(current)["x-required-scopes"] = json!(["zones:read"]),
        &["GET /enums/imt-zones: x-required-scopes has \"zones:read\" more: tokens that were enough are refused"],
    );
}

#[test]
fn another_way_to_be_authorized() {
    breaks(
        |_, current| zones(current)["security"] = json!([]),
        &["GET /enums/imt-zones: security was [{\"apiToken\":[]}], is []"],
    );
    breaks(
        |_, current| current["components"]["securitySchemes"]["apiToken"]["name"] = "X-Token".into(),
        &["security scheme apiToken: changed or removed"],
    );
}

#[test]
fn a_server_that_is_gone() {
    breaks(
        |earlier, _| earlier["servers"].as_array_mut().unwrap().push(json!({"url": "https://eu9.make.com/api/v2"})),
        &["servers: \"https://eu9.make.com/api/v2\" removed"],
    );
}

#[test]
fn a_schema_of_another_name() {
    breaks(
        |earlier, _| {
            let region = remove(&mut earlier["components"]["schemas"], "Region");
            earlier["components"]["schemas"]["Area"] = region;
            property(earlier, "RegionList", "imtRegions")["items"]["$ref"] = "#/components/schemas/Area".into();
        },
        &[
            "schema Area: removed or renamed",
            "schema RegionList.imtRegions items: was #/components/schemas/Area, is #/components/schemas/Region",
        ],
    );
}

#[test]
fn a_property_that_refers_to_another_schema_of_the_same_structure() {
    breaks(
        |_, current| *property(current, "Zone", "id") = json!({"$ref": "#/components/schemas/RegionId"}),
        &["schema Zone.id: was #/components/schemas/ZoneId, is #/components/schemas/RegionId"],
    );
}

#[test]
fn a_request_that_needs_one_property_more() {
    let refused = "what callers send may be refused";
    breaks(
        |_, current| {
            *property(current, "UpdateAllocationRequest", "reason") = json!({"type": "string"});
            schema(current, "UpdateAllocationRequest")["required"] = json!(["operations", "reason"]);
            let content =
                &mut current["paths"][format!("{CHILDREN}/{{childOrganizationId}}")]["patch"]["requestBody"]["content"];
            let examples = &mut content["application/json"]["examples"];
            examples.as_object_mut().unwrap().values_mut().for_each(|it| it["value"]["reason"] = "top-up".into());
        },
        &[&format!("schema UpdateAllocationRequest.reason: is new and required: {refused}")],
    );
    breaks(
        |earlier, _| schema(earlier, "UpdateAllocationRequest")["required"] = json!([]),
        &[&format!("schema UpdateAllocationRequest.operations: was optional, is required: {refused}")],
    );
}

#[test]
fn an_answer_that_may_leave_a_property_out() {
    breaks(
        |_, current| schema(current, "Zone")["required"] = json!(["id"]),
        &["schema Zone.domain: was required, is optional: answers may hold what callers do not expect"],
    );
}

#[test]
fn a_property_that_is_gone() {
    breaks(
        |_, current| drop(remove(&mut schema(current, "License")["properties"], "apiLimit")),
        &["schema License.apiLimit: the property is gone"],
    );
    breaks(
        |earlier, _| *property(earlier, "UpdateAllocationRequest", "reason") = json!({"type": "string"}),
        &["schema UpdateAllocationRequest.reason: the property is gone"],
    );
}

#[test]
fn a_property_of_another_type() {
    breaks(
        |earlier, _| *property(earlier, "License", "apiLimit") = json!({"type": "string"}),
        &[
            "schema License.apiLimit: format was absent, is \"int64\"",
            "schema License.apiLimit: type was \"string\", is \"integer\"",
        ],
    );
    breaks(
        |earlier, _| property(earlier, "Organization", "nextReset")["format"] = "date".into(),
        &["schema Organization.nextReset: format was \"date\", is \"date-time\""],
    );
}

#[test]
fn a_list_of_something_else() {
    breaks(
        |earlier, _| {
            *property(earlier, "CurrentAuthorization", "scope") =
                json!({"type": "array", "items": {"type": "integer"}});
        },
        &["schema CurrentAuthorization.scope items: type was \"integer\", is \"string\""],
    );
}

#[test]
fn a_request_that_allows_less() {
    let refused = "what callers send may be refused";
    breaks(
        |_, current| schema(current, "PageLimit")["maximum"] = 100.into(),
        &[&format!("schema PageLimit: maximum was 2147483647, is 100: {refused}")],
    );
    breaks(
        |earlier, _| schema(earlier, "Operations")["multipleOf"] = 5_000.into(),
        &[&format!("schema Operations: multipleOf was 5000, is 10000: {refused}")],
    );
    breaks(
        |_, current| schema(current, "UserName")["maxLength"] = 40.into(),
        &[&format!("schema UserName: maxLength was absent, is 40: {refused}")],
    );
    breaks(
        |_, current| schema(current, "EmailAddress")["pattern"] = "@".into(),
        &[&format!("schema EmailAddress: pattern was absent, is \"@\": {refused}")],
    );
    breaks(
        |_, current| schema(current, "UpdateAllocationRequest")["additionalProperties"] = false.into(),
        &[&format!("schema UpdateAllocationRequest: additionalProperties was absent, is false: {refused}")],
    );
}

#[test]
fn a_pattern_that_cannot_be_compared() {
    breaks(
        |_, current| schema(current, "Centicredits")["pattern"] = "^-?[0-9]+$".into(),
        &["schema Centicredits: pattern was \"^[0-9]+$\", is \"^-?[0-9]+$\""],
    );
}

#[test]
fn an_answer_that_allows_more() {
    let unexpected = "answers may hold what callers do not expect";
    breaks(
        |_, current| schema(current, "UserId")["minimum"] = 0.into(),
        &[&format!("schema UserId: minimum was 1, is 0: {unexpected}")],
    );
    breaks(
        |_, current| property(current, "Zone", "name")["nullable"] = true.into(),
        &[&format!("schema Zone.name: nullable was absent, is true: {unexpected}")],
    );
    breaks(
        |earlier, current| {
            property(earlier, "License", "restartPeriod")["enum"] = json!(["monthly"]);
            property(current, "License", "restartPeriod")["enum"] = json!(["annual", "monthly"]);
        },
        &[&format!("schema License.restartPeriod: enum was [\"monthly\"], is [\"annual\",\"monthly\"]: {unexpected}")],
    );
}

#[test]
fn a_schema_of_requests_and_answers_may_become_neither_wider_nor_narrower() {
    for (minimum, harm) in [(0, "answers may hold what callers do not expect"), (2, "what callers send may be refused")]
    {
        breaks(
            |_, current| schema(current, "OrganizationId")["minimum"] = minimum.into(),
            &[&format!("schema OrganizationId: minimum was 1, is {minimum}: {harm}")],
        );
    }
}

#[test]
fn what_no_rule_can_judge() {
    breaks(
        |_, current| *property(current, "Zone", "name") = json!({"oneOf": [{"type": "string"}]}),
        &[
            "schema Zone.name: oneOf was absent, is [{\"type\":\"string\"}]",
            "schema Zone.name: type was \"string\", is absent",
        ],
    );
    breaks(
        |_, current| schema(current, "PageLimit")["default"] = 50.into(),
        &["schema PageLimit: default was absent, is 50"],
    );
}

#[test]
fn a_change_below_one_of_several_alternatives() {
    breaks(
        |earlier, current| {
            for document in [earlier, &mut *current] {
                *property(document, "Organization", "license") = json!({"allOf": [
                    {"$ref": "#/components/schemas/License"},
                    {"$ref": "#/components/schemas/Pagination"},
                ]});
            }
            drop(remove(&mut schema(current, "License")["properties"], "apiLimit"));
        },
        &["schema License.apiLimit: the property is gone"],
    );
}

#[test]
fn what_drift_calls_unhandled_and_no_rule_clears() {
    breaks(
        |earlier, _| zones(earlier)["responses"]["default"] = json!({"description": "Anything else."}),
        &["GET /enums/imt-zones: operation removed a default response"],
    );
}

#[test]
fn a_parameter_that_is_gone_or_newly_required() {
    breaks(
        |_, current| {
            current["paths"][CHILDREN]["get"]["parameters"] = json!([{"$ref": "#/components/parameters/pageLimit"}]);
        },
        &["GET /organizations/{organizationId}/managed-organizations: The parameter 'pg[offset]' was removed"],
    );
    breaks(
        |_, current| current["components"]["parameters"]["pageLimit"]["required"] = true.into(),
        &[
            "GET /organizations/{organizationId}/managed-organizations: The parameter 'pg[limit]' was optional and is now \
           required",
        ],
    );
    breaks(
        |_, current| {
            zones(current)["parameters"] = json!([{"name": "q", "in": "query", "required": true, "description": "d",
                "example": 1, "schema": {"$ref": "#/components/schemas/PageLimit"}}]);
        },
        &["GET /enums/imt-zones: A new, required parameter 'q' was added"],
    );
}

#[test]
fn a_parameter_that_is_written_in_another_way() {
    breaks(
        |_, current| current["components"]["parameters"]["pageLimit"]["explode"] = false.into(),
        &[
            "GET /organizations/{organizationId}/managed-organizations parameter \"pg[limit]\": explode was null, is false",
        ],
    );
}

#[test]
fn a_path_parameter_of_another_name() {
    breaks(
        |_, current| {
            let item = remove(&mut current["paths"], "/organizations/{organizationId}");
            current["paths"]["/organizations/{id}"] = item;
            let mut parameter = current["components"]["parameters"]["organizationId"].clone();
            parameter["name"] = "id".into();
            current["paths"]["/organizations/{id}"]["parameters"] = json!([parameter]);
        },
        &["GET /organizations/{organizationId}: path parameter \"organizationId\" is now \"id\""],
    );
}

#[test]
fn a_request_body_that_is_gone_or_new() {
    let location = "POST /organizations/{organizationId}/managed-organizations";
    breaks(
        |_, current| drop(remove(&mut current["paths"][CHILDREN]["post"], "requestBody")),
        &[&format!("{location}: the request body is gone")],
    );
    breaks(
        |earlier, _| drop(remove(&mut earlier["paths"][CHILDREN]["post"], "requestBody")),
        &[&format!("{location}: no body parameter was specified and now one is required")],
    );
}

#[test]
fn an_answer_with_another_status() {
    breaks(
        |earlier, _| drop(remove(&mut zones(earlier)["responses"], "4XX")),
        &["GET /enums/imt-zones: operation added a new response code 4XX"],
    );
}

#[test]
fn a_media_type_that_is_gone_or_new() {
    let csv = json!({"schema": {"type": "string"}});
    breaks(
        |earlier, _| zones(earlier)["responses"]["200"]["content"]["text/csv"] = csv.clone(),
        &["GET /enums/imt-zones responses 200: media type text/csv is gone"],
    );
    breaks(
        |_, current| zones(current)["responses"]["200"]["content"]["text/csv"] = csv.clone(),
        &["GET /enums/imt-zones responses 200: media type text/csv is new: callers do not expect it"],
    );
}

#[test]
fn several_changes_are_listed_by_place() {
    breaks(
        |_, current| {
            zones(current)["operationId"] = "list_installations".into();
            schema(current, "PageLimit")["maximum"] = 100.into();
            schema(current, "Zone")["required"] = json!(["id"]);
        },
        &[
            "GET /enums/imt-zones: operationId was \"list_zones\", is \"list_installations\"",
            "schema PageLimit: maximum was 2147483647, is 100: what callers send may be refused",
            "schema Zone.domain: was required, is optional: answers may hold what callers do not expect",
        ],
    );
}
