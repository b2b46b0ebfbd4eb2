//! Schemas of a document as a JSON Schema validator takes them.

use std::error::Error;

use jsonschema::{Draft, Validator};
use serde_json::{Value, json};

/// The schemas of a document, ready to hold a value to one of them.
///
/// OpenAPI 3.0 says `nullable` where JSON Schema lists `null` among the types; it is translated here. Formats count:
/// `email` and `date-time` are checked.
#[derive(Debug, Clone)]
pub struct Schemas {
    components: Value,
}

impl Schemas {
    /// Takes the schemas of a document.
    #[must_use]
    pub fn of(document: &Value) -> Self {
        Self { components: json!({ "schemas": translated(&document["components"]["schemas"]) }) }
    }

    /// Returns a validator for a schema of the document by its name, such as `ChildOrganizationList`.
    pub fn named(&self, name: &str) -> Result<Validator, Box<dyn Error>> {
        self.validator(&json!({ "$ref": format!("#/components/schemas/{name}") }))
    }

    /// Returns a validator for any schema that stands in the document; it may refer to `#/components/schemas`.
    pub fn validator(&self, schema: &Value) -> Result<Validator, Box<dyn Error>> {
        let root = json!({ "allOf": [translated(schema)], "components": self.components });
        let options = jsonschema::options().with_draft(Draft::Draft4).should_validate_formats(true);
        Ok(options.build(&root)?)
    }
}

/// Turns `type: string, nullable: true` into `type: [string, null]`, at any depth.
fn translated(schema: &Value) -> Value {
    match schema {
        Value::Object(fields) => {
            let mut fields: serde_json::Map<String, Value> =
                fields.iter().map(|(key, value)| (key.clone(), translated(value))).collect();
            if fields.get("nullable") == Some(&Value::Bool(true)) {
                let types = json!([fields.get("type"), "null"]);
                fields.insert("type".to_owned(), types);
            }
            Value::Object(fields)
        }
        Value::Array(items) => items.iter().map(translated).collect(),
        other => other.clone(),
    }
}
