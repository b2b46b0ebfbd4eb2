//! Comparison of operations: names, kinds, scopes, parameters, media types.

use std::collections::BTreeSet;

use mms_codegen::template;
use serde_json::{Map, Value};

use super::Finding;
use super::dereference::{Dereferenced, location};
use super::schemas::{Direction, Node, SchemaComparison};
use crate::schemas::structure;

/// Returns what breaks outside of schemas, and lets `shapes` compare the schemas that operations reach.
pub(crate) fn findings<'a>(
    old: &'a Dereferenced,
    new: &'a Dereferenced,
    schemas: &mut SchemaComparison<'a>,
) -> BTreeSet<Finding> {
    let mut comparison = Comparison { old, new, schemas, findings: BTreeSet::new() };
    comparison.document();
    for (method, old_path, new_path) in old.common(new) {
        comparison.operation(method, old_path, new_path);
    }
    comparison.findings
}

struct Comparison<'a, 'schemas> {
    old: &'a Dereferenced,
    new: &'a Dereferenced,
    schemas: &'schemas mut SchemaComparison<'a>,
    findings: BTreeSet<Finding>,
}

/// One operation in both documents.
struct Pair<'a> {
    location: String,
    old_pointer: String,
    new_pointer: String,
    old: &'a Value,
    new: &'a Value,
}

