//! Labels: a list of texts.

use std::collections::BTreeSet;

use super::reading::{Decode, Reading};
use super::text::visible;
use crate::file::yaml::{Node, Value};

/// The label that freezes a child.
pub(in crate::file) const HOLD: &str = "hold";

/// Words to select and group by.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(in crate::file) struct Labels(pub(in crate::file) BTreeSet<String>);

impl Labels {
    /// Says whether the label is among them that freezes a child.
    pub(in crate::file) fn hold(&self) -> bool {
        self.0.contains(HOLD)
    }
}

impl Decode for Labels {
    fn decode(node: &Node<'_>, key: &str, reading: &mut Reading<'_>) -> Option<Self> {
        let items = match &node.value {
            Value::Sequence(items) => items,
            Value::Unreadable => return None,
            Value::Scalar(scalar) if !node.is_null() => {
                let list: Vec<&str> = scalar.text.split(',').map(str::trim).collect();
                reading.problem(node.at, format!("{key} is no list"), format!("write [{}]", list.join(", ")));
                return None;
            }
            _ => {
                reading.problem(node.at, format!("{key} is no list"), "write [] or labels, such as [gold, bakery]");
                return None;
            }
        };
        let labels = items.iter().filter_map(|item| {
            let label = visible(item.resolved(), "label", "a word, such as gold", reading)?;
            if label != HOLD && label.to_lowercase() == HOLD {
                reading.problem(
                    item.at,
                    format!("label {label:?} freezes nothing"),
                    format!("write {HOLD} to freeze the child"),
                );
                return None;
            }
            Some(label)
        });
        Some(Self(labels.collect()))
    }
}
