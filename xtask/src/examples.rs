//! Check of examples against the schemas beside them.

use std::collections::HashMap;

use jsonschema::Validator;
use mms_codegen::{Node, NodeKind, nodes};
use serde_json::Value;

use crate::json_schema::Schemas;

/// Returns a line for every example of a document that breaks its schema, with method and path, or the component.
///
/// An example among the components has no schema of its own: it is held to the schema of every place that refers to it.
pub(crate) fn violations(document: &Value) -> Vec<String> {
    let mut judge =
        Judge { document, schemas: Schemas::of(document), validators: HashMap::new(), violations: Vec::new() };
    for node in nodes(document) {
        match node.kind {
            NodeKind::Schema => judge.examples(&node, node.value),
            NodeKind::Parameter | NodeKind::Header | NodeKind::MediaType => {
                judge.examples(&node, &node.value["schema"]);
            }
            _ => {}
        }
    }
    judge.violations
}

struct Judge<'a> {
    document: &'a Value,
    schemas: Schemas,
    /// The validators of the schemas met so far, by their text.
    validators: HashMap<String, Result<Validator, String>>,
    violations: Vec<String>,
}

impl Judge<'_> {
    fn examples(&mut self, node: &Node<'_>, schema: &Value) {
        if let Some(example) = node.value.get("example") {
            self.example(&format!("{}: example", node.location()), schema, example);
        }
        // The `examples` of a schema would be its property of that name, were it one: 3.0 knows none.
        for (name, example) in node.value["examples"].as_object().into_iter().flatten() {
            let target = example["$ref"].as_str().and_then(|target| target.strip_prefix('#'));
            let example = target.and_then(|pointer| self.document.pointer(pointer)).unwrap_or(example);
            self.example(&format!("{}: example {name}", node.location()), schema, &example["value"]);
        }
    }

    fn example(&mut self, location: &str, schema: &Value, example: &Value) {
        let validator = self
            .validators
            .entry(schema.to_string())
            .or_insert_with(|| self.schemas.validator(schema).map_err(|error| error.to_string()));
        match validator {
            Ok(validator) => self.violations.extend(validator.iter_errors(example).map(|error| {
                let at = error.instance_path().to_string();
                let at = if at.is_empty() { String::new() } else { format!(" at {at}") };
                format!("{location}{at}: {error}")
            })),
            Err(error) => self.violations.push(format!("{location}: its schema is none: {error}")),
        }
    }
}
