//! Nodes of a document that its rules speak of, each with its location.

use serde_json::{Map, Value};

use crate::document::location::Location;
use crate::document::operation::METHODS;

/// What a node of a document is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[expect(missing_docs, reason = "the names of the OpenAPI specification")]
pub enum NodeKind {
    Document,
    Info,
    Server,
    Tag,
    PathItem,
    Operation,
    Parameter,
    RequestBody,
    Response,
    Header,
    MediaType,
    Example,
    Components,
    Schema,
    SecurityScheme,
}

/// A node of a document.
#[derive(Debug, Clone)]
pub struct Node<'a> {
    /// What it is.
    pub kind: NodeKind,
    /// The node itself; where it is a `$ref`, nothing below it is a node.
    pub value: &'a Value,
    pub(crate) location: Location,
}

impl Node<'_> {
    /// Names the location of the node: `GET /enums/countries responses/200`, `schema Zone properties/id`.
    #[must_use]
    pub fn location(&self) -> String {
        self.location.name()
    }
}

/// How the value of a key holds nodes.
enum Held {
    One(NodeKind),
    List(NodeKind),
    ByName(NodeKind),
}

use Held::{ByName, List, One};

impl NodeKind {
    /// Returns the section of `components` that a reference in place of such a node names.
    pub(crate) fn section(self) -> Option<&'static str> {
        match self {
            Self::Parameter => Some("parameters"),
            Self::RequestBody => Some("requestBodies"),
            Self::Response => Some("responses"),
            Self::Header => Some("headers"),
            Self::Example => Some("examples"),
            Self::Schema => Some("schemas"),
            Self::SecurityScheme => Some("securitySchemes"),
            Self::Document
            | Self::Info
            | Self::Server
            | Self::Tag
            | Self::PathItem
            | Self::Operation
            | Self::MediaType
            | Self::Components => None,
        }
    }

    /// Returns the keys below which further nodes stand.
    fn holds(self) -> Vec<(&'static str, Held)> {
        match self {
            Self::Document => vec![
                ("info", One(Self::Info)),
                ("servers", List(Self::Server)),
                ("tags", List(Self::Tag)),
                ("paths", ByName(Self::PathItem)),
                ("components", One(Self::Components)),
            ],
            Self::Components => vec![
                ("schemas", ByName(Self::Schema)),
                ("parameters", ByName(Self::Parameter)),
                ("requestBodies", ByName(Self::RequestBody)),
                ("responses", ByName(Self::Response)),
                ("headers", ByName(Self::Header)),
                ("examples", ByName(Self::Example)),
                ("securitySchemes", ByName(Self::SecurityScheme)),
            ],
            Self::PathItem => {
                let shared = [("parameters", List(Self::Parameter)), ("servers", List(Self::Server))];
                shared.into_iter().chain(METHODS.map(|method| (method, One(Self::Operation)))).collect()
            }
            Self::Operation => vec![
                ("parameters", List(Self::Parameter)),
                ("requestBody", One(Self::RequestBody)),
                ("responses", ByName(Self::Response)),
                ("servers", List(Self::Server)),
            ],
            Self::Parameter | Self::Header => vec![
                ("schema", One(Self::Schema)),
                ("examples", ByName(Self::Example)),
                ("content", ByName(Self::MediaType)),
            ],
            Self::RequestBody => vec![("content", ByName(Self::MediaType))],
            Self::Response => vec![("headers", ByName(Self::Header)), ("content", ByName(Self::MediaType))],
            Self::MediaType => vec![("schema", One(Self::Schema)), ("examples", ByName(Self::Example))],
            Self::Schema => vec![
                ("properties", ByName(Self::Schema)),
                ("items", One(Self::Schema)),
                ("additionalProperties", One(Self::Schema)),
                ("not", One(Self::Schema)),
                ("allOf", List(Self::Schema)),
                ("anyOf", List(Self::Schema)),
                ("oneOf", List(Self::Schema)),
            ],
            Self::Info | Self::Server | Self::Tag | Self::Example | Self::SecurityScheme => Vec::new(),
        }
    }
}

/// Returns every node of a document, a node before those that it holds.
#[must_use]
pub fn nodes(document: &Value) -> Vec<Node<'_>> {
    let mut nodes = Vec::new();
    collect(NodeKind::Document, &Location::default(), document, &mut nodes);
    nodes
}

fn collect<'a>(kind: NodeKind, location: &Location, value: &'a Value, nodes: &mut Vec<Node<'a>>) {
    nodes.push(Node { kind, value, location: location.clone() });
    let Some(entries) = value.as_object().filter(|entries| !entries.contains_key("$ref")) else { return };
    for (key, held) in kind.holds() {
        let (Some(value), location) = (entries.get(key), location.step(key)) else { continue };
        match held {
            // Whether `additionalProperties` may stand is no schema.
            One(_) if value.is_boolean() && key == "additionalProperties" => {}
            One(kind) => collect(kind, &location, value, nodes),
            List(kind) => {
                for (index, item) in value.as_array().into_iter().flatten().enumerate() {
                    collect(kind, &location.step(&index.to_string()), item, nodes);
                }
            }
            ByName(kind) => {
                for (name, item) in named(kind, value.as_object()) {
                    collect(kind, &location.step(name), item, nodes);
                }
            }
        }
    }
}

/// Returns the entries of a map that are nodes: beside paths and answers an extension may stand.
fn named(kind: NodeKind, entries: Option<&Map<String, Value>>) -> impl Iterator<Item = (&String, &Value)> {
    let may_extend = matches!(kind, NodeKind::PathItem | NodeKind::Response);
    entries.into_iter().flatten().filter(move |(name, _)| !(may_extend && name.starts_with("x-")))
}
