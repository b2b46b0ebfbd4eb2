//! The rules of a document: what progenitor would answer with a panic, and what this house asks for.

mod operations;

use std::collections::BTreeSet;
use std::fmt;

use mms_types::SCHEMA_NAMES;
use serde_json::Value;

use crate::place::Place;

/// The path of the API root on every server: the mocks answer below it too.
pub(crate) const BASE_PATH: &str = "/api/v2";

/// A rule that a document breaks, and where.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Violation {
    place: String,
    message: String,
}

impl Violation {
    pub(crate) fn new(place: impl Into<String>, message: impl Into<String>) -> Self {
        Self { place: place.into(), message: message.into() }
    }

    /// Returns where the rule is broken: method and path, or the place in the document.
    #[must_use]
    pub fn place(&self) -> &str {
        &self.place
    }

    /// Returns what is wrong and what is expected.
    #[must_use]
    pub fn message(&self) -> &str {
        &self.message
    }
}

impl fmt::Display for Violation {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}: {}", self.place, self.message)
    }
}

/// Returns every rule that the document breaks.
pub(crate) fn check(document: &Value) -> Vec<Violation> {
    let mut checker = Checker { document, violations: Vec::new() };
    checker.version();
    checker.servers();
    checker.operations();
    checker.schemas();
    checker.ownership();
    checker.everywhere(&Place::default(), document);
    checker.violations
}

struct Checker<'a> {
    document: &'a Value,
    violations: Vec<Violation>,
}

impl<'a> Checker<'a> {
    fn report(&mut self, place: &str, message: impl Into<String>) {
        self.violations.push(Violation::new(place, message));
    }

    /// Follows a reference, if the value is one. A reference that leads nowhere is reported by `everywhere`.
    fn resolve(&self, value: &'a Value) -> &'a Value {
        reference(value)
            .and_then(|target| target.strip_prefix('#'))
            .and_then(|pointer| self.document.pointer(pointer))
            .unwrap_or(value)
    }

    fn version(&mut self) {
        let version = self.document["openapi"].as_str().unwrap_or_default();
        if !version.starts_with("3.0.") {
            self.report("openapi", format!("{version:?} is not 3.0.x, which is all that progenitor reads"));
        }
        let info = self.document["info"]["version"].as_str().unwrap_or_default();
        if info.is_empty() || !info.is_ascii() {
            self.report("info.version", format!("{info:?} is not ASCII text: it travels in a header"));
        }
    }

    /// The client sends its token to these hosts without being asked for it.
    fn servers(&mut self) {
        let servers = self.document["servers"].as_array().map(Vec::as_slice).unwrap_or_default();
        if servers.is_empty() {
            self.report("servers", "the document has no server");
        }
        for server in servers {
            let url = server["url"].as_str().unwrap_or_default();
            let host = url.strip_prefix("https://").and_then(|rest| rest.strip_suffix(BASE_PATH));
            let is_host = |host: &str| {
                !host.is_empty() && host.chars().all(|character| matches!(character, 'a'..='z' | '0'..='9' | '.' | '-'))
            };
            if !host.is_some_and(is_host) {
                self.report("servers", format!("{url:?} is not https://, a host and {BASE_PATH}"));
            }
        }
    }

    fn schemas(&mut self) {
        for (name, schema) in self.document["components"]["schemas"].as_object().into_iter().flatten() {
            let place = format!("schema {name}");
            for (property, schema) in schema["properties"].as_object().into_iter().flatten() {
                self.inline_object(&format!("{place}.{property}"), schema);
            }
            let mut rest = schema.clone();
            if let Some(named) = rest.as_object_mut() {
                named.retain(|key, _| !matches!(key.as_str(), "type" | "properties"));
            }
            self.inline_object(&place, &rest);
        }
    }

    fn inline_object(&mut self, place: &str, schema: &Value) {
        if schema["type"] == "object" || schema.get("properties").is_some() {
            self.report(place, "an inline object: give it a name under components.schemas");
        }
        for key in ["items", "additionalProperties", "not"] {
            if schema.get(key).is_some() {
                self.inline_object(&format!("{place} {key}"), &schema[key]);
            }
        }
        for key in ["allOf", "anyOf", "oneOf"] {
            for part in schema[key].as_array().into_iter().flatten() {
                self.inline_object(&format!("{place} {key}"), part);
            }
        }
    }

    /// Every schema has a type in mms-types, and every type a schema.
    fn ownership(&mut self) {
        let schemas: BTreeSet<&str> = self.document["components"]["schemas"]
            .as_object()
            .into_iter()
            .flatten()
            .map(|(name, _)| name.as_str())
            .collect();
        let owned: BTreeSet<&str> = SCHEMA_NAMES.iter().copied().collect();
        for name in schemas.difference(&owned) {
            self.report(&format!("schema {name}"), "no type of mms-types owns it: add one to the registry there");
        }
        for name in owned.difference(&schemas) {
            self.report(&format!("type mms_types::{name}"), "the document has no schema of this name");
        }
    }

    /// Checks what may stand anywhere: references, `nullable`, fenced code in descriptions.
    fn everywhere(&mut self, place: &Place, value: &'a Value) {
        match value {
            Value::Array(items) => {
                for (index, item) in items.iter().enumerate() {
                    self.everywhere(&place.step(&index.to_string()), item);
                }
            }
            Value::Object(entries) => {
                let name = place.name();
                if let Some(target) = reference(value) {
                    self.reference(&name, target, entries.len());
                }
                if entries.contains_key("nullable") && !entries.contains_key("type") {
                    self.report(&name, "nullable without a type beside it");
                }
                if let Some(description) = entries.get("description").and_then(Value::as_str)
                    && opens_unmarked_fence(description)
                {
                    self.report(&name, "fenced code in a description becomes a failing doctest: mark it ```text");
                }
                let nested = entries.iter().filter(|(key, _)| !matches!(key.as_str(), "example" | "value"));
                for (key, item) in nested {
                    self.everywhere(&place.step(key), item);
                }
            }
            _ => {}
        }
    }

    fn reference(&mut self, place: &str, target: &str, keys: usize) {
        let mut passed = BTreeSet::new();
        let mut next = Some(target);
        while let Some(target) = next {
            let found = target.strip_prefix('#').and_then(|pointer| self.document.pointer(pointer));
            if found.is_none() || !passed.insert(target) {
                let mistake = if found.is_none() { "leads nowhere" } else { "leads back to itself" };
                self.report(place, format!("$ref {target:?} {mistake}"));
                break;
            }
            next = found.and_then(reference);
        }
        if keys > 1 {
            self.report(place, format!("$ref {target:?} has other keys beside it, which 3.0 ignores"));
        }
    }
}

fn reference(value: &Value) -> Option<&str> {
    value.get("$ref").and_then(Value::as_str)
}

/// Says whether a fence opens without a language, which rustdoc takes for Rust to be compiled.
fn opens_unmarked_fence(description: &str) -> bool {
    let fences = description.lines().filter_map(|line| line.trim_start().strip_prefix("```"));
    fences.step_by(2).any(|language| matches!(language.trim(), "" | "rust"))
}

#[cfg(test)]
mod tests {
    use super::opens_unmarked_fence;

    #[test]
    fn only_an_opening_fence_needs_a_language() {
        assert!(opens_unmarked_fence("text\n```\ncode\n```\n"));
        assert!(opens_unmarked_fence("```text\na\n```\n```rust\nb\n```"));
        assert!(!opens_unmarked_fence("```text\na\n```\n```json\nb\n```"));
    }
}
