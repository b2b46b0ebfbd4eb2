//! Comparison of the types with the document, schema by schema.

use serde_json::{Map, Number, Value};

/// A schema that the document and the type of the same name describe differently.
pub(crate) struct Disagreement {
    /// The name of the schema and of the type.
    pub(crate) name: String,
    /// The structure of the schema in the document, as canonical JSON; empty where the document has none.
    pub(crate) document: String,
    /// The structure of the type, as canonical JSON; empty where there is no type.
    pub(crate) rendered: String,
}

/// Returns every schema whose structure differs between the document and the types, by name.
pub(crate) fn disagreements(document: &Value, rendered: &Map<String, Value>) -> Vec<Disagreement> {
    let none = Map::new();
    let written = document["components"]["schemas"].as_object().unwrap_or(&none);
    let mut names: Vec<&String> = written.keys().chain(rendered.keys()).collect();
    names.sort_unstable();
    names.dedup();
    names
        .into_iter()
        .filter_map(|name| {
            let document = written.get(name).map(structure);
            let rendered = rendered.get(name).map(structure);
            (document != rendered).then(|| Disagreement {
                name: name.clone(),
                document: document.as_ref().map(canonical).unwrap_or_default(),
                rendered: rendered.as_ref().map(canonical).unwrap_or_default(),
            })
        })
        .collect()
}

/// Returns the document with every schema as its type has it, and the document's own prose.
///
/// Call it for a document that agrees with the types.
pub(crate) fn merged(document: &Value, rendered: &Map<String, Value>) -> Value {
    let mut merged = document.clone();
    for (name, rendered) in rendered {
        if let Some(schema) = merged.pointer_mut(&format!("/components/schemas/{name}")) {
            *schema = with_prose(structure(rendered), schema);
        }
    }
    merged
}

/// Renders JSON with sorted keys, two spaces a level and one newline at the end.
pub(crate) fn canonical(value: &Value) -> String {
    let mut sorted = value.clone();
    sorted.sort_all_objects();
    format!("{sorted:#}\n")
}

/// Says whether a key of a schema is prose, which belongs to the document alone and changes nothing on the wire.
pub(crate) fn is_prose(key: &str) -> bool {
    matches!(key, "description" | "title" | "example" | "examples" | "externalDocs" | "deprecated" | "$schema")
        || key.starts_with("x-")
}

/// What the value of a schema's key holds.
enum Holds {
    /// A schema.
    Schema,
    /// Schemas by the name of a property: its keys are not keys of a schema.
    SchemasByName,
    /// Schemas one after the other.
    Schemas,
    /// Names or values whose order means nothing.
    Set,
    /// Something else.
    Value,
}

impl Holds {
    fn of(key: &str) -> Self {
        match key {
            "items" | "additionalProperties" | "not" => Self::Schema,
            "properties" => Self::SchemasByName,
            "allOf" | "anyOf" | "oneOf" => Self::Schemas,
            "required" | "enum" => Self::Set,
            _ => Self::Value,
        }
    }
}

/// Returns a schema without its prose, with what can be said in two ways said in one.
///
/// Numbers and sets have one form; an `allOf` of one schema, which schemars puts around a reference to give it a description,
/// is that schema; and a default of null says nothing beyond `nullable`.
pub(crate) fn structure(schema: &Value) -> Value {
    let Value::Object(entries) = schema else { return schema.clone() };
    let entries = entries.iter().filter(|(key, value)| !(is_prose(key) || *key == "default" && value.is_null()));
    let entries: Map<String, Value> = entries
        .map(|(key, value)| {
            let value = match (Holds::of(key), value) {
                (Holds::Schema, schema) => structure(schema),
                (Holds::SchemasByName, Value::Object(schemas)) => {
                    schemas.iter().map(|(name, schema)| (name.clone(), structure(schema))).collect()
                }
                (Holds::Schemas, Value::Array(schemas)) => schemas.iter().map(structure).collect(),
                (Holds::Set, Value::Array(items)) => sorted(items),
                (_, Value::Number(number)) => whole(number),
                (_, value) => value.clone(),
            };
            (key.clone(), value)
        })
        .collect();
    match (entries.len(), entries.get("allOf").and_then(Value::as_array).map(Vec::as_slice)) {
        (1, Some([only])) => only.clone(),
        _ => Value::Object(entries),
    }
}

/// Puts the prose of `source` into a bare structure that agrees with it.
fn with_prose(structure: Value, source: &Value) -> Value {
    let (Value::Object(structure), Value::Object(prose)) = (&structure, source) else { return structure };
    if structure.contains_key("$ref") {
        return source.clone();
    }
    let mut merged = prose.clone();
    merged.retain(|key, _| is_prose(key));
    for (key, value) in structure {
        let source = &source[key];
        let value = match (Holds::of(key), value.clone()) {
            (Holds::Schema, schema) => with_prose(schema, source),
            (Holds::SchemasByName, Value::Object(schemas)) => schemas
                .into_iter()
                .map(|(name, schema)| {
                    let schema = with_prose(schema, &source[&name]);
                    (name, schema)
                })
                .collect(),
            (Holds::Schemas, Value::Array(schemas)) => {
                schemas.into_iter().enumerate().map(|(index, schema)| with_prose(schema, &source[index])).collect()
            }
            (_, value) => value,
        };
        merged.insert(key.clone(), value);
    }
    Value::Object(merged)
}

fn sorted(items: &[Value]) -> Value {
    let mut items = items.to_vec();
    items.sort_by_key(Value::to_string);
    Value::Array(items)
}

/// Returns a number as an integer where it is one: `1.0` and `1` say the same.
fn whole(number: &Number) -> Value {
    let integer =
        number.as_f64().filter(|float| number.is_f64() && float.fract() == 0.0).map(|float| format!("{float:.0}"));
    integer.and_then(|digits| digits.parse().ok()).map_or_else(|| Value::Number(number.clone()), Value::Number)
}
