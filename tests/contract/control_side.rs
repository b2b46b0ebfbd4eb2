//! What the document of the control side says in prose, held to its types.

use mms_client::types::ApiError;
use mms_tests::{Document, Part};
use mms_types::sandbox::{
    Behaviour, ChildState, ClockAdvance, ClockReading, ClockSetting, ConsumeRequest, Fault, FaultKind, FaultList,
    FaultRule, RequestList, SandboxState, StateSummary, UsageProfile,
};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

/// Reads an example as a type and returns what the type writes.
fn written<T: Serialize + DeserializeOwned>(value: &Value) -> Value {
    json!(serde_json::from_str::<T>(&value.to_string()).unwrap())
}

/// Returns the rows of the table in an operation's description, cell by cell.
fn table(operation_id: &str) -> Vec<Vec<String>> {
    let document = Document::control_side().unwrap();
    let items = document.json()["paths"].as_object().unwrap().values();
    let mut entries = items.flat_map(|item| item.as_object().unwrap().values());
    let operation = entries.find(|entry| entry["operationId"] == operation_id).unwrap();
    let lines = operation["description"].as_str().unwrap().lines();
    let rows = lines.filter_map(|line| line.strip_prefix("| ")?.strip_suffix(" |"));
    let cells = |row: &str| row.split(" | ").map(|cell| cell.trim_matches('`').to_owned()).collect();
    rows.skip(2).map(cells).collect()
}

#[test]
fn every_example_is_what_its_type_reads() {
    for example in Document::control_side().unwrap().examples() {
        let schema = example.schema["$ref"].as_str().unwrap().rsplit('/').next().unwrap();
        let value = example.value;
        let written = match schema {
            "ApiError" => written::<ApiError>(value),
            "Behaviour" => written::<Behaviour>(value),
            "ChildState" => written::<ChildState>(value),
            "ClockAdvance" => written::<ClockAdvance>(value),
            "ClockReading" => written::<ClockReading>(value),
            "ClockSetting" => written::<ClockSetting>(value),
            "ConsumeRequest" => written::<ConsumeRequest>(value),
            "Fault" => written::<Fault>(value),
            "FaultList" => written::<FaultList>(value),
            "FaultRule" => written::<FaultRule>(value),
            "RequestList" => written::<RequestList>(value),
            "SandboxState" => written::<SandboxState>(value),
            "StateSummary" => written::<StateSummary>(value),
            "UsageProfile" => written::<UsageProfile>(value),
            other => panic!("no type for {other}"),
        };
        if example.part == Part::Answer {
            assert_eq!(&written, value, "{} {}: an answer is written out in full", example.operation, example.name);
        }
    }
}

#[test]
fn the_table_of_switches_has_every_switch_with_its_default() {
    let defaults = json!(Behaviour::default());
    let rows = table("set_behaviour");
    let documented: Value = rows
        .iter()
        .map(|row| {
            let default = &row[2];
            (row[0].clone(), default.parse::<u32>().map_or_else(|_| json!(default), |number| json!(number)))
        })
        .collect();
    assert_eq!(documented, defaults);
    for row in rows {
        assert_eq!(row.len(), 4, "{row:?}");
    }
}

#[test]
fn the_table_of_switches_names_every_value() {
    let document = Document::control_side().unwrap();
    let schemas = &document.json()["components"]["schemas"];
    for row in table("set_behaviour") {
        let property = &schemas["Behaviour"]["properties"][&row[0]];
        let target = property["$ref"].as_str().or_else(|| property["allOf"][0]["$ref"].as_str()).unwrap();
        let values = schemas[target.rsplit('/').next().unwrap()]["enum"].as_array();
        for value in values.into_iter().flatten() {
            let value = value.as_str().unwrap();
            assert!(row[1].contains(value), "{}: {value}", row[0]);
        }
    }
}

#[test]
fn the_table_of_faults_has_every_kind() {
    let document = Document::control_side().unwrap();
    let mut kinds: Vec<Value> = table("add_fault").iter().map(|row| json!(row[0])).collect();
    kinds.sort_by_key(Value::to_string);
    assert_eq!(json!(kinds), document.json()["components"]["schemas"]["FaultKind"]["enum"]);
    for kind in kinds {
        assert!(serde_json::from_value::<FaultKind>(kind.clone()).is_ok(), "{kind}");
    }
}

#[test]
fn the_table_of_shapes_has_every_shape() {
    let document = Document::control_side().unwrap();
    let mut shapes: Vec<Value> = table("set_usage").iter().map(|row| json!(row[0])).collect();
    shapes.sort_by_key(Value::to_string);
    assert_eq!(json!(shapes), document.json()["components"]["schemas"]["UsageShape"]["enum"]);
}

#[test]
fn a_relative_change_is_a_create_and_says_so() {
    let document = Document::control_side().unwrap();
    let items = document.json()["paths"].as_object().unwrap().values();
    for operation in items.flat_map(|item| item.as_object().unwrap().values()) {
        if operation["x-operation-kind"] == "create" {
            let description = operation["description"].as_str().unwrap().replace('\n', " ");
            assert!(description.contains("this request twice"), "{}", operation["operationId"]);
        }
    }
}
