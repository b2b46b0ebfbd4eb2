//! Names of a table that look like another: that of a child, or of another row.

use std::collections::HashMap;

use mms_fleet::{Observed, Step};

use crate::lookup::appearance;

/// A new name, and what it looks like.
#[derive(Debug)]
pub(super) struct Alike<'a> {
    pub(super) name: &'a str,
    pub(super) other: String,
}

/// Returns the new names that look like that of a child, or like an earlier one of them.
pub(super) fn alike<'a>(steps: &'a [Step], observed: &Observed) -> Vec<Alike<'a>> {
    let mut seen: HashMap<String, String> = HashMap::new();
    for child in &observed.children {
        if let Some(name) = &child.name {
            seen.entry(appearance(name)).or_insert_with(|| format!("{} {name}", child.id));
        }
    }
    let mut alike = Vec::new();
    for step in steps.iter().filter(|step| step.is_create()) {
        let appearance = appearance(&step.name);
        if appearance.is_empty() {
            continue;
        }
        match seen.get(&appearance) {
            Some(other) => alike.push(Alike { name: &step.name, other: other.clone() }),
            None => drop(seen.insert(appearance, format!("{} in the table", step.name))),
        }
    }
    alike
}
