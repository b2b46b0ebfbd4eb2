//! JSON Schema: it takes what the reader takes.

use serde_json::{Map, Value, json};

use super::reading::WHOLE;
use crate::file::document::{Defaults, Document, Entry, GuardFields, OwnerFields};
use crate::file::source::Source;
use crate::file::yaml::{Node, Value as Yaml, tree};
use crate::{Fleet, fleet_schema};

/// Returns a document as an editor sees it: plain words that YAML 1.2 takes for numbers are numbers.
fn json_of(node: &Node<'_>) -> Value {
    match &node.resolved().value {
        Yaml::Scalar(_) if node.is_null() => Value::Null,
        Yaml::Scalar(scalar) if scalar.is_plain => match scalar.text.as_ref() {
            "true" => json!(true),
            "false" => json!(false),
            text => text
                .parse::<i64>()
                .map_or_else(|_| text.parse::<f64>().map_or(json!(text), |float| json!(float)), |number| json!(number)),
        },
        Yaml::Scalar(scalar) => json!(scalar.text),
        Yaml::Sequence(items) => items.iter().map(|item| json_of(item)).collect(),
        Yaml::Mapping(mapping) => {
            let entries = mapping.entries.iter();
            let entry = |(key, value): (&Node<'_>, &Node<'_>)| (key.scalar().unwrap().text.to_string(), json_of(value));
            Value::Object(entries.map(|found| entry((&found.key, &found.value))).collect::<Map<_, _>>())
        }
        Yaml::Alias(_) | Yaml::Unreadable => panic!("resolved"),
    }
}

fn is_valid(text: &str) -> bool {
    let source = Source::of_text("f", text);
    let root = tree(&source, &mut Vec::new()).unwrap();
    jsonschema::options().should_validate_formats(true).build(&fleet_schema()).unwrap().is_valid(&json_of(&root))
}

#[test]
fn the_schema_takes_what_the_reader_takes_and_refuses_what_it_refuses() {
    assert!(is_valid(WHOLE));
    for (entry, is_right) in [
        ("", true),
        ("id: 1", true),
        ("id: new", true),
        ("id: old", false),
        ("id: 0", false),
        ("external_id: 0077", true),
        ("external_id: 1.5", true),
        ("credits: 20000", true),
        ("credits: 12345", false),
        ("credits: \"20000\"", false),
        ("credits: 20k", false),
        ("credits: ", false),
        ("credits: -10000", false),
        ("credits: 0, until: 2026-12-31, then: 0", true),
        ("credits: 0, until: 31.12.2026, then: 0", false),
        ("labels: [gold, 1, no]", true),
        ("labels: gold", false),
        ("owner: {email: ada@acme.example, name: Ada}", true),
        ("owner: {email: ada@acme.example}", false),
        ("owner: {email: ada, name: Ada}", false),
        ("owner: ", false),
        ("region: 3, country: ES", true),
        ("country: ", false),
        ("retired: yes", false),
        ("hold: true", true),
        ("priority: -3", true),
        ("priority: high", false),
        ("credit: 0", false),
    ] {
        let text = format!("format: 1\norganization: 11\nchildren: {{A: {{{entry}}}}}\n");
        assert_eq!(is_valid(&text), is_right, "schema: {entry}");
        assert_eq!(Fleet::parse(&[("f", &text)]).is_ok(), is_right, "reader: {entry}");
    }
    for (head, is_right) in [
        ("format: 2", false),
        ("zone: eu1.make.com", true),
        ("zone: eu1", false),
        ("guards: {max_change: 10%}", true),
        ("guards: {max_change: 101%}", false),
        ("guards: {max_change: ten}", false),
        ("guards: ", true),
        ("defaults: ", true),
        ("defaults: {id: 1}", false),
        ("children: ", true),
        ("children: []", false),
    ] {
        let format = if head.starts_with("format") { "" } else { "format: 1\n" };
        let text = format!("{format}organization: 11\n{head}\n");
        assert_eq!(is_valid(&text), is_right, "schema: {head}");
        assert_eq!(Fleet::parse(&[("f", &text)]).is_ok(), is_right, "reader: {head}");
    }
}

#[test]
fn each_key_of_the_reader_has_a_description_in_the_schema() {
    let schema = fleet_schema();
    for (pointer, keys) in [
        ("", Document::KEYS),
        ("/properties/defaults", Defaults::KEYS),
        ("/properties/guards", GuardFields::KEYS),
        ("/properties/children/additionalProperties", Entry::KEYS),
        ("/properties/children/additionalProperties/properties/owner", OwnerFields::KEYS),
    ] {
        let object = schema.pointer(pointer).unwrap();
        let mut known: Vec<&str> = keys.to_vec();
        known.sort_unstable();
        let properties = object["properties"].as_object().unwrap();
        let mut described: Vec<&String> = properties.keys().collect();
        described.sort_unstable();
        assert_eq!(described, known, "{pointer}");
        assert!(properties.values().all(|property| property["description"].is_string()), "{pointer}");
    }
}
