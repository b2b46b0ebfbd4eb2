//! Tests of changes that no caller notices.

use serde_json::{Value, json};
use xtask::codegen::Status;

use crate::workspace::{Workspace, document, remove, text};

/// Changes a contract.
type Change = fn(&mut Value);

#[test]
fn a_compatible_change_is_compatible() {
    let changes: [(&str, Change); 15] = [
        ("prose", |it| it["components"]["schemas"]["Zone"]["description"] = "Another one.".into()),
        ("prose of an answer", |it| it["components"]["responses"]["server_error"]["description"] = "It failed.".into()),
        ("an example", |it| it["components"]["schemas"]["UserName"]["example"] = "Bo Owner".into()),
        ("a tag", |it| it["paths"]["/enums/imt-zones"]["get"]["tags"] = json!(["Zones"])),
        ("a new operation", |it| {
            let mut operation = it["paths"]["/enums/imt-zones"]["get"].clone();
            operation["operationId"] = "list_languages".into();
            it["paths"]["/enums/languages"]["get"] = operation;
        }),
        ("an optional property of an answer", |it| {
            it["components"]["schemas"]["Zone"]["properties"]["country"] = json!({"type": "string"});
        }),
        ("an optional property of a request", |it| {
            let schema = &mut it["components"]["schemas"]["CreateChildOrganizationRequest"];
            schema["properties"]["note"] = json!({"type": "string"});
        }),
        ("an optional parameter", |it| {
            it["paths"]["/enums/imt-zones"]["get"]["parameters"] =
                json!([{"$ref": "#/components/parameters/pageLimit"}]);
        }),
        ("a property that a request may leave out", |it| {
            it["components"]["schemas"]["UpdateAllocationRequest"]["required"] = json!([]);
        }),
        ("a property that an answer always has", |it| {
            it["components"]["schemas"]["License"]["required"] = json!(["operations"]);
        }),
        ("a wider range in a request", |it| it["components"]["schemas"]["PageLimit"]["minimum"] = 0.into()),
        ("a narrower range in an answer", |it| it["components"]["schemas"]["UserId"]["minimum"] = 2.into()),
        ("no pattern in a request", |it| drop(remove(&mut it["components"]["schemas"]["UserName"], "pattern"))),
        ("a scope less", |it| {
            it["paths"]["/organizations/{organizationId}"]["get"]["x-required-scopes"] = json!([]);
        }),
        ("one more server", |it| {
            it["servers"].as_array_mut().unwrap().push(json!({"url": "https://eu3.make.com/api/v2"}));
        }),
    ];
    let workspace = Workspace::with_contract(&text(&document()));
    workspace.commit();
    for (name, change) in changes {
        let mut current = document();
        change(&mut current);
        assert_ne!(current, document(), "{name}");
        workspace.write(&text(&current));
        let outcome = workspace.codegen().against("HEAD");
        assert_eq!(outcome.status(), Status::Fresh, "{name}: {outcome}");
        assert!(outcome.report().contains("  Compatible openapi/mms.yaml with HEAD\n"), "{name}: {outcome}");
    }
}

#[test]
fn what_is_shared_may_be_written_in_place() {
    let workspace = Workspace::with_contract(&text(&document()));
    workspace.commit();
    let mut changed = document();
    let shared = remove(&mut changed["paths"]["/organizations/{organizationId}"], "parameters");
    let operation = &mut changed["paths"]["/organizations/{organizationId}"]["get"];
    operation["parameters"] = shared;
    operation["responses"]["5XX"] = document()["components"]["responses"]["server_error"].clone();
    workspace.write(&text(&changed));
    let outcome = workspace.codegen().against("HEAD");
    assert!(outcome.is_fresh(), "{outcome}");
}
