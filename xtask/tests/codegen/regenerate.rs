//! Tests of the canonical form: it is written where contract and types agree.

use std::fs;

use mms_codegen::DocumentKind;
use serde_json::{Value, json};
use xtask::codegen::Status;

use crate::workspace::{CONTRACT, Workspace};

#[test]
fn the_canonical_form_is_sorted_and_ends_with_one_newline() {
    let workspace = Workspace::fresh();
    let written = fs::read_to_string(workspace.json()).unwrap();
    assert!(written.starts_with("{\n  \"components\": {\n    \"examples\": {\n"), "{}", &written[..80]);
    assert!(written.ends_with("}\n") && !written.ends_with("\n\n"));
    assert!(
        written.contains("\"required\": [\n          \"newChildOperations\",\n          \"newParentOperations\"\n")
    );
}

#[test]
fn the_canonical_form_keeps_prose_examples_and_extensions_of_the_contract() {
    let workspace = Workspace::fresh();
    let written: Value = serde_json::from_str(&fs::read_to_string(workspace.json()).unwrap()).unwrap();
    let schemas = &written["components"]["schemas"];
    assert_eq!(schemas["Operations"]["example"], 10_000);
    assert_eq!(schemas["Zone"]["properties"]["domain"]["description"], "The zone's host.");
    assert_eq!(schemas["Zone"]["properties"]["id"], json!({"$ref": "#/components/schemas/ZoneId"}));
    assert_eq!(written["paths"]["/enums/imt-zones"]["get"]["x-operation-kind"], "read");
    assert_eq!(written["servers"].as_array().unwrap().len(), 6);
}

#[test]
fn the_canonical_form_says_what_the_contract_says() {
    let workspace = Workspace::fresh();
    let written = fs::read_to_string(workspace.json()).unwrap();
    let again = Workspace::with_contract(&written);
    assert!(again.codegen().regenerate().is_fresh());
    assert_eq!(fs::read_to_string(again.json()).unwrap(), written);
}

#[test]
fn a_first_run_writes_and_a_second_one_leaves_the_file_alone() {
    let workspace = Workspace::with_contract(CONTRACT);
    let first = workspace.codegen().regenerate();
    assert_eq!(
        first.to_string(),
        "       Valid openapi/mms.yaml: 12 operations
       Valid openapi/sandbox.yaml: 20 operations
       Fresh mms-types: 43 schemas of openapi/mms.yaml
       Fresh mms-types: 48 schemas of openapi/sandbox.yaml
       Wrote openapi/mms.json
       Wrote openapi/sandbox.json
"
    );
    let files = workspace.files();
    let second = workspace.codegen().regenerate();
    assert!(
        second.report().ends_with("       Fresh openapi/mms.json\n       Fresh openapi/sandbox.json\n"),
        "{second}"
    );
    assert_eq!(workspace.files(), files);
}

#[test]
fn a_changed_description_is_written() {
    let workspace = Workspace::fresh();
    workspace.edit("The zone's host.", "The host of the zone.");
    assert!(workspace.codegen().regenerate().is_fresh());
    assert!(fs::read_to_string(workspace.json()).unwrap().contains("The host of the zone."));
    assert!(workspace.codegen().check().is_fresh());
}

#[test]
fn a_changed_structure_of_the_contract_is_stale_and_writes_nothing() {
    let workspace = Workspace::fresh();
    workspace.edit("required: [id, domain]", "required: [id]");
    let files = workspace.files();
    let outcome = workspace.codegen().regenerate();
    assert_eq!(outcome.status(), Status::Stale);
    assert_eq!(workspace.files(), files);
    let expected = "       Stale schema Zone: openapi/mms.yaml and the type disagree
--- openapi/mms.yaml schema Zone
+++ mms-types Zone
@@ -11,6 +11,7 @@
     }
   },
   \"required\": [
+    \"domain\",
     \"id\"
   ],
   \"type\": \"object\"
       Fresh mms-types: 48 schemas of openapi/sandbox.yaml
             nothing was written: change openapi/mms.yaml or the type until both say the same, then
        run: cargo xtask codegen
