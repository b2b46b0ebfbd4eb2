//! Tests of every rule, broken once: the message names the location and what is wrong.

use mms_codegen::{Contract, DocumentKind};
use serde_json::{Value, json};

use crate::{breaks, changed, remove, zones};

fn create(document: &mut Value) -> &mut Value {
    &mut document["paths"]["/organizations/{organizationId}/managed-organizations"]["post"]
}

#[test]
fn the_contract_of_this_workspace_keeps_every_rule() {
    assert!(Contract::from_document(DocumentKind::CONTRACT, changed(|_| {})).is_ok());
}

#[test]
fn a_version_other_than_3_0_is_refused() {
    for version in ["3.1.0", "3.0.banana", "3.0.", "3.0"] {
        breaks(&format!("openapi: {version:?} is not 3.0.x, which is all that progenitor reads"), |it| {
            it["openapi"] = version.into();
        });
    }
}

#[test]
fn a_version_that_cannot_travel_in_a_header_is_refused() {
    for version in ["1.0 β", "1.0\n", "1.0\u{7f}", "1 0", ""] {
        breaks(&format!("info.version: {version:?} is not visible ASCII: it travels in a header"), |it| {
            it["info"]["version"] = version.into();
        });
    }
}

#[test]
fn a_server_is_an_https_host_with_the_base_path() {
    breaks("servers: the document has no server", |it| {
        remove(it, "servers");
    });
    for url in [
        "http://eu1.make.com/api/v2",
        "https://{zone}/api/v2",
        "https://eu1.make.com/api/v3",
        "https://eu1.make.com/api/v2/",
        "https:///api/v2",
        "https://user@eu1.make.com/api/v2",
    ] {
        breaks(&format!("servers: {url:?} is not https://, a host and /api/v2"), |it| {
            it["servers"][0]["url"] = url.into();
        });
    }
}

#[test]
fn a_parameter_has_the_style_that_progenitor_takes() {
    let location = "GET /organizations/{organizationId}/managed-organizations";
    breaks(&format!("{location}: parameter \"pg[limit]\": progenitor takes no style \"deepObject\""), |it| {
        it["components"]["parameters"]["pageLimit"]["style"] = "deepObject".into();
    });
}

#[test]
fn an_answer_is_an_object() {
    breaks(
        "GET /enums/imt-zones: response \"200\": the schema is no object, which is all that the client reads",
        |it| {
            zones(it)["responses"]["200"]["content"]["application/json"]["schema"]["$ref"] =
                "#/components/schemas/ZoneId".into();
        },
    );
}

#[test]
fn an_inline_object_is_found_wherever_it_hides() {
    for (schema, location) in [
        (json!({"type": "object", "additionalProperties": {"type": "object"}}), "schema Zone additionalProperties"),
        (json!({"allOf": [{"type": "object"}]}), "schema Zone allOf"),
        (json!({"type": "array", "items": {"oneOf": [{"properties": {}}]}}), "schema Zone items oneOf"),
    ] {
        breaks(&format!("{location}: an inline object: give it a name under components.schemas"), |it| {
            it["components"]["schemas"]["Zone"] = schema;
        });
    }
}

#[test]
fn a_document_without_operations_is_refused() {
    breaks("paths: the document has no operation", |it| it["paths"] = json!({}));
}

#[test]
fn every_operation_has_an_id_in_snake_case() {
    breaks("GET /enums/imt-zones: operationId \"listZones\" is not in snake case", |it| {
        zones(it)["operationId"] = "listZones".into();
    });
    breaks("GET /enums/imt-zones: operationId \"\" is not in snake case", |it| {
        remove(zones(it), "operationId");
    });
}

#[test]
fn an_operation_id_stands_once() {
    for id in ["list_zones", "list__zones"] {
        breaks(&format!("GET /enums/timezones: operationId {id:?} stands twice, underscores aside"), |it| {
            it["paths"]["/enums/timezones"]["get"]["operationId"] = id.into();
        });
    }
}

#[test]
fn every_operation_has_summary_description_and_tag() {
    breaks("GET /enums/imt-zones: summary is missing", |it| {
        remove(zones(it), "summary");
    });
    breaks("GET /enums/imt-zones: description is missing", |it| zones(it)["description"] = "".into());
    breaks("GET /enums/imt-zones: a tag is missing", |it| zones(it)["tags"] = json!([]));
}

#[test]
fn every_operation_has_a_kind_that_fits_its_method() {
    let location = "POST /organizations/{organizationId}/managed-organizations";
    breaks(&format!("{location}: x-operation-kind is null: expected read, absolute_write or create"), |it| {
        remove(create(it), "x-operation-kind");
    });
    breaks(&format!("{location}: x-operation-kind is \"write\": expected read, absolute_write or create"), |it| {
        create(it)["x-operation-kind"] = "write".into();
    });
    breaks(&format!("{location}: x-operation-kind \"read\" does not fit the method"), |it| {
        create(it)["x-operation-kind"] = "read".into();
    });
    breaks("GET /enums/imt-zones: x-operation-kind \"create\" does not fit the method", |it| {
        zones(it)["x-operation-kind"] = "create".into();
    });
}

