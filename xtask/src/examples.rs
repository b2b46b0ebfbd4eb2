//! Check of examples against the schemas beside them.

use std::collections::HashMap;

use mms_codegen::{Node, NodeKind, nodes};
use serde_json::{Map, Value, json};

use crate::json_schema::Schemas;

/// Returns a line for every example of a document that breaks its schema, with method and path, or the component.
///
/// An example among the components has no schema of its own: it is held to the schema of every place that refers to it.
pub(crate) fn violations(document: &Value) -> Vec<String> {
    let mut found = Examples { document, schemas: Vec::new(), keys: HashMap::new(), all: Vec::new() };
    for node in nodes(document) {
        match node.kind {
            NodeKind::Schema => found.of_node(&node, node.value),
            NodeKind::Parameter | NodeKind::Header | NodeKind::MediaType => {
                found.of_node(&node, &node.value["schema"]);
            }
            _ => {}
        }
    }
    found.violations()
}

/// Example of a document, with the key of the schema that it is held to.
struct Example<'a> {
    location: String,
    schema: usize,
    value: &'a Value,
}

/// Examples of a document, and their schemas: each once, since many places refer to the same.
struct Examples<'a> {
    document: &'a Value,
    schemas: Vec<&'a Value>,
    /// The keys of the schemas by their text.
    keys: HashMap<String, usize>,
    all: Vec<Example<'a>>,
}

impl<'a> Examples<'a> {
    fn of_node(&mut self, node: &Node<'a>, schema: &'a Value) {
        if let Some(value) = node.value.get("example") {
            self.add(format!("{}: example", node.location()), schema, value);
        }
        // The `examples` of a schema would be its property of that name, were it one: 3.0 knows none.
        for (name, example) in node.value["examples"].as_object().into_iter().flatten() {
            let target = example["$ref"].as_str().and_then(|target| target.strip_prefix('#'));
            let example = target.and_then(|pointer| self.document.pointer(pointer)).unwrap_or(example);
            self.add(format!("{}: example {name}", node.location()), schema, &example["value"]);
        }
    }

    fn add(&mut self, location: String, schema: &'a Value, value: &'a Value) {
        let key = *self.keys.entry(schema.to_string()).or_insert_with(|| {
            self.schemas.push(schema);
            self.schemas.len() - 1
        });
        self.all.push(Example { location, schema: key, value });
    }

    /// Holds every example to its schema, by one validator: to make one for each schema takes ten times as long.
    fn violations(&self) -> Vec<String> {
        let validators = Schemas::of(self.document);
        let of_all = |is_left_out: &dyn Fn(usize) -> bool| {
            let schemas = self.schemas.iter().enumerate().filter(|(key, _)| !is_left_out(*key));
            let properties: Map<String, Value> =
                schemas.map(|(key, schema)| (key.to_string(), (*schema).clone())).collect();
            validators.validator(&json!({ "properties": properties }))
        };
        let mut broken = HashMap::new();
        let validator = of_all(&|_| false).or_else(|_| {
            // Which schema is to blame shows where each is taken alone.
            broken = self.broken_schemas(&validators);
            of_all(&|key| broken.contains_key(&key))
        });
        let validator = match validator {
            Ok(validator) => validator,
            Err(error) => return vec![format!("the schemas of the examples are none: {error}")],
        };
        let mut violations = Vec::new();
        for Example { location, schema, value } in &self.all {
            if let Some(error) = broken.get(schema) {
                violations.push(format!("{location}: its schema is none: {error}"));
            }
            let key = schema.to_string();
            violations.extend(validator.iter_errors(&json!({ &key: value })).map(|error| {
                let at = error.instance_path().to_string();
                let at = at.strip_prefix(&format!("/{key}")).unwrap_or(&at);
                let at = if at.is_empty() { String::new() } else { format!(" at {at}") };
                format!("{location}{at}: {error}")
            }));
        }
        violations
    }

    /// Returns why a schema is none, of each that is none.
    fn broken_schemas(&self, validators: &Schemas) -> HashMap<usize, String> {
        let errors = self.schemas.iter().map(|schema| validators.validator(schema).err());
        errors.enumerate().filter_map(|(key, error)| Some((key, error?.to_string()))).collect()
    }
}
