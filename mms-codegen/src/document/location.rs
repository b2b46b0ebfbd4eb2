//! Location of a node in a document, in words that a reader of the document knows.

use crate::document::operation::METHODS;

/// The keys and indexes that lead from the root of a document to a node in it.
#[derive(Debug, Clone, Default)]
pub(crate) struct Location(Vec<String>);

impl Location {
    /// Returns the location one step further in.
    pub(crate) fn step(&self, segment: &str) -> Self {
        let mut segments = self.0.clone();
        segments.push(segment.to_owned());
        Self(segments)
    }

    /// Says whether this location is inside another.
    pub(crate) fn is_below(&self, other: &Self) -> bool {
        self.0.len() > other.0.len() && self.0.starts_with(&other.0)
    }

    /// Returns the last key or index.
    pub(crate) fn last(&self) -> &str {
        self.0.last().map_or("", String::as_str)
    }

    /// Says whether this location is that of a component.
    pub(crate) fn is_component(&self) -> bool {
        self.0.len() == 3 && self.0[0] == "components"
    }

    /// Names the location: `GET /enums/countries responses/200`, `schema Zone properties/id`, or the bare keys.
    pub(crate) fn name(&self) -> String {
        let segments: Vec<&str> = self.0.iter().map(String::as_str).collect();
        let (what, rest) = match segments.as_slice() {
            ["paths", path, method, rest @ ..] if METHODS.contains(method) => {
                (format!("{} {path}", method.to_ascii_uppercase()), rest)
            }
            ["paths", path, rest @ ..] => ((*path).to_owned(), rest),
            ["components", "schemas", name, rest @ ..] => (format!("schema {name}"), rest),
            rest => (String::new(), rest),
        };
        [what, rest.join("/")].into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" ")
    }
}

#[cfg(test)]
mod tests {
    use super::Location;

    #[test]
    fn a_location_in_an_operation_starts_with_method_and_path() {
        let segments = ["paths", "/enums/countries", "get", "responses", "200"];
        let location = segments.iter().fold(Location::default(), |location, segment| location.step(segment));
        assert_eq!(location.name(), "GET /enums/countries responses/200");
    }

    #[test]
    fn a_location_outside_of_operations_and_schemas_is_named_by_its_keys() {
        assert_eq!(Location::default().step("info").step("version").name(), "info/version");
        assert_eq!(Location::default().step("paths").step("/x").step("parameters").step("0").name(), "/x parameters/0");
        assert_eq!(Location::default().step("components").step("schemas").step("Zone").name(), "schema Zone");
    }
}
