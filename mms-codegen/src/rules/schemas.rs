//! Rules for schemas, and for the media types and examples beside them.

use std::collections::BTreeSet;

use serde_json::Value;

use super::{Checker, JSON, reference};
use crate::document::node::Node;

/// The types that a schema can have.
const TYPES: [&str; 6] = ["array", "boolean", "integer", "number", "object", "string"];

impl Checker<'_> {
    pub(super) fn schemas(&mut self) {
        for (name, schema) in self.document["components"]["schemas"].as_object().into_iter().flatten() {
            let location = format!("schema {name}");
            for (property, schema) in schema["properties"].as_object().into_iter().flatten() {
                self.inline_object(&format!("{location}.{property}"), schema);
            }
            let mut rest = schema.clone();
            if let Some(named) = rest.as_object_mut() {
                named.retain(|key, _| !matches!(key.as_str(), "type" | "properties"));
            }
            self.inline_object(&location, &rest);
        }
    }

    fn inline_object(&mut self, location: &str, schema: &Value) {
        if schema["type"] == "object" || schema.get("properties").is_some() {
            self.report(location, "an inline object: give it a name under components.schemas");
        }
        for key in ["items", "additionalProperties", "not"] {
            if schema.get(key).is_some() {
                self.inline_object(&format!("{location} {key}"), &schema[key]);
            }
        }
        for key in ["allOf", "anyOf", "oneOf"] {
            for part in schema[key].as_array().into_iter().flatten() {
                self.inline_object(&format!("{location} {key}"), part);
            }
        }
    }

    /// Every schema has a type in mms-types, and every type a schema.
    pub(super) fn ownership(&mut self) {
        let schemas: BTreeSet<&str> = self.document["components"]["schemas"]
            .as_object()
            .into_iter()
            .flatten()
            .map(|(name, _)| name.as_str())
            .collect();
        let owned: BTreeSet<&str> = self.kind.owners.iter().copied().collect();
        for name in schemas.difference(&owned) {
            self.report(&format!("schema {name}"), "no type of mms-types owns it: add one to the registry there");
        }
        for name in owned.difference(&schemas) {
            self.report(&format!("type {name} of mms-types"), "the document has no schema of this name");
        }
    }

    pub(super) fn schema(&mut self, node: &Node<'_>) {
        let kind = node.value.get("type");
        if let Some(kind) = kind
            && !kind.as_str().is_some_and(|kind| TYPES.contains(&kind))
        {
            self.report(&node.location(), format!("type {kind} is none of {}", TYPES.join(", ")));
        }
        if node.value.get("nullable").is_some() && kind.is_none() {
            self.report(&node.location(), "nullable without a type beside it");
        }
    }

    pub(super) fn media_type(&mut self, node: &Node<'_>) {
        if node.value.get("encoding").is_some() {
            self.report(&node.location(), "encoding, which progenitor does not take");
        }
        let schema = &node.value["schema"];
        let is_text = schema["type"] == "string" && schema.get("properties").is_none();
        if node.location.last() != JSON && reference(schema).is_none() && !is_text {
            self.report(&node.location(), "the schema is neither a $ref to a named one nor type: string");
        }
    }

    pub(super) fn example(&mut self, node: &Node<'_>) {
        if node.value.get("value").is_none() && reference(node.value).is_none() {
            self.report(&node.location(), "the example has no value");
        }
    }
}