impl<'a> Comparison<'a, '_> {
    fn report(&mut self, location: &str, message: impl Into<String>) {
        self.findings.insert(Finding::new(location, message));
    }

    /// Compares what belongs to no operation: the names of schemas, the servers, the ways to be authorized.
    fn document(&mut self) {
        let (old, new) = (self.old.document(), self.new.document());
        for (name, _) in entries(&old["components"]["schemas"]) {
            if new["components"]["schemas"].get(name).is_none() {
                self.report(&format!("schema {name}"), "removed or renamed");
            }
        }
        for (name, scheme) in entries(&old["components"]["securitySchemes"]) {
            if structure(scheme) != structure(&new["components"]["securitySchemes"][name]) {
                self.report(&format!("security scheme {name}"), "changed or removed");
            }
        }
        let urls = |document: &'a Value| document["servers"].as_array().into_iter().flatten().map(|it| &it["url"]);
        let kept: Vec<&Value> = urls(new).collect();
        for url in urls(old).filter(|url| !kept.contains(url)) {
            self.report("servers", format!("{url} removed"));
        }
    }

    fn operation(&mut self, method: &str, old_path: &str, new_path: &str) {
        let pointer = |path: &str| format!("#/paths/{}/{method}", escaped(path));
        let pair = Pair {
            location: location(old_path, method),
            old_pointer: pointer(old_path),
            new_pointer: pointer(new_path),
            old: self.old.operation(old_path, method),
            new: self.new.operation(new_path, method),
        };
        for (old, new) in template(old_path).into_iter().zip(template(new_path)).filter(|(old, new)| old != new) {
            self.report(&pair.location, format!("path parameter {old:?} is now {new:?}"));
        }
        self.names(&pair);
        self.servers(&pair);
        self.parameters(&pair, old_path, new_path);
        self.body(&pair);
        self.answers(&pair);
    }

    /// Compares what the extensions and the name say. What the earlier document does not say, no caller relies on.
    fn names(&mut self, pair: &Pair<'a>) {
        for key in ["operationId", "x-operation-kind"] {
            let (old, new) = (&pair.old[key], &pair.new[key]);
            if !old.is_null() && old != new {
                self.report(&pair.location, format!("{key} was {old}, is {new}"));
            }
        }
        let scopes = |operation: &'a Value| operation["x-required-scopes"].as_array();
        let (old, new) = (scopes(pair.old), scopes(pair.new));
        for scope in new.into_iter().flatten().filter(|scope| old.is_some_and(|old| !old.contains(scope))) {
            self.report(
                &pair.location,
                format!("x-required-scopes has {scope} more: tokens that were enough are refused"),
            );
        }
        let security = |document: &Dereferenced, operation: &Value| {
            operation.get("security").unwrap_or(&document.document()["security"]).clone()
        };
        let (old, new) = (security(self.old, pair.old), security(self.new, pair.new));
        if old != new {
            self.report(&pair.location, format!("security was {old}, is {new}"));
        }
    }

    /// Compares the servers that an operation is called at: its own, those of its path, or those of the document.
    fn servers(&mut self, pair: &Pair<'a>) {
        let own = |operation: &'a Value| operation.get("servers").and_then(Value::as_array);
        if own(pair.old).is_none() && own(pair.new).is_none() {
            return;
        }
        let urls = |document: &'a Dereferenced, operation: &'a Value| -> Vec<&'a Value> {
            let servers = own(operation).or_else(|| document.document()["servers"].as_array());
            servers.into_iter().flatten().map(|server| &server["url"]).collect()
        };
        let kept = urls(self.new, pair.new);
        for url in urls(self.old, pair.old).into_iter().filter(|url| !kept.contains(url)) {
            self.report(&pair.location, format!("server {url} removed"));
        }
    }

    /// Compares the parameters that both have; drift sees those that only one has.
    fn parameters(&mut self, pair: &Pair<'a>, old_path: &str, new_path: &str) {
        let index = |parameter: &Value, path: &str| {
            template(path).into_iter().position(|name| parameter["in"] == "path" && parameter["name"] == name)
        };
        let list = |operation: &'a Value| operation["parameters"].as_array().into_iter().flatten().enumerate();
        for (old_index, old) in list(pair.old) {
            let same = |new: &Value| {
                let by_name = old["in"] == new["in"] && old["name"] == new["name"];
                match index(old, old_path) {
                    Some(position) => index(new, new_path) == Some(position),
                    None => by_name,
                }
            };
            let Some((new_index, new)) = list(pair.new).find(|(_, new)| same(new)) else { continue };
            let location = format!("{} parameter {}", pair.location, old["name"]);
            for key in ["style", "explode", "allowReserved", "allowEmptyValue"] {
                if old[key] != new[key] {
                    self.report(&location, format!("{key} was {}, is {}", old[key], new[key]));
                }
            }
            let node = |pointer: &str, index, parameter: &'a Value| Node {
                location: location.clone(),
                pointer: format!("{pointer}/parameters/{index}/schema"),
                schema: &parameter["schema"],
            };
            let (old, new) = (node(&pair.old_pointer, old_index, old), node(&pair.new_pointer, new_index, new));
            self.schemas.compare(Direction::Request, old, new);
        }
    }

    fn body(&mut self, pair: &Pair<'a>) {
        let (old, new) = (&pair.old["requestBody"], &pair.new["requestBody"]);
        if old.is_object() && new.is_null() {
            self.report(&pair.location, "the request body is gone");
        }
        if old.is_object() && new.is_object() {
            // drift writes this segment of its pointers in snake case.
            self.content(Direction::Request, pair, &["request_body"], old, new);
        }
    }

    /// Compares the answers that both have; drift sees those that only one has.
    fn answers(&mut self, pair: &Pair<'a>) {
        for (status, old) in entries(&pair.old["responses"]) {
            if let Some(new) = pair.new["responses"].get(status) {
                self.headers(pair, status, old, new);
                self.content(Direction::Answer, pair, &["responses", status], old, new);
            }
        }
    }

    /// Compares the headers of an answer. One more is none that a caller minds.
    fn headers(&mut self, pair: &Pair<'a>, status: &str, old: &'a Value, new: &'a Value) {
        for (name, before) in entries(&old["headers"]) {
            let location = format!("{} responses {status} header {name}", pair.location);
            let Some((now, after)) = entries(&new["headers"]).find(|(other, _)| other.eq_ignore_ascii_case(name))
            else {
                self.report(&location, "removed");
                continue;
            };
            if before["required"] == true && after["required"] != true {
                self.report(&location, "no longer required");
            }
            let node = |pointer: &str, name: &str, header: &'a Value| Node {
                location: location.clone(),
                pointer: format!("{pointer}/responses/{status}/headers/{}/schema", escaped(name)),
                schema: &header["schema"],
            };
            let (old, new) = (node(&pair.old_pointer, name, before), node(&pair.new_pointer, now, after));
            self.schemas.compare(Direction::Answer, old, new);
        }
    }

    fn content(&mut self, direction: Direction, pair: &Pair<'a>, at: &[&str], old: &'a Value, new: &'a Value) {
        let location = format!("{} {}", pair.location, at.join(" "));
        for (media_type, before) in entries(&old["content"]) {
            let Some(after) = new["content"].get(media_type) else {
                self.report(&location, format!("media type {media_type} is gone"));
                continue;
            };
            let node = |pointer: &str, media: &'a Value| Node {
                location: format!("{location} {media_type}"),
                pointer: format!("{pointer}/{}/content/{}/schema", at.join("/"), escaped(media_type)),
                schema: &media["schema"],
            };
            self.schemas.compare(direction, node(&pair.old_pointer, before), node(&pair.new_pointer, after));
        }
        for (media_type, _) in entries(&new["content"]).filter(|(name, _)| old["content"].get(*name).is_none()) {
            if direction == Direction::Answer {
                self.report(&location, format!("media type {media_type} is new: callers do not expect it"));
            }
        }
    }
}

fn entries(value: &Value) -> impl Iterator<Item = (&String, &Value)> {
    value.as_object().into_iter().flat_map(Map::iter)
}

fn escaped(segment: &str) -> String {
    segment.replace('~', "~0").replace('/', "~1")
}
