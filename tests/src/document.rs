//! Document as data: its examples, and what an answer may be.

use std::error::Error;

use serde_json::Value;

use crate::schemas::Schemas;

/// The contract, `openapi/mms.yaml`, or the control side of the sandbox, `openapi/sandbox.yaml`, as JSON.
#[derive(Debug, Clone)]
pub struct Document(Value);

/// An example of a request or of an answer in a document.
#[derive(Debug, Clone, Copy)]
pub struct Example<'a> {
    /// The `operationId`.
    pub operation: &'a str,
    /// What it is an example of.
    pub part: Part,
    /// The media type, such as `application/json`.
    pub media_type: &'a str,
    /// The name of the example.
    pub name: &'a str,
    /// The schema that stands beside it.
    pub schema: &'a Value,
    /// The example itself: a JSON value; of a text or a page, a string.
    pub value: &'a Value,
}

/// What an [`Example`] is an example of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Part {
    /// The body of a request.
    Request,
    /// The body of an answer that says yes, with status 200.
    Answer,
    /// The body of a refusal, with its status. A document has a class such as `4XX`: the status is the one with
    /// which the example's summary begins, or else the first of the class.
    Refusal(u16),
}

impl Example<'_> {
    /// Returns the body as it travels: JSON, or the bare text.
    #[must_use]
    pub fn body(&self) -> String {
        match self.value {
            Value::String(text) if self.media_type != "application/json" => text.clone(),
            value => value.to_string(),
        }
    }
}

impl Document {
    /// Reads the contract with which this crate was built.
    pub fn contract() -> serde_json::Result<Self> {
        serde_json::from_str(include_str!(concat!(env!("OUT_DIR"), "/document.json"))).map(Self)
    }

    /// Reads the document of the control side, in the form that `cargo xtask codegen` wrote.
    pub fn control_side() -> serde_json::Result<Self> {
        serde_json::from_str(include_str!("../../openapi/sandbox.json")).map(Self)
    }

    /// Returns the whole document.
    #[must_use]
    pub fn json(&self) -> &Value {
        &self.0
    }

    /// Returns the schemas, for validation.
    #[must_use]
    pub fn schemas(&self) -> Schemas {
        Schemas::of(&self.0)
    }

    /// Returns the examples of every request and every answer, references followed.
    #[must_use]
    pub fn examples(&self) -> Vec<Example<'_>> {
        self.operations().flat_map(|operation| self.examples_of(operation)).collect()
    }

    /// Says where an answer leaves the document: a status or a media type that is not documented, a body that breaks its
    /// schema. An answer that keeps to it gives an empty list.
    ///
    /// Fails where the document has no such operation.
    pub fn deviations(
        &self,
        operation_id: &str,
        status: u16,
        media_type: &str,
        body: &[u8],
    ) -> Result<Vec<String>, Box<dyn Error>> {
        let operation = self.operations().find(|operation| operation["operationId"] == operation_id);
        let operation = operation.ok_or_else(|| format!("{operation_id} is no operation of the document"))?;
        let Some(response) = self.response(operation, status) else {
            return Ok(vec![format!("{status} is not documented")]);
        };
        let media_type = media_type.split(';').next().unwrap_or_default().trim();
        let Some(schema) = response["content"].get(media_type).map(|content| &content["schema"]) else {
            return Ok(vec![format!("{media_type:?} is not documented for {status}")]);
        };
        let value = if media_type == "application/json" {
            match serde_json::from_slice(body) {
                Ok(value) => value,
                Err(error) => return Ok(vec![format!("the body is no JSON: {error}")]),
            }
        } else {
            Value::from(String::from_utf8_lossy(body))
        };
        let validator = self.schemas().validator(schema)?;
        Ok(validator.iter_errors(&value).map(|error| format!("{}: {error}", error.instance_path())).collect())
    }

    /// Returns the examples of answers that say yes.
    pub fn answers(&self) -> impl Iterator<Item = Example<'_>> {
        self.examples().into_iter().filter(|example| example.part == Part::Answer)
    }

    /// Returns the examples of refusals, each with its status.
    pub fn refusals(&self) -> impl Iterator<Item = (Example<'_>, u16)> {
        self.examples().into_iter().filter_map(|example| match example.part {
            Part::Refusal(status) => Some((example, status)),
            Part::Request | Part::Answer => None,
        })
    }

    fn operations(&self) -> impl Iterator<Item = &Value> {
        let items = self.0["paths"].as_object().into_iter().flat_map(serde_json::Map::values);
        let entries = items.filter_map(Value::as_object).flat_map(serde_json::Map::values);
        entries.filter(|entry| entry.get("operationId").is_some())
    }

    fn examples_of<'a>(&'a self, operation: &'a Value) -> Vec<Example<'a>> {
        let id = operation["operationId"].as_str().unwrap_or_default();
        let request = self.examples_in(id, &operation["requestBody"], |_| Part::Request);
        let responses = operation["responses"].as_object().into_iter().flatten();
        let responses = responses.flat_map(|(status, response)| {
            self.examples_in(id, self.resolved(response), |example| part(status, example))
        });
        request.into_iter().chain(responses).collect()
    }

    fn examples_in<'a>(
        &'a self,
        operation: &'a str,
        body: &'a Value,
        part: impl Fn(&Value) -> Part + Copy,
    ) -> Vec<Example<'a>> {
        let contents = body["content"].as_object().into_iter().flatten();
        contents
            .flat_map(|(media_type, content)| {
                let examples = content["examples"].as_object().into_iter().flatten();
                examples.map(move |(name, example)| {
                    let example = self.resolved(example);
                    let (schema, value) = (&content["schema"], &example["value"]);
                    Example { operation, part: part(example), media_type, name, schema, value }
                })
            })
            .collect()
    }

    /// Returns the documented answer for a status: its own, or that of its class.
    fn response<'a>(&'a self, operation: &'a Value, status: u16) -> Option<&'a Value> {
        let responses = &operation["responses"];
        let exact = responses.get(status.to_string());
        let response = exact.or_else(|| responses.get(format!("{}XX", status / 100)))?;
        Some(self.resolved(response))
    }

    /// Follows a reference within the document.
    fn resolved<'a>(&'a self, value: &'a Value) -> &'a Value {
        let target = value["$ref"].as_str().and_then(|reference| reference.strip_prefix('#'));
        target.and_then(|pointer| self.0.pointer(pointer)).unwrap_or(value)
    }
}

/// Says what an example under a documented status, such as `200` or `4XX`, is an example of.
fn part(status: &str, example: &Value) -> Part {
    match status {
        "200" => Part::Answer,
        class => Part::Refusal(leading_status(example).unwrap_or(if class == "5XX" { 500 } else { 400 })),
    }
}

/// Reads `403` from the summary `403: a scope is missing`.
fn leading_status(example: &Value) -> Option<u16> {
    example["summary"].as_str()?.split_once(':')?.0.parse().ok()
}