#[test]
fn every_operation_lists_its_scopes() {
    let expected = "GET /enums/imt-zones: x-required-scopes is not a list of scopes (empty where any token will do)";
    breaks(expected, |it| {
        remove(zones(it), "x-required-scopes");
    });
    for scope in [json!(7), json!(""), json!("zones read")] {
        breaks(expected, |it| zones(it)["x-required-scopes"] = json!([scope]));
    }
}

#[test]
fn a_parameter_refers_to_a_named_schema() {
    let parameter =
        json!({"name": "q", "in": "query", "description": "d", "example": 1, "schema": {"type": "integer"}});
    breaks("GET /enums/imt-zones: parameter \"q\": the schema is no $ref to a named schema", |it| {
        zones(it)["parameters"] = json!([parameter]);
    });
}

#[test]
fn a_parameter_has_description_and_example() {
    let expected = "GET /organizations/{organizationId}/managed-organizations: parameter \"pg[limit]\": description or \
                    example is missing";
    breaks(expected, |it| {
        remove(&mut it["components"]["parameters"]["pageLimit"], "description");
    });
    breaks(expected, |it| {
        remove(&mut it["components"]["parameters"]["pageLimit"], "example");
    });
}

#[test]
fn a_path_parameter_is_required() {
    breaks(
        "PATCH /organizations/{organizationId}/managed-organizations/{childOrganizationId}: parameter \
         \"childOrganizationId\": a path parameter must be required",
        |it| it["components"]["parameters"]["childOrganizationId"]["required"] = false.into(),
    );
}

#[test]
fn a_cookie_parameter_is_refused() {
    breaks(
        "GET /organizations/{organizationId}/managed-organizations: parameter \"pg[limit]\": \"cookie\" is not path, \
         query or header",
        |it| it["components"]["parameters"]["pageLimit"]["in"] = "cookie".into(),
    );
}

#[test]
fn path_and_parameters_name_the_same() {
    breaks("GET /organizations/{organizationId}: path and parameters disagree about \"organizationId\"", |it| {
        remove(&mut it["paths"]["/organizations/{organizationId}"], "parameters");
    });
    breaks("GET /enums/imt-zones: path and parameters disagree about \"organizationId\"", |it| {
        zones(it)["parameters"] = json!([{"$ref": "#/components/parameters/organizationId"}]);
    });
}

#[test]
fn a_brace_has_its_partner() {
    breaks("/enums/{zones: the path has a brace without its partner", |it| {
        let item = it["paths"].as_object_mut().unwrap().remove("/enums/imt-zones").unwrap();
        it["paths"]["/enums/{zones"] = item;
    });
}

#[test]
fn a_request_body_is_required_json_of_a_named_schema_with_an_example() {
    let location = "POST /organizations/{organizationId}/managed-organizations";
    breaks(&format!("{location}: requestBody: not required, so that a caller could leave it out"), |it| {
        remove(&mut create(it)["requestBody"], "required");
    });
    breaks(
        &format!(
            "{location}: requestBody: media types [\"application/json\", \"text/plain\"]: expected application/json alone"
        ),
        |it| create(it)["requestBody"]["content"]["text/plain"] = json!({"schema": {"type": "string"}}),
    );
    breaks(&format!("{location}: requestBody: application/json with a $ref to a named schema is missing"), |it| {
        create(it)["requestBody"]["content"]["application/json"]["schema"] = json!({"type": "string"});
    });
    breaks(&format!("{location}: requestBody: an example is missing"), |it| {
        create(it)["requestBody"]["content"]["application/json"]["examples"] = json!({});
    });
}

#[test]
fn only_200_4xx_and_5xx_are_answers() {
    for status in ["201", "404", "default"] {
        let expected = format!(
            "GET /enums/imt-zones: response {status:?}: the generator can take only \"200\", \"4XX\" and \"5XX\""
        );
        breaks(&expected, |it| zones(it)["responses"][status] = zones(it)["responses"]["200"].clone());
    }
}

#[test]
fn each_of_200_4xx_and_5xx_is_there() {
    for status in ["200", "4XX", "5XX"] {
        let expected = format!("GET /enums/imt-zones: response {status:?} is missing");
        breaks(&expected, |it| {
            remove(&mut zones(it)["responses"], status);
        });
    }
}

#[test]
fn an_answer_has_description_named_schema_and_example() {
    let location = "GET /enums/imt-zones: response \"200\"";
    breaks(&format!("{location}: description is missing"), |it| {
        zones(it)["responses"]["200"]["description"] = "".into();
    });
    breaks(&format!("{location}: application/json with a $ref to a named schema is missing"), |it| {
        zones(it)["responses"]["200"]["content"]["application/json"]["schema"] = json!({"type": "array", "items": {}});
    });
    breaks(&format!("{location}: an example is missing"), |it| {
        remove(&mut zones(it)["responses"]["200"]["content"]["application/json"], "examples");
    });
}

