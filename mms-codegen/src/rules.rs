//! The rules of a document: what progenitor would answer with a panic, and what this house asks for.

use std::collections::BTreeSet;
use std::fmt;

use mms_types::SCHEMA_NAMES;
use serde_json::Value;

use crate::operation::{self, OperationKind};
use crate::place::Place;

/// The path of the API root on every server: the mocks answer below it too.
pub(crate) const BASE_PATH: &str = "/api/v2";

/// The schema of every error body.
const ERROR_SCHEMA: &str = "#/components/schemas/ApiError";

/// What the client calls its own: the generated code, its traits, and the methods that mms-client writes by hand.
const RESERVED: [&str; 13] = [
    "api_version",
    "baseurl",
    "builder",
    "call",
    "child_organizations",
    "client",
    "exec",
    "inner",
    "new",
    "new_with_client",
    "post",
    "pre",
    "readable",
];

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

    fn operations(&mut self) {
        let mut seen = BTreeSet::new();
        let document = self.document;
        for (path, method, operation) in operation::raw(document) {
            let place = format!("{} {path}", method.to_ascii_uppercase());
            self.identity(&place, operation, &mut seen);
            self.extensions(&place, method, operation);
            self.parameters(&place, path, &document["paths"][path], operation);
            self.request_body(&place, operation);
            self.responses(&place, operation);
        }
        if seen.is_empty() {
            self.report("paths", "the document has no operation");
        }
    }

    fn identity(&mut self, place: &str, operation: &'a Value, seen: &mut BTreeSet<String>) {
        let id = operation["operationId"].as_str().unwrap_or_default();
        if !is_snake_case(id) {
            self.report(place, format!("operationId {id:?} is not in snake case"));
        } else if !seen.insert(identifier(id)) {
            self.report(place, format!("operationId {id:?} stands twice, underscores aside"));
        } else if RESERVED.contains(&id) {
            self.report(place, format!("operationId {id:?} is a name of the generated client's own"));
        }
        for key in ["summary", "description"] {
            if operation[key].as_str().is_none_or(str::is_empty) {
                self.report(place, format!("{key} is missing"));
            }
        }
        if operation["tags"].as_array().is_none_or(Vec::is_empty) {
            self.report(place, "a tag is missing");
        }
    }

    fn extensions(&mut self, place: &str, method: &str, operation: &Value) {
        let kind = operation["x-operation-kind"].as_str().and_then(OperationKind::from_extension);
        match kind {
            None => self.report(
                place,
                format!(
                    "x-operation-kind is {}: expected read, absolute_write or create",
                    operation["x-operation-kind"]
                ),
            ),
            Some(kind) if (kind == OperationKind::Read) != (method == "get") => {
                self.report(
                    place,
                    format!("x-operation-kind {} does not fit the method", operation["x-operation-kind"]),
                );
            }
            Some(_) => {}
        }
        let scopes = operation["x-required-scopes"].as_array();
        if scopes.is_none_or(|scopes| !scopes.iter().all(Value::is_string)) {
            self.report(place, "x-required-scopes is not a list of scopes (empty where any token will do)");
        }
    }

    fn parameters(&mut self, place: &str, path: &str, item: &'a Value, operation: &'a Value) {
        let mut declared = BTreeSet::new();
        let mut names = BTreeSet::from(["body".to_owned()]);
        if reference(item).is_some() {
            self.report(place, "the path is a $ref, which progenitor does not follow");
        }
        let of_item = item["parameters"].as_array().into_iter().flatten();
        let of_operation = operation["parameters"].as_array().into_iter().flatten();
        for parameter in of_item.chain(of_operation) {
            let parameter = self.resolve(parameter);
            let name = parameter["name"].as_str().unwrap_or_default();
            let location = parameter["in"].as_str().unwrap_or_default();
            if !names.insert(identifier(name)) {
                self.report(
                    place,
                    format!("parameter {name:?}: the generated builder has a method of this name already"),
                );
            }
            let style = parameter["style"].as_str();
            if style.is_some_and(|style| style != if location == "query" { "form" } else { "simple" }) {
                self.report(
                    place,
                    format!("parameter {name:?}: progenitor takes no style {:?}", style.unwrap_or_default()),
                );
            }
            if reference(&parameter["schema"]).is_none() {
                self.report(place, format!("parameter {name:?}: the schema is no $ref to a named schema"));
            }
            if parameter["description"].as_str().is_none_or(str::is_empty) || parameter.get("example").is_none() {
                self.report(place, format!("parameter {name:?}: description or example is missing"));
            }
            match location {
                "path" => {
                    declared.insert(name);
                    if parameter["required"] != Value::Bool(true) {
                        self.report(place, format!("parameter {name:?}: a path parameter must be required"));
                    }
                }
                "query" | "header" => {}
                other => self.report(place, format!("parameter {name:?}: {other:?} is not path, query or header")),
            }
        }
        if path.matches('{').count() != path.matches('}').count() {
            self.report(place, "the path has a brace without its partner");
        }
        let templated: BTreeSet<&str> =
            path.split('{').skip(1).filter_map(|rest| rest.split_once('}')).map(|(name, _)| name).collect();
        for name in templated.symmetric_difference(&declared) {
            self.report(place, format!("path and parameters disagree about {name:?}"));
        }
    }

    fn request_body(&mut self, place: &str, operation: &'a Value) {
        let Some(body) = operation.get("requestBody") else { return };
        let body = self.resolve(body);
        if body["required"] != Value::Bool(true) {
            self.report(place, "requestBody: not required, so that a caller could leave it out");
        }
        let types: Vec<&String> = body["content"].as_object().into_iter().flatten().map(|(name, _)| name).collect();
        if types != ["application/json"] {
            self.report(place, format!("requestBody: media types {types:?}: expected application/json alone"));
        }
        self.content(place, "requestBody", &body["content"]["application/json"]);
    }

    fn responses(&mut self, place: &str, operation: &'a Value) {
        let responses = &operation["responses"];
        let statuses: BTreeSet<&str> =
            responses.as_object().into_iter().flatten().map(|(status, _)| status.as_str()).collect();
        let expected = BTreeSet::from(["200", "4XX", "5XX"]);
        for status in statuses.difference(&expected) {
            self.report(
                place,
                format!("response {status:?}: the generator can take only \"200\", \"4XX\" and \"5XX\""),
            );
        }
        for status in expected.difference(&statuses) {
            self.report(place, format!("response {status:?} is missing"));
        }
        for status in statuses.intersection(&expected) {
            self.response(place, status, self.resolve(&responses[*status]));
        }
    }

    fn response(&mut self, place: &str, status: &str, response: &'a Value) {
        let what = format!("response {status:?}");
        if response["description"].as_str().is_none_or(str::is_empty) {
            self.report(place, format!("{what}: description is missing"));
        }
        let json = &response["content"]["application/json"];
        self.content(place, &what, json);
        if reference(&json["schema"]).is_some() && self.resolve(&json["schema"])["type"] != "object" {
            self.report(place, format!("{what}: the schema is no object, which is all that the client reads"));
        }
        let beside: &[&str] = match status {
            "4XX" => &["text/plain"],
            "5XX" => &["text/plain", "text/html"],
            _ => return,
        };
        if response["content"]["application/json"]["schema"]["$ref"] != ERROR_SCHEMA {
            self.report(place, format!("{what}: application/json is not the one error schema, {ERROR_SCHEMA}"));
        }
        for media_type in beside {
            if examples(&response["content"][*media_type]).is_none() {
                self.report(place, format!("{what}: {media_type} with an example is missing"));
            }
        }
    }

    /// Checks a JSON media type: a named schema, and at least one example.
    fn content(&mut self, place: &str, what: &str, media_type: &Value) {
        if reference(&media_type["schema"]).is_none() {
            self.report(place, format!("{what}: application/json with a $ref to a named schema is missing"));
        }
        if examples(media_type).is_none() {
            self.report(place, format!("{what}: an example is missing"));
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

fn examples(media_type: &Value) -> Option<&serde_json::Map<String, Value>> {
    media_type["examples"].as_object().filter(|examples| !examples.is_empty())
}

/// Returns what tells two names of generated methods apart: their letters and digits.
fn identifier(name: &str) -> String {
    name.chars().filter(char::is_ascii_alphanumeric).map(|character| character.to_ascii_lowercase()).collect()
}

fn is_snake_case(text: &str) -> bool {
    text.starts_with(|first: char| first.is_ascii_lowercase())
        && text.chars().all(|character| matches!(character, 'a'..='z' | '0'..='9' | '_'))
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
