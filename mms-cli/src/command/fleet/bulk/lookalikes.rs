//! Names of a table that look like another: that of a child, or of another row.

use std::collections::HashMap;

use mms_fleet::{Appearance, Observed, Step};

use crate::lookup::appearance;

/// A new name, and what it looks like.
#[derive(Debug)]
pub(super) struct Alike<'a> {
    pub(super) name: &'a str,
    pub(super) other: String,
}

/// Returns the new names that look like that of a child, or like an earlier one of them.
pub(super) fn alike<'a>(steps: &'a [Step], observed: &Observed) -> Vec<Alike<'a>> {
    let mut seen: HashMap<Appearance, String> = HashMap::new();
    for child in &observed.children {
        if let Some(name) = &child.name
            && let Some(appearance) = appearance(name)
        {
            seen.entry(appearance).or_insert_with(|| format!("{} {name}", child.id));
        }
    }
    let mut alike = Vec::new();
    for step in steps.iter().filter(|step| step.is_create()) {
        let Some(appearance) = appearance(&step.name) else { continue };
        match seen.get(&appearance) {
            Some(other) => alike.push(Alike { name: &step.name, other: other.clone() }),
            None => drop(seen.insert(appearance, format!("{} in the table", step.name))),
        }
    }
    alike
}
