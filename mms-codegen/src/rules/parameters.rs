//! Rules for parameters: names that the builder can have, and what progenitor takes.

use std::collections::BTreeSet;

use serde_json::Value;

use super::{Checker, identifier, names, reference};
use crate::document::operation::template;

impl<'a> Checker<'a> {
    /// Checks the parameters of an operation, its own and those of its path.
    pub(super) fn parameters(&mut self, location: &str, path: &str, item: &'a Value, operation: &'a Value) {
        let mut declared = BTreeSet::new();
        let mut taken: BTreeSet<String> = names::in_builders().collect();
        let of_item = item["parameters"].as_array().into_iter().flatten();
        let of_operation = operation["parameters"].as_array().into_iter().flatten();
        for parameter in of_item.chain(of_operation) {
            let parameter = self.resolve(parameter);
            if reference(parameter).is_some() {
                continue;
            }
            let name = parameter["name"].as_str().unwrap_or_default();
            if !taken.insert(identifier(name)) {
                self.report(
                    location,
                    format!("parameter {name:?}: the generated builder has a method of this name already"),
                );
            }
            if parameter["in"] == "path" {
                declared.insert(name);
            }
            self.parameter(location, name, parameter);
        }
        let templated: BTreeSet<&str> = template(path).into_iter().collect();
        for name in templated.symmetric_difference(&declared) {
            self.report(location, format!("path and parameters disagree about {name:?}"));
        }
    }

    fn parameter(&mut self, location: &str, name: &str, parameter: &Value) {
        let carrier = parameter["in"].as_str().unwrap_or_default();
        let mut report = |message: &str| self.report(location, format!("parameter {name:?}: {message}"));
        if !name.starts_with(|first: char| first.is_ascii_alphabetic()) {
            report("the name does not start with a letter");
        }
        if let Some(style) = parameter["style"].as_str()
            && style != if carrier == "query" { "form" } else { "simple" }
        {
            report(&format!("progenitor takes no style {style:?}"));
        }
        if reference(&parameter["schema"]).is_none() {
            report("the schema is no $ref to a named schema");
        }
        if parameter["description"].as_str().is_none_or(str::is_empty) || parameter.get("example").is_none() {
            report("description or example is missing");
        }
        match carrier {
            "path" if parameter["required"] != Value::Bool(true) => report("a path parameter must be required"),
            "header" if names::is_set_by_the_client(name) => report("the client sets this header itself"),
            "path" | "query" | "header" => {}
            other => report(&format!("{other:?} is not path, query or header")),
        }
    }
}
