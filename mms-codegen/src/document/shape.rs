//! Shape of a document: the smallest node that is no `OpenAPI` 3.0, and the key in it.

use openapiv3::{
    Components, Example, Header, Info, MediaType, OpenAPI, Operation, Parameter, PathItem, RequestBody, Response,
    Schema, SecurityScheme, Server, Tag,
};
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

use crate::document::node::{Node, NodeKind, nodes};
use crate::document::violation::Violation;

/// Reads a document as the model that progenitor and drift read, or says where it cannot be read.
///
/// The messages of the model name no location, so after a failure each node is read on its own.
pub(crate) fn openapi(document: &Value) -> Result<OpenAPI, Vec<Violation>> {
    serde_json::from_value(document.clone()).map_err(|error| {
        let locations = faults(document);
        if locations.is_empty() { vec![Violation::new("the document", error.to_string())] } else { locations }
    })
}

fn faults(document: &Value) -> Vec<Violation> {
    let broken: Vec<(Node<'_>, String)> =
        nodes(document).into_iter().filter_map(|node| fault(node.kind, node.value).map(|it| (node, it))).collect();
    let innermost =
        broken.iter().filter(|(node, _)| !broken.iter().any(|(other, _)| other.location.is_below(&node.location)));
    innermost
        .map(|(node, message)| {
            let location = culprit(node).map_or_else(|| node.location.clone(), |key| node.location.step(key));
            Violation::new(location.name(), message)
        })
        .collect()
}

/// Returns the key of a node without which, or with something empty in its place, it could be read.
fn culprit<'a>(node: &Node<'a>) -> Option<&'a str> {
    let entries = node.value.as_object()?;
    let cures = |key: &str| {
        let mut without = entries.clone();
        without.remove(key);
        let others = [json!({}), json!([]), json!("")].map(|empty| {
            let mut other = entries.clone();
            other.insert(key.to_owned(), empty);
            other
        });
        others.into_iter().chain([without]).any(|entries| fault(node.kind, &Value::Object(entries)).is_none())
    };
    entries.keys().map(String::as_str).find(|key| cures(key))
}

/// Says why a node cannot be read as what it is.
fn fault(kind: NodeKind, value: &Value) -> Option<String> {
    if kind.section().is_some() && value.get("$ref").is_some_and(Value::is_string) {
        return None;
    }
    match kind {
        NodeKind::Document => error::<OpenAPI>(value),
        NodeKind::Info => error::<Info>(value),
        NodeKind::Server => error::<Server>(value),
        NodeKind::Tag => error::<Tag>(value),
        NodeKind::PathItem => error::<PathItem>(value),
        NodeKind::Operation => error::<Operation>(value),
        NodeKind::Parameter => error::<Parameter>(value),
        NodeKind::RequestBody => error::<RequestBody>(value),
        NodeKind::Response => error::<Response>(value),
        NodeKind::Header => error::<Header>(value),
        NodeKind::MediaType => error::<MediaType>(value),
        NodeKind::Example => error::<Example>(value),
        NodeKind::Components => error::<Components>(value),
        NodeKind::Schema => error::<Schema>(value),
        NodeKind::SecurityScheme => error::<SecurityScheme>(value),
    }
}

fn error<T: DeserializeOwned>(value: &Value) -> Option<String> {
    T::deserialize(value).err().map(|error| error.to_string())
}
