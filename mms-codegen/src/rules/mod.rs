//! Rules of a document: what progenitor would answer with a panic, and what this house asks for.

mod document;
mod names;
mod operations;
mod parameters;
mod paths;
mod prose;
mod references;
mod schemas;

use std::fmt;

use serde_json::Value;

use crate::document::kind::DocumentKind;
use crate::document::node::{Kind, nodes};

/// The media type that every body has.
const JSON: &str = "application/json";

/// A rule that a document breaks, and where.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Violation {
    location: String,
    message: String,
}

impl Violation {
    pub(crate) fn new(location: impl Into<String>, message: impl Into<String>) -> Self {
        Self { location: location.into(), message: message.into() }
    }

    /// Returns where the rule is broken: method and path, or the location in the document; empty for the whole of it.
    #[must_use]
    pub fn location(&self) -> &str {
        &self.location
    }

    /// Returns what is wrong and what is expected.
    #[must_use]
    pub fn message(&self) -> &str {
        &self.message
    }
}

impl fmt::Display for Violation {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.location.as_str() {
            "" => formatter.write_str(&self.message),
            location => write!(formatter, "{location}: {}", self.message),
        }
    }
}

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
            Kind::MediaType => checker.media_type(&node),
            Kind::Example => checker.example(&node),
            Kind::Schema => checker.schema(&node),
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
