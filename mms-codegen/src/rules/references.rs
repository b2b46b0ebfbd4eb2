//! Rules for references: every program finds what one names, and finds the same.

use std::collections::BTreeSet;

use super::{Checker, reference};
use crate::document::node::Node;

impl Checker<'_> {
    pub(super) fn reference(&mut self, node: &Node<'_>) {
        let (Some(target), Some(section)) = (reference(node.value), node.kind.section()) else { return };
        let location = node.location();
        let keys = node.value.as_object().map_or(0, serde_json::Map::len);
        if keys > 1 {
            self.report(&location, format!("$ref {target:?} has other keys beside it, which 3.0 ignores"));
        }
        if let Some(mistake) = self.dead_end(target) {
            self.report(&location, mistake);
        } else if node.location.is_component() {
            self.report(&location, format!("a component that is only a $ref: refer to {target:?} itself"));
        } else if !is_component(target, section) {
            self.report(&location, format!("$ref {target:?} is not #/components/{section}/ and a name"));
        }
    }

    /// Says how a reference does not lead to something.
    fn dead_end(&self, target: &str) -> Option<String> {
        let mut passed = BTreeSet::new();
        let mut next = Some(target);
        while let Some(target) = next {
            let found = target.strip_prefix('#').and_then(|pointer| self.document.pointer(pointer));
            let Some(found) = found else { return Some(format!("$ref {target:?} leads nowhere")) };
            if !passed.insert(target) {
                return Some(format!("$ref {target:?} leads back to itself"));
            }
            next = reference(found);
        }
        None
    }
}

/// Says whether a reference names a component of a section, and nothing in it: progenitor looks up its last segment alone.
pub(super) fn is_component(target: &str, section: &str) -> bool {
    let name = target.strip_prefix("#/components/").and_then(|rest| rest.strip_prefix(section)?.strip_prefix('/'));
    name.is_some_and(|name| !name.contains(['/', '~', '%']))
}
