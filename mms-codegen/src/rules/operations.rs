//! The rules of an operation: its names, parameters, body and answers.

use std::collections::BTreeSet;

use serde_json::Value;

use super::{Checker, reference};
use crate::operation::{self, OperationKind};

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

impl<'a> Checker<'a> {
    pub(super) fn operations(&mut self) {
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
