//! Prose of the control side's document and of the sandbox's manual, held to the types and to each other.

use std::fs;
use std::path::{Path, PathBuf};

use mms_client::types::ApiError;
use mms_client::{BaseUrl, Client};
use mms_sandbox::Sandbox;
use mms_tests::{Document, Part};
use mms_types::sandbox::{
    Behaviour, ChildState, ClockAdvance, ClockReading, ClockSetting, ConsumeRequest, CopyRequest, Fault, FaultKind,
    FaultList, FaultRule, RequestList, SandboxCopy, SandboxState, StateSummary, UsageProfile,
};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

const MANUAL: &str = include_str!("../../docs/sandbox.md");

/// Reads an example as a type and returns what the type writes.
fn written<T: Serialize + DeserializeOwned>(value: &Value) -> Value {
    json!(serde_json::from_str::<T>(&value.to_string()).unwrap())
}

/// Returns an operation's description.
fn description(operation_id: &str) -> String {
    let document = Document::control_side().unwrap();
    let items = document.json()["paths"].as_object().unwrap().values();
    let mut entries = items.flat_map(|item| item.as_object().unwrap().values());
    let operation = entries.find(|entry| entry["operationId"] == operation_id).unwrap();
    operation["description"].as_str().unwrap().to_owned()
}

/// Returns the rows of the table in an operation's description, cell by cell.
fn table(operation_id: &str) -> Vec<Vec<String>> {
    let description = description(operation_id);
    let rows = description.lines().filter_map(|line| line.strip_prefix("| ")?.strip_suffix(" |"));
    let cells = |row: &str| row.split(" | ").map(|cell| cell.trim_matches('`').to_owned()).collect();
    rows.skip(2).map(cells).collect()
}

/// Returns the table in a text whose first column has this title, line by line.
fn lines<'a>(text: &'a str, title: &str) -> Vec<&'a str> {
    let begins = |line: &&str| line.starts_with(&format!("| {title} |"));
    text.lines().skip_while(|line| !begins(line)).take_while(|line| line.starts_with('|')).collect()
}

/// Returns the blocks of code in a Markdown text that are marked as this language.
fn blocks<'a>(text: &'a str, language: &str) -> Vec<&'a str> {
    let fence = format!("\n```{language}\n");
    text.split(&fence).skip(1).map(|rest| rest.split("\n```").next().unwrap_or_default()).collect()
}

/// Returns the path of something in the repository.
fn in_repository(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..").join(path)
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
            "CopyRequest" => written::<CopyRequest>(value),
            "Fault" => written::<Fault>(value),
            "FaultList" => written::<FaultList>(value),
            "FaultRule" => written::<FaultRule>(value),
            "RequestList" => written::<RequestList>(value),
            "SandboxCopy" => written::<SandboxCopy>(value),
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
fn the_manual_has_the_tables_of_the_document_word_for_word() {
    for (operation, title) in [("set_behaviour", "switch"), ("add_fault", "kind")] {
        let description = description(operation);
        let documented = lines(&description, title);
        assert!(documented.len() > 2, "{operation} has no table of the title {title}");
        assert_eq!(lines(MANUAL, title), documented, "{operation}");
    }
}

#[tokio::test]
async fn every_seed_that_is_written_somewhere_is_read_and_loaded() {
    let directory = tempfile::tempdir().unwrap();
    let mut seeds = vec![in_repository("mms-sandbox/seed.yaml")];
    let bench = fs::read_dir(in_repository("bench")).unwrap().map(|entry| entry.unwrap().path());
    seeds.extend(bench.filter(|path| path.extension().is_some_and(|extension| extension == "yaml")));
    assert!(seeds.len() > 1, "bench/ has no seed");
    let examples = blocks(MANUAL, "yaml");
    assert!(!examples.is_empty(), "the manual has no seed");
    for (index, example) in examples.into_iter().enumerate() {
        let file = directory.path().join(format!("example-{index}.yaml"));
        fs::write(&file, example).unwrap();
        seeds.push(file);
    }
    for seed in seeds {
        let sandbox = Sandbox::builder().seed_file(&seed).start().await.unwrap();
        let (token, organization) = (sandbox.token(), sandbox.organization_id());
        let server = sandbox.base_url().parse::<BaseUrl>().unwrap();
        let client = Client::builder(server, token.parse().unwrap()).build().unwrap();
        let first = client.list_child_organizations().organization_id(organization).send().await.unwrap();
        assert!(!first.managed_organizations.is_empty(), "{}", seed.display());
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