";
    assert!(outcome.report().ends_with(expected), "{outcome}");
    assert_eq!(outcome.error(), "");
}

#[test]
fn a_changed_type_is_stale_and_writes_nothing() {
    let workspace = Workspace::fresh();
    let files = workspace.files();
    let mut rendered = mms_types::schemas();
    rendered["PageLimit"]["maximum"] = json!(100);
    let outcome = workspace.codegen().with_schemas(DocumentKind::CONTRACT, rendered).regenerate();
    assert_eq!(outcome.status(), Status::Stale);
    assert_eq!(workspace.files(), files);
    for line in [
        "       Stale schema PageLimit: openapi/mms.yaml and the type disagree\n",
        "-  \"maximum\": 2147483647,\n",
        "+  \"maximum\": 100,\n",
        "        run: cargo xtask codegen\n",
    ] {
        assert!(outcome.report().contains(line), "{line}{outcome}");
    }
}

/// Changes the schema of a type.
type Change = fn(&mut Value);

#[test]
fn every_kind_of_difference_between_contract_and_types_is_seen() {
    let changes: [(&str, Change); 9] = [
        ("Zone", |schema| schema["properties"]["name"]["type"] = "integer".into()),
        ("Zone", |schema| schema["properties"]["id"]["allOf"][0]["$ref"] = "#/components/schemas/UserId".into()),
        ("Zone", |schema| schema["properties"]["more"] = json!({"type": "string"})),
        ("Zone", |schema| schema["additionalProperties"] = false.into()),
        ("ZoneList", |schema| schema["properties"]["imtZones"]["items"] = json!({"type": "string"})),
        ("Organization", |schema| schema["properties"]["nextReset"]["nullable"] = false.into()),
        ("EmailAddress", |schema| schema["format"] = "idn-email".into()),
        ("UserName", |schema| schema["pattern"] = "^.+$".into()),
        ("License", |schema| schema["properties"]["restartPeriod"]["enum"] = json!(["monthly", "annual"])),
    ];
    let workspace = Workspace::fresh();
    for (name, change) in changes {
        let mut rendered = mms_types::schemas();
        change(&mut rendered[name]);
        let outcome = workspace.codegen().with_schemas(DocumentKind::CONTRACT, rendered).check();
        assert_eq!(outcome.status(), Status::Stale, "{name}");
        assert!(outcome.report().contains(&format!("Stale schema {name}:")), "{outcome}");
    }
}

#[test]
fn a_type_that_is_gone_or_new_is_stale() {
    let workspace = Workspace::fresh();
    let mut rendered = mms_types::schemas();
    let zone = rendered.remove("Zone").unwrap();
    rendered.insert("Zones".to_owned(), zone);
    let outcome = workspace.codegen().with_schemas(DocumentKind::CONTRACT, rendered).regenerate();
    assert_eq!(outcome.status(), Status::Stale);
    assert!(outcome.report().contains("Stale schema Zone:") && outcome.report().contains("Stale schema Zones:"));
}

#[test]
fn two_ways_to_say_the_same_agree() {
    let workspace = Workspace::fresh();
    let mut rendered = mms_types::schemas();
    rendered["PageLimit"]["minimum"] = json!(1.0);
    rendered["Zone"]["required"] = json!(["domain", "id"]);
    rendered["Zone"]["properties"]["name"]["description"] = "Prose belongs to the contract alone.".into();
    rendered["Zone"]["title"] = "Zone".into();
    let outcome = workspace.codegen().with_schemas(DocumentKind::CONTRACT, rendered).check();
    assert!(outcome.is_fresh(), "{outcome}");
}

#[test]
fn a_property_may_have_the_name_of_a_key_of_prose() {
    let workspace = Workspace::fresh();
    let mut rendered = mms_types::schemas();
    rendered["Zone"]["properties"]["description"] = json!({"type": "string"});
    let outcome = workspace.codegen().with_schemas(DocumentKind::CONTRACT, rendered).check();
    assert_eq!(outcome.status(), Status::Stale);
    assert!(outcome.report().contains("+    \"description\": {\n+      \"type\": \"string\"\n+    },\n"), "{outcome}");
}
