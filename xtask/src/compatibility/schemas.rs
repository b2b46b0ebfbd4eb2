//! Comparison of schemas, as far as requests and answers reach.

use std::collections::BTreeSet;

use serde_json::Value;

use super::Finding;
use super::constraint::Change;
use super::dereference::resolve;
use crate::schemas::is_prose;

/// Where a schema stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Direction {
    /// In what callers send. It may only become wider.
    Request,
    /// In what callers get. It may only become narrower.
    Answer,
}

impl Direction {
    /// Says what a change does to callers, if it breaks them.
    pub(crate) fn harm(self, change: Change) -> Option<&'static str> {
        match (self, change) {
            (Self::Request, Change::Narrowed) => Some(": what callers send may be refused"),
            (Self::Answer, Change::Widened) => Some(": answers may hold what callers do not expect"),
            (_, Change::Replaced) => Some(""),
            (Self::Request, Change::Widened) | (Self::Answer, Change::Narrowed) => None,
        }
    }
}

/// A schema and where it stands.
#[derive(Clone)]
pub(crate) struct Node<'a> {
    /// The location in words.
    pub(crate) location: String,
    /// The location as a pointer, `#/components/schemas/Zone`.
    pub(crate) pointer: String,
    pub(crate) schema: &'a Value,
}

impl<'a> Node<'a> {
    fn step(&self, segments: &[&str], name: &str, schema: &'a Value) -> Self {
        let escaped = segments.iter().map(|segment| format!("/{}", segment.replace('~', "~0").replace('/', "~1")));
        let pointer = format!("{}{}", self.pointer, escaped.collect::<String>());
        Self { location: format!("{}{name}", self.location), pointer, schema }
    }

    fn reference(&self) -> Option<&'a str> {
        self.schema["$ref"].as_str()
    }

    /// Follows the node's reference, if it is one.
    fn resolved(self, document: &'a Value) -> Self {
        let Some(reference) = self.reference() else { return self };
        let name = reference.strip_prefix("#/components/schemas/").unwrap_or(reference);
        let schema = resolve(document, self.schema);
        Self { location: format!("schema {name}"), pointer: reference.to_owned(), schema }
    }
}

/// The comparison of all schemas that common operations reach.
pub(crate) struct SchemaComparison<'a> {
    old: &'a Value,
    new: &'a Value,
    visited: BTreeSet<(Direction, String, String)>,
    judged: BTreeSet<(String, String)>,
    findings: BTreeSet<Finding>,
}

impl<'a> SchemaComparison<'a> {
    pub(crate) fn new(old: &'a Value, new: &'a Value) -> Self {
        Self { old, new, visited: BTreeSet::new(), judged: BTreeSet::new(), findings: BTreeSet::new() }
    }

    /// Says whether the schemas at these pointers were compared, every key of them.
    pub(crate) fn judged(&self, old: &str, new: &str) -> bool {
        self.judged.contains(&(old.to_owned(), new.to_owned()))
    }

    pub(crate) fn into_findings(self) -> BTreeSet<Finding> {
        self.findings
    }

    /// Compares two schemas and what they hold.
    pub(crate) fn compare(&mut self, direction: Direction, old: Node<'a>, new: Node<'a>) {
        if old.reference() != new.reference() {
            let name = |node: &Node| node.reference().unwrap_or("a schema without a name").to_owned();
            self.report(direction, &old, Change::Replaced, &format!("was {}, is {}", name(&old), name(&new)));
        }
        let (old, new) = (old.resolved(self.old), new.resolved(self.new));
        if !self.visited.insert((direction, old.pointer.clone(), new.pointer.clone())) {
            return;
        }
        self.judged.insert((old.pointer.clone(), new.pointer.clone()));
        let keys = |node: &Node<'a>| node.schema.as_object().into_iter().flatten().map(|(key, _)| key.as_str());
        let keys: BTreeSet<&str> = keys(&old).chain(keys(&new)).filter(|key| !is_prose(key)).collect();
        for key in keys {
            match (key, &old.schema[key], &new.schema[key]) {
                ("properties", _, _) => self.properties(direction, &old, &new),
                ("required", _, _) => self.required(direction, &old, &new),
                ("items" | "additionalProperties", Value::Object(_), Value::Object(_)) => {
                    let step = |node: &Node<'a>| node.step(&[key], &format!(" {key}"), &node.schema[key]);
                    self.compare(direction, step(&old), step(&new));
                }
                ("allOf" | "anyOf" | "oneOf", Value::Array(before), Value::Array(after))
                    if before.len() == after.len() =>
                {
                    for (index, (before, after)) in before.iter().zip(after).enumerate() {
                        let step = |node: &Node<'a>, schema| {
                            node.step(&[key, &index.to_string()], &format!(" {key} {index}"), schema)
                        };
                        self.compare(direction, step(&old, before), step(&new, after));
                    }
                }
                (_, before, after) => {
                    if let Some(change) = Change::of(key, before, after) {
                        self.report(
                            direction,
                            &old,
                            change,
                            &format!("{key} was {}, is {}", text(before), text(after)),
                        );
                    }
                }
            }
        }
    }

    fn properties(&mut self, direction: Direction, old: &Node<'a>, new: &Node<'a>) {
        let (before, after) = (&old.schema["properties"], &new.schema["properties"]);
        for (name, schema) in before.as_object().into_iter().flatten() {
            let step = |node: &Node<'a>, schema| node.step(&["properties", name], &format!(".{name}"), schema);
            let property = step(old, schema);
            match after.get(name) {
                Some(schema) => self.compare(direction, property, step(new, schema)),
                None => self.report(direction, &property, Change::Replaced, "the property is gone"),
            }
        }
    }

    fn required(&mut self, direction: Direction, old: &Node<'a>, new: &Node<'a>) {
        let (before, after) = (required(old.schema), required(new.schema));
        for name in after.difference(&before) {
            let known = old.schema["properties"].get(name).is_some();
            let what = if known { "was optional, is required" } else { "is new and required" };
            self.report_property(direction, old, name, Change::Narrowed, what);
        }
        for name in before.difference(&after).filter(|name| new.schema["properties"].get(name).is_some()) {
            self.report_property(direction, old, name, Change::Widened, "was required, is optional");
        }
    }

    fn report_property(&mut self, direction: Direction, of: &Node<'a>, name: &str, change: Change, what: &str) {
        self.report(direction, &of.step(&["properties", name], &format!(".{name}"), &Value::Null), change, what);
    }

    fn report(&mut self, direction: Direction, node: &Node, change: Change, what: &str) {
        if let Some(harm) = direction.harm(change) {
            self.findings.insert(Finding::new(&node.location, format!("{what}{harm}")));
        }
    }
}

fn required(schema: &Value) -> BTreeSet<&str> {
    schema["required"].as_array().into_iter().flatten().filter_map(Value::as_str).collect()
}

/// Renders the value of a key; an absent one is no value at all.
fn text(value: &Value) -> String {
    if value.is_null() { "absent".to_owned() } else { value.to_string() }
}