#[test]
fn every_error_is_the_one_error_schema() {
    breaks(
        "GET /organizations/{organizationId}: response \"4XX\": application/json is not the one error schema, \
         #/components/schemas/ApiError",
        |it| {
            let operation = &mut it["paths"]["/organizations/{organizationId}"]["get"];
            let schema = &mut operation["responses"]["4XX"]["content"]["application/json"]["schema"];
            schema["$ref"] = "#/components/schemas/ApiSuberror".into();
        },
    );
}

#[test]
fn an_error_may_be_text_and_a_server_error_a_page() {
    let location = "GET /enums/imt-zones: response";
    breaks(&format!("{location} \"4XX\": text/plain with an example is missing"), |it| {
        let mut response = it["components"]["responses"]["look_up_refused"].clone();
        remove(&mut response["content"], "text/plain");
        zones(it)["responses"]["4XX"] = response;
    });
    breaks(&format!("{location} \"5XX\": text/html with an example is missing"), |it| {
        let mut response = it["components"]["responses"]["server_error"].clone();
        remove(&mut response["content"]["text/html"], "examples");
        zones(it)["responses"]["5XX"] = response;
    });
}

#[test]
fn every_object_has_a_name() {
    let expected = "an inline object: give it a name under components.schemas";
    breaks(&format!("schema Zone.name: {expected}"), |it| {
        it["components"]["schemas"]["Zone"]["properties"]["name"] = json!({"type": "object"});
    });
    breaks(&format!("schema ZoneList.imtZones items: {expected}"), |it| {
        it["components"]["schemas"]["ZoneList"]["properties"]["imtZones"]["items"] = json!({"properties": {}});
    });
    breaks(&format!("schema Centicredits items: {expected}"), |it| {
        it["components"]["schemas"]["Centicredits"] = json!({"type": "array", "items": {"type": "object"}});
    });
}

#[test]
fn every_schema_has_a_type_and_every_type_a_schema() {
    breaks("schema Colour: no type of mms-types owns it: add one to the registry there", |it| {
        it["components"]["schemas"]["Colour"] = json!({"type": "string"});
    });
    breaks("type UserId of mms-types: the document has no schema of this name", |it| {
        for (owner, property) in [("CreatedChildOrganization", "userId"), ("CurrentUser", "id")] {
            it["components"]["schemas"][owner]["properties"][property] =
                json!({"$ref": "#/components/schemas/OrganizationId"});
        }
        remove(&mut it["components"]["schemas"], "UserId");
    });
}

#[test]
fn a_reference_leads_somewhere() {
    breaks(
        "GET /enums/imt-zones responses/200/content/application/json/examples/more: $ref \"#/components/examples/typo\" \
         leads nowhere",
        |it| {
            let examples = &mut zones(it)["responses"]["200"]["content"]["application/json"]["examples"];
            examples["more"] = json!({"$ref": "#/components/examples/typo"});
        },
    );
}

#[test]
fn a_reference_does_not_lead_back_to_itself() {
    breaks("components/examples/loop: $ref \"#/components/examples/loop\" leads back to itself", |it| {
        it["components"]["examples"]["loop"] = json!({"$ref": "#/components/examples/loop"});
    });
}

#[test]
fn the_value_of_an_example_may_look_like_a_reference() {
    let document = changed(|it| it["components"]["examples"]["any"] = json!({"value": {"$ref": "anything"}}));
    assert!(Contract::from_document(DocumentKind::CONTRACT, document).is_ok());
}

#[test]
fn a_reference_stands_alone() {
    breaks(
        "schema Zone properties/id: $ref \"#/components/schemas/ZoneId\" has other keys beside it, which 3.0 ignores",
        |it| it["components"]["schemas"]["Zone"]["properties"]["id"]["description"] = "ignored".into(),
    );
}

#[test]
fn nullable_stands_beside_a_type() {
    breaks("schema Zone properties/name: nullable without a type beside it", |it| {
        it["components"]["schemas"]["Zone"]["properties"]["name"] = json!({"nullable": true});
    });
}

#[test]
fn code_in_prose_is_fenced_and_names_its_language() {
    let expected = "code in a description becomes a failing doctest: fence it with ```text, not indented or quoted";
    for text in
        ["```\ncode\n```", "~~~\ncode\n~~~", "> ```\n> code\n> ```", "```no_run\ncode\n```", "Zones.\n\n    code"]
    {
        breaks(&format!("GET /enums/imt-zones: {expected}"), |it| zones(it)["description"] = text.into());
        breaks(&format!("info: {expected}"), |it| it["info"]["description"] = text.into());
        breaks(&format!("components/parameters/pageLimit: {expected}"), |it| {
            it["components"]["parameters"]["pageLimit"]["description"] = text.into();
        });
    }
}
