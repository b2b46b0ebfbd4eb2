//! Dereferenced documents, whose operations stand alone and can be compared.

use std::collections::{BTreeMap, BTreeSet};

use mms_codegen::{METHODS, route, template};
use serde_json::{Map, Value};

/// Which operation: its path with empty braces, since the names of parameters do not tell paths apart, and its method.
pub(crate) type OperationKey = (String, &'static str);

/// A document in which every operation has its own parameters, body and answers; only schemas are still references.
pub(crate) struct Dereferenced {
    document: Value,
    /// The path of each operation as the document has it.
    paths: BTreeMap<OperationKey, String>,
}

impl Dereferenced {
    /// Resolves what operations share. Every reference must lead somewhere, and every path must name its parameters.
    pub(crate) fn new(document: &Value) -> Result<Self, String> {
        check_references(document, document)?;
        let mut paths = BTreeMap::new();
        let mut routes = BTreeMap::new();
        let mut items = Map::new();
        for (path, item) in document["paths"].as_object().into_iter().flatten() {
            if let Some(other) = routes.insert(route(path), path) {
                return Err(format!("{path}: the same route as {other}"));
            }
            let item = resolve(document, item);
            let mut operations = Map::new();
            for method in METHODS {
                let Some(operation) = item.get(method).filter(|operation| operation.is_object()) else { continue };
                let operation = dereferenced(document, item, operation);
                check_path(path, &operation).map_err(|message| format!("{}: {message}", location(path, method)))?;
                operations.insert(method.to_owned(), operation);
                paths.insert((route(path), method), path.clone());
            }
            items.insert(path.clone(), Value::Object(operations));
        }
        let mut document = document.clone();
        document["paths"] = Value::Object(items);
        Ok(Self { document, paths })
    }

    pub(crate) fn document(&self) -> &Value {
        &self.document
    }

    /// Returns the keys of the operations that both documents have, with the path in each.
    pub(crate) fn common<'a>(&'a self, other: &'a Self) -> impl Iterator<Item = (&'static str, &'a str, &'a str)> {
        self.paths.iter().filter_map(|(key, path)| Some((key.1, path.as_str(), other.paths.get(key)?.as_str())))
    }

    /// Returns an operation by its path as the document has it.
    pub(crate) fn operation(&self, path: &str, method: &str) -> &Value {
        &self.document["paths"][path][method]
    }
}

/// Names an operation: `GET /enums/countries`.
pub(crate) fn location(path: &str, method: &str) -> String {
    format!("{} {path}", method.to_ascii_uppercase())
}

/// Follows references to the end. `check_references` has seen that there is one.
pub(crate) fn resolve<'a>(document: &'a Value, mut value: &'a Value) -> &'a Value {
    while let Some(target) = target(document, value) {
        value = target;
    }
    value
}

fn target<'a>(document: &'a Value, value: &Value) -> Option<&'a Value> {
    document.pointer(value.get("$ref")?.as_str()?.strip_prefix('#')?)
}

fn dereferenced(document: &Value, item: &Value, operation: &Value) -> Value {
    let mut operation = operation.clone();
    let own = operation["parameters"].as_array().into_iter().flatten();
    let shared = item["parameters"].as_array().into_iter().flatten();
    let parameters: BTreeMap<(String, String), Value> = shared
        .chain(own)
        .map(|parameter| resolve(document, parameter))
        .map(|parameter| ((parameter["in"].to_string(), parameter["name"].to_string()), parameter.clone()))
        .collect();
    operation["parameters"] = parameters.into_values().collect();
    if let (None, Some(servers)) = (operation.get("servers"), item.get("servers")) {
        operation["servers"] = servers.clone();
    }
    if let Some(body) = operation.get("requestBody") {
        operation["requestBody"] = resolve(document, body).clone();
    }
    if let Some(responses) = operation.get_mut("responses").and_then(Value::as_object_mut) {
        for response in responses.values_mut() {
            *response = resolve(document, response).clone();
            for header in response.get_mut("headers").and_then(Value::as_object_mut).into_iter().flatten() {
                *header.1 = resolve(document, header.1).clone();
            }
        }
    }
    operation
}

fn check_path(path: &str, operation: &Value) -> Result<(), String> {
    if path.matches('{').count() != path.matches('}').count() {
        return Err("the path has a brace without its partner".to_owned());
    }
    let templated: BTreeSet<&str> = template(path).into_iter().collect();
    let parameters = operation["parameters"].as_array().into_iter().flatten();
    let declared = parameters.filter(|parameter| parameter["in"] == "path").filter_map(|it| it["name"].as_str());
    match templated.symmetric_difference(&declared.collect()).next() {
        Some(name) => Err(format!("path and parameters disagree about {name:?}")),
        None => Ok(()),
    }
}

fn check_references(document: &Value, value: &Value) -> Result<(), String> {
    match value {
        Value::Array(items) => items.iter().try_for_each(|item| check_references(document, item)),
        Value::Object(entries) => {
            if let Some(reference) = entries.get("$ref").and_then(Value::as_str) {
                check_reference(document, reference)?;
            }
            let nested = entries.iter().filter(|(key, _)| !matches!(key.as_str(), "example" | "value"));
            nested.map(|(_, value)| value).try_for_each(|value| check_references(document, value))
        }
        _ => Ok(()),
    }
}

fn check_reference(document: &Value, reference: &str) -> Result<(), String> {
    let mut passed = BTreeSet::new();
    let mut next = Some(reference);
    while let Some(pointer) = next {
        let found = pointer.strip_prefix('#').and_then(|pointer| document.pointer(pointer));
        let found = found.ok_or_else(|| format!("$ref {pointer:?} leads nowhere"))?;
        if !passed.insert(pointer) {
            return Err(format!("$ref {pointer:?} leads back to itself"));
        }
        next = found["$ref"].as_str();
    }
    Ok(())
}
