//! Rules of a document: what progenitor would answer with a panic, and what this house asks for.

mod document;
mod names;
mod operations;
mod parameters;
mod paths;
mod prose;
mod references;
mod schemas;

use serde_json::Value;

use crate::document::kind::DocumentKind;
use crate::document::node::{NodeKind, nodes};
use crate::document::violation::Violation;

/// The media type that every body has.
const JSON: &str = "application/json";

/// Says whether a document is of the version of the specification that everything here reads.
pub(crate) fn check_version(document: &Value) -> Option<Violation> {
    let version = document["openapi"].as_str().unwrap_or_default();
    let message = || format!("{version:?} is not 3.0.x, which is all that progenitor reads");
    (!document::is_3_0(version)).then(|| Violation::new("openapi", message()))
}

/// Returns every rule that a document breaks.
pub(crate) fn check(kind: DocumentKind, document: &Value) -> Vec<Violation> {
    let mut checker = Checker { kind, document, violations: Vec::new() };
    checker.info();
    checker.servers();
    checker.security();
    checker.paths();
    checker.operations();
    checker.schemas();
    checker.ownership();
    for node in nodes(document) {
        checker.reference(&node);
        checker.prose(&node);
        match node.kind {
            NodeKind::MediaType => checker.media_type(&node),
            NodeKind::Example => checker.example(&node),
            NodeKind::Schema => checker.schema(&node),
            _ => {}
        }
    }
    checker.violations
}

struct Checker<'a> {
    kind: DocumentKind,
    document: &'a Value,
    violations: Vec<Violation>,
}

impl<'a> Checker<'a> {
    fn report(&mut self, location: &str, message: impl Into<String>) {
        self.violations.push(Violation::new(location, message));
    }

    /// Follows references to the end. One that leads nowhere, or round in a circle, is reported by `reference`.
    fn resolve(&self, value: &'a Value) -> &'a Value {
        let mut resolved = value;
        // A chain of more steps than this one is a circle.
        for _ in 0..8 {
            let target = reference(resolved).and_then(|target| target.strip_prefix('#'));
            let Some(found) = target.and_then(|pointer| self.document.pointer(pointer)) else { break };
            resolved = found;
        }
        resolved
    }
}

fn reference(value: &Value) -> Option<&str> {
    value.get("$ref").and_then(Value::as_str)
}

/// Returns what tells two names of generated methods apart: their letters and digits.
fn identifier(name: &str) -> String {
    name.chars().filter(char::is_ascii_alphanumeric).map(|character| character.to_ascii_lowercase()).collect()
}
