//! Rules for operations: names, body and answers.

use std::collections::BTreeSet;

use serde_json::Value;

use super::references::is_component;
use super::{Checker, JSON, identifier, names, reference};
use crate::document::operation::{self, OperationKind};

/// The schema of every error body.
const ERROR_SCHEMA: &str = "#/components/schemas/ApiError";

impl<'a> Checker<'a> {
    pub(super) fn operations(&mut self) {
        let mut seen = BTreeSet::new();
        let document = self.document;
        for (path, method, operation) in operation::raw(document) {
            let location = format!("{} {path}", method.to_ascii_uppercase());
            self.identity(&location, operation, &mut seen);
            self.own_servers(&location, operation);
            if let Some(requirements) = operation["security"].as_array() {
                self.requirements(&location, requirements);
            }
            self.extensions(&location, method, operation);
            self.parameters(&location, path, &document["paths"][path], operation);
            self.request_body(&location, operation);
            self.responses(&location, operation);
        }
        if seen.is_empty() {
            self.report("paths", "the document has no operation");
        }
    }

    fn identity(&mut self, location: &str, operation: &'a Value, seen: &mut BTreeSet<String>) {
        let id = operation["operationId"].as_str().unwrap_or_default();
        if !is_snake_case(id) {
            self.report(location, format!("operationId {id:?} is not in snake case"));
        } else if !seen.insert(identifier(id)) {
            self.report(location, format!("operationId {id:?} stands twice, underscores aside"));
        } else if names::is_taken_by_the_client(&identifier(id)) {
            self.report(location, format!("operationId {id:?} is a name of the generated client's own"));
        }
        for key in ["summary", "description"] {
            if operation[key].as_str().is_none_or(str::is_empty) {
                self.report(location, format!("{key} is missing"));
            }
        }
        if operation["tags"].as_array().is_none_or(Vec::is_empty) {
            self.report(location, "a tag is missing");
        }
    }

    fn extensions(&mut self, location: &str, method: &str, operation: &Value) {
        let kind = operation["x-operation-kind"].as_str().and_then(OperationKind::from_extension);
        match kind {
            None => self.report(
                location,
                format!(
                    "x-operation-kind is {}: expected read, absolute_write or create",
                    operation["x-operation-kind"]
                ),
            ),
            Some(kind) if (kind == OperationKind::Read) != (method == "get") => {
                self.report(
                    location,
                    format!("x-operation-kind {} does not fit the method", operation["x-operation-kind"]),
                );
            }
            Some(_) => {}
        }
        let scopes = operation["x-required-scopes"].as_array();
        let is_scope = |scope: &Value| {
            scope.as_str().is_some_and(|it| !it.is_empty() && it.chars().all(|character| character.is_ascii_graphic()))
        };
        if scopes.is_none_or(|scopes| !scopes.iter().all(is_scope)) {
            self.report(location, "x-required-scopes is not a list of scopes (empty where any token will do)");
        }
    }

    fn request_body(&mut self, location: &str, operation: &'a Value) {
        let Some(body) = operation.get("requestBody") else { return };
        let body = self.resolve(body);
        if body["required"] != Value::Bool(true) {
            self.report(location, "requestBody: not required, so that a caller could leave it out");
        }
        let types: Vec<&String> = body["content"].as_object().into_iter().flatten().map(|(name, _)| name).collect();
        let beside = self.kind.beside_requests;
        if types.iter().any(|name| *name != JSON && !beside.contains(&name.as_str())) {
            let expected = match beside {
                [] => format!("{JSON} alone"),
                beside => format!("{JSON}, and beside it only {}", beside.join(", ")),
            };
            self.report(location, format!("requestBody: media types {types:?}: expected {expected}"));
        }
        self.content(location, "requestBody", JSON, &body["content"][JSON]);
        for (name, content) in body["content"].as_object().into_iter().flatten() {
            if beside.contains(&name.as_str()) {
                self.content(location, "requestBody", name, content);
            }
        }
    }

    fn responses(&mut self, location: &str, operation: &'a Value) {
        let responses = &operation["responses"];
        let statuses: BTreeSet<&str> =
            responses.as_object().into_iter().flatten().map(|(status, _)| status.as_str()).collect();
        let expected = BTreeSet::from(["200", "4XX", "5XX"]);
        for status in statuses.difference(&expected) {
            self.report(
                location,
                format!("response {status:?}: the generator can take only \"200\", \"4XX\" and \"5XX\""),
            );
        }
        for status in expected.difference(&statuses) {
            self.report(location, format!("response {status:?} is missing"));
        }
        for status in statuses.intersection(&expected) {
            self.response(location, status, self.resolve(&responses[*status]));
        }
    }

    fn response(&mut self, location: &str, status: &str, response: &'a Value) {
        let what = format!("response {status:?}");
        if response["description"].as_str().is_none_or(str::is_empty) {
            self.report(location, format!("{what}: description is missing"));
        }
        let json = &response["content"][JSON];
        self.content(location, &what, JSON, json);
        let is_named = reference(&json["schema"]).is_some_and(|target| is_component(target, "schemas"));
        if is_named && self.is_no_object(&json["schema"]) {
            self.report(location, format!("{what}: the schema is no object, which is all that the client reads"));
        }
        if status == "200" {
            return;
        }
        if json["schema"]["$ref"] != ERROR_SCHEMA {
            self.report(location, format!("{what}: {JSON} is not the one error schema, {ERROR_SCHEMA}"));
        }
        let beside = self.kind.beside_errors.iter().filter(|(class, _)| *class == status);
        for media_type in beside.flat_map(|(_, media_types)| *media_types) {
            if examples(&response["content"][*media_type]).is_none() {
                self.report(location, format!("{what}: {media_type} with an example is missing"));
            }
        }
    }

    /// Says whether a schema is of another type than an object. One that leads nowhere is reported by `reference`.
    fn is_no_object(&self, schema: &'a Value) -> bool {
        let schema = self.resolve(schema);
        reference(schema).is_none() && schema["type"] != "object"
    }

    /// Checks what stands under a media type: a named schema, and at least one example.
    fn content(&mut self, location: &str, what: &str, media_type: &str, content: &Value) {
        if reference(&content["schema"]).is_none() {
            self.report(location, format!("{what}: {media_type} with a $ref to a named schema is missing"));
        }
        if examples(content).is_none() {
            self.report(location, format!("{what}: an example is missing"));
        }
    }
}

fn examples(media_type: &Value) -> Option<&serde_json::Map<String, Value>> {
    media_type["examples"].as_object().filter(|examples| !examples.is_empty())
}

fn is_snake_case(text: &str) -> bool {
    text.starts_with(|first: char| first.is_ascii_lowercase())
        && text.chars().all(|character| matches!(character, 'a'..='z' | '0'..='9' | '_'))
}
