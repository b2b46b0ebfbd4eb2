//! Rules for paths and path items: nothing in them is passed over.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use super::{Checker, reference};
use crate::document::operation::{METHODS, route, template};

/// The methods that progenitor generates.
const GENERATED: [&str; 6] = ["get", "put", "post", "delete", "patch", "head"];

/// What a path item can have beside operations and extensions.
const BESIDE: [&str; 4] = ["summary", "description", "servers", "parameters"];

impl<'a> Checker<'a> {
    pub(super) fn paths(&mut self) {
        let document = self.document;
        let mut routes: BTreeMap<String, &str> = BTreeMap::new();
        for (path, item) in document["paths"].as_object().into_iter().flatten() {
            if path.starts_with("x-") {
                continue;
            }
            self.path(path);
            if let Some(other) = routes.insert(route(path), path) {
                self.report(path, format!("the same route as {other}: only the names of the parameters differ"));
            }
            self.item(path, item);
        }
    }

    fn path(&mut self, path: &str) {
        if !path.starts_with('/') {
            self.report(path, "the path does not start with a slash, so no program sees it");
        }
        if path.contains("//") {
            self.report(path, "the path has an empty segment, which progenitor leaves out");
        }
        let is_plain = |character: char| character.is_ascii_alphanumeric() || "/{}-._~".contains(character);
        if !path.chars().all(is_plain) {
            self.report(path, "the path has a character that is no letter, digit or one of - . _ ~");
        }
        if path.matches('{').count() != path.matches('}').count() {
            self.report(path, "the path has a brace without its partner");
        }
        let names = template(path);
        if names.iter().collect::<BTreeSet<_>>().len() < names.len() {
            self.report(path, "the path has one parameter twice");
        }
    }

    fn item(&mut self, path: &str, item: &'a Value) {
        if reference(item).is_some() {
            self.report(path, "the path is a $ref, which progenitor does not follow");
            return;
        }
        let keys = || item.as_object().into_iter().flatten().map(|(key, _)| key.as_str());
        for key in keys().filter(|key| !key.starts_with("x-") && !BESIDE.contains(key)) {
            if !METHODS.contains(&key) {
                let methods = GENERATED.join(", ");
                self.report(path, format!("{key:?} is no key of a path: methods are {methods}, in lower case"));
            } else if !GENERATED.contains(&key) {
                self.report(path, format!("progenitor generates no {key}"));
            }
        }
        if !keys().any(|key| METHODS.contains(&key)) {
            self.report(path, "the path has no operation");
        }
        self.own_servers(path, item);
    }

    /// Refuses servers below those of the document: the client would not call them, and they would not be checked.
    pub(super) fn own_servers(&mut self, location: &str, value: &Value) {
        if value.get("servers").is_some() {
            self.report(location, "servers of its own: the client calls those of the document alone");
        }
    }
}
