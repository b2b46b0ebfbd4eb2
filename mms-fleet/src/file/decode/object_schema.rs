//! JSON Schema of a mapping with known keys.

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde_json::{Map, Value, json};

/// Returns the schema of a mapping without its properties.
pub(in crate::file) fn object(about: &str, required: &[(&str, &str)], takes_null: bool) -> Schema {
    let kind = if takes_null { json!(["object", "null"]) } else { json!("object") };
    let mut schema = json_schema!({
        "description": about.trim(),
        "type": kind,
        "properties": {},
        "additionalProperties": false,
    });
    let required: Vec<&str> = required.iter().map(|(key, _)| *key).collect();
    if !required.is_empty() {
        schema.insert("required".to_owned(), json!(required));
    }
    schema
}

/// Adds a property to the schema of a mapping.
pub(in crate::file) fn property<T: JsonSchema>(
    schema: &mut Schema,
    generator: &mut SchemaGenerator,
    key: &str,
    about: &str,
) {
    let mut property = generator.subschema_for::<T>();
    property.insert("description".to_owned(), about.trim().into());
    let properties = schema.ensure_object().entry("properties").or_insert_with(|| Map::new().into());
    if let Value::Object(properties) = properties {
        properties.insert(key.to_owned(), property.to_value());
    }
}
