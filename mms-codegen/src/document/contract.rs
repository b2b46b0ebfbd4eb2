//! Contract: a document that was read and keeps the rules.

use std::fmt;
use std::path::Path;

use openapiv3::OpenAPI;
use serde_json::{Map, Value};

use crate::document::kind::DocumentKind;
use crate::document::location::Location;
use crate::document::operation::Operation;
use crate::document::shape;
use crate::document::violation::Violation;
use crate::document::yaml11;
use crate::rules;

/// A document that keeps every rule of this house: those of its [`DocumentKind`].
#[derive(Debug, Clone)]
pub struct Contract {
    kind: DocumentKind,
    document: Value,
    openapi: OpenAPI,
    operations: Vec<Operation>,
}

impl Contract {
    /// Reads a YAML file and checks its rules.
    pub fn read(kind: DocumentKind, path: &Path) -> Result<Self, ContractError> {
        let text = std::fs::read_to_string(path).map_err(ContractError::Read)?;
        Self::from_yaml(kind, &text)
    }

    /// Reads a YAML text and checks its rules.
    pub fn from_yaml(kind: DocumentKind, text: &str) -> Result<Self, ContractError> {
        let (document, keys) = parse(text)?;
        let misread: Vec<Violation> = yaml11::violations(text).into_iter().chain(keys).collect();
        if !misread.is_empty() {
            return Err(ContractError::Rules(misread));
        }
        Self::from_document(kind, document)
    }

    /// Checks the rules of a document that is already read.
    pub fn from_document(kind: DocumentKind, document: Value) -> Result<Self, ContractError> {
        if let Some(version) = rules::check_version(&document) {
            return Err(ContractError::Rules(vec![version]));
        }
        let openapi = shape::openapi(&document).map_err(ContractError::NotOpenApi)?;
        let operations: Vec<Operation> = Operation::all(&document).collect();
        let mut violations = rules::check(kind, &document);
        if violations.is_empty() {
            violations.extend(unlisted(openapi.operations().count(), operations.len()));
        }
        if !violations.is_empty() {
            return Err(ContractError::Rules(violations));
        }
        Ok(Self { kind, document, openapi, operations })
    }

    /// Returns the kind of the document.
    #[must_use]
    pub fn kind(&self) -> DocumentKind {
        self.kind
    }

    /// Returns the document as JSON, nothing left out.
    #[must_use]
    pub fn document(&self) -> &Value {
        &self.document
    }

    /// Returns the document as the model that progenitor and drift read.
    #[must_use]
    pub fn openapi(&self) -> &OpenAPI {
        &self.openapi
    }

    /// Returns every operation, by path.
    #[must_use]
    pub fn operations(&self) -> &[Operation] {
        &self.operations
    }
}

/// Reads a YAML text that need not keep the rules: an earlier revision of a contract may have been written under others.
///
/// A key that is no string becomes one. The document is still an `OpenAPI` 3.0 document.
pub fn read_earlier(text: &str) -> Result<Value, ContractError> {
    let (document, _) = parse(text)?;
    shape::openapi(&document).map_err(ContractError::NotOpenApi)?;
    Ok(document)
}

/// Says that progenitor sees other operations than the table lists, should a rule have passed over one.
fn unlisted(seen: usize, listed: usize) -> Option<Violation> {
    let message = || format!("progenitor sees {seen} operations, the table lists {listed}");
    (seen != listed).then(|| Violation::new("paths", message()))
}

/// Reads YAML as JSON, with a violation for every key that is no string.
fn parse(text: &str) -> Result<(Value, Vec<Violation>), ContractError> {
    let yaml = yaml_serde::from_str(text).map_err(|error| ContractError::Yaml(error.to_string()))?;
    let mut keys = Vec::new();
    let document = to_json(yaml, &Location::default(), &mut keys);
    Ok((document, keys))
}

/// Turns YAML into JSON. A key that is no string is reported, because strict readers stop at it.
fn to_json(yaml: yaml_serde::Value, location: &Location, violations: &mut Vec<Violation>) -> Value {
    match yaml {
        yaml_serde::Value::Null => Value::Null,
        yaml_serde::Value::Bool(value) => Value::Bool(value),
        yaml_serde::Value::Number(number) => number
            .as_i64()
            .map(Value::from)
            .or_else(|| number.as_u64().map(Value::from))
            .or_else(|| number.as_f64().map(Value::from))
            .unwrap_or(Value::Null),
        yaml_serde::Value::String(text) => Value::String(text),
        yaml_serde::Value::Sequence(items) => Value::Array(
            items
                .into_iter()
                .enumerate()
                .map(|(index, item)| to_json(item, &location.step(&index.to_string()), violations))
                .collect(),
        ),
        yaml_serde::Value::Mapping(entries) => {
            let mut map = Map::new();
            for (key, value) in entries {
                let key = match key {
                    yaml_serde::Value::String(key) => key,
                    other => {
                        let key = to_json(other, location, violations).to_string();
                        violations
                            .push(Violation::new(location.name(), format!("the key {key} is no string: quote it")));
                        key
                    }
                };
                let value = to_json(value, &location.step(&key), violations);
                map.insert(key, value);
            }
            Value::Object(map)
        }
        yaml_serde::Value::Tagged(tagged) => to_json(tagged.value, location, violations),
    }
}

/// Says why a file is no contract.
#[derive(Debug)]
pub enum ContractError {
    /// The file cannot be read.
    Read(std::io::Error),
    /// The text is no YAML; the message has line and column.
    Yaml(String),
    /// The document is no OpenAPI 3.0 document: each node that cannot be read, with its location.
    NotOpenApi(Vec<Violation>),
    /// The document breaks rules of this house, each named with its location.
    Rules(Vec<Violation>),
}

impl fmt::Display for ContractError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Read(error) => write!(formatter, "the document cannot be read: {error}"),
            Self::Yaml(message) => write!(formatter, "the document is no YAML: {message}"),
            Self::NotOpenApi(faults) => {
                formatter.write_str(&lines(faults.iter().map(|it| format!("the document is no OpenAPI 3.0: {it}"))))
            }
            Self::Rules(violations) => formatter.write_str(&lines(violations.iter().map(ToString::to_string))),
        }
    }
}

fn lines(messages: impl Iterator<Item = String>) -> String {
    messages.collect::<Vec<_>>().join("\n")
}

impl std::error::Error for ContractError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Self::Read(error) => Some(error),
            Self::Yaml(_) | Self::NotOpenApi(_) | Self::Rules(_) => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::unlisted;

    #[test]
    fn an_operation_that_only_one_side_sees_is_a_violation() {
        assert_eq!(unlisted(10, 10), None);
        let violation = unlisted(9, 10).map(|it| it.to_string());
        assert_eq!(violation.as_deref(), Some("paths: progenitor sees 9 operations, the table lists 10"));
    }
}
