//! Operations of a document, with the extensions beyond OpenAPI.

use serde_json::Value;

/// The methods that a path item can have, in the order of the `OpenAPI` specification.
pub const METHODS: [&str; 8] = ["get", "put", "post", "delete", "options", "head", "patch", "trace"];

/// One operation of the contract.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Operation {
    /// The `operationId`.
    pub id: String,
    /// The method, in upper case.
    pub method: String,
    /// The path template.
    pub path: String,
    /// What sending it twice would do: `x-operation-kind`.
    pub kind: OperationKind,
    /// The scopes that a token needs: `x-required-scopes`.
    pub scopes: Vec<String>,
}

/// What sending an operation twice would do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OperationKind {
    /// Nothing: it changes nothing.
    Read,
    /// Nothing more: it sets a total.
    AbsoluteWrite,
    /// Make something new a second time.
    Create,
}

impl OperationKind {
    /// Reads the value of `x-operation-kind`.
    #[must_use]
    pub fn from_extension(value: &str) -> Option<Self> {
        match value {
            "read" => Some(Self::Read),
            "absolute_write" => Some(Self::AbsoluteWrite),
            "create" => Some(Self::Create),
            _ => None,
        }
    }

    /// Returns the name of the variant that stands for this kind in generated code.
    #[must_use]
    pub fn variant(self) -> &'static str {
        match self {
            Self::Read => "Read",
            Self::AbsoluteWrite => "AbsoluteWrite",
            Self::Create => "Create",
        }
    }
}

impl Operation {
    /// Returns every operation of a document that keeps the rules.
    pub(crate) fn all(document: &Value) -> impl Iterator<Item = Self> {
        raw(document).filter_map(|(path, method, operation)| {
            Some(Self {
                id: operation["operationId"].as_str()?.to_owned(),
                method: method.to_ascii_uppercase(),
                path: path.to_owned(),
                kind: OperationKind::from_extension(operation["x-operation-kind"].as_str()?)?,
                scopes: operation["x-required-scopes"]
                    .as_array()?
                    .iter()
                    .filter_map(|scope| scope.as_str().map(str::to_owned))
                    .collect(),
            })
        })
    }
}

/// Walks over path, method and operation of a document as they stand, rules kept or not.
pub(crate) fn raw(document: &Value) -> impl Iterator<Item = (&str, &'static str, &Value)> {
    document["paths"].as_object().into_iter().flatten().flat_map(|(path, item)| {
        METHODS.iter().filter_map(move |method| Some((path.as_str(), *method, item.get(*method)?)))
    })
}

/// Returns the names in the braces of a path, in order.
#[must_use]
pub fn template(path: &str) -> Vec<&str> {
    path.split('{').skip(1).filter_map(|rest| rest.split_once('}')).map(|(name, _)| name).collect()
}

/// Returns a path with empty braces: the names of parameters do not tell routes apart.
#[must_use]
pub fn route(path: &str) -> String {
    let mut nodes = path.split('{');
    let first = nodes.next().unwrap_or_default();
    let rest = nodes.map(|node| node.split_once('}').map_or(node.to_owned(), |(_, after)| format!("{{}}{after}")));
    rest.fold(first.to_owned(), |route, node| route + &node)
}
