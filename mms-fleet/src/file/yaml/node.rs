//! Node of a YAML document, with where it stands.

use std::borrow::Cow;
use std::ops::Range;
use std::rc::Rc;

/// A line and a column, both from 1, the column in characters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(in crate::file) struct At {
    pub(in crate::file) line: usize,
    pub(in crate::file) column: usize,
}

/// A node and where it stands.
#[derive(Debug)]
pub(in crate::file) struct Node<'t> {
    pub(in crate::file) at: At,
    /// The bytes of it, its anchor included.
    pub(in crate::file) range: Range<usize>,
    /// Whether it has an anchor, so that a change of it may be a change elsewhere too.
    pub(in crate::file) is_anchored: bool,
    pub(in crate::file) value: Value<'t>,
    /// How many nodes it unfolds to.
    pub(super) size: usize,
    /// How many levels it has.
    pub(super) height: usize,
}

/// What a node holds.
#[derive(Debug)]
pub(in crate::file) enum Value<'t> {
    Scalar(Scalar<'t>),
    Sequence(Vec<Rc<Node<'t>>>),
    Mapping(Mapping<'t>),
    Alias(Rc<Node<'t>>),
    /// Something that a problem was reported for.
    Unreadable,
}

/// A text as it was written.
#[derive(Debug, Clone)]
pub(in crate::file) struct Scalar<'t> {
    pub(in crate::file) text: Cow<'t, str>,
    /// Whether it has no quotes and is no block, so that it may be a number or nothing at all.
    pub(in crate::file) is_plain: bool,
}

/// Keys and values in the order of the text.
#[derive(Debug)]
pub(in crate::file) struct Mapping<'t> {
    pub(in crate::file) entries: Vec<Entry<'t>>,
    /// Whether it is written in braces.
    pub(in crate::file) is_flow: bool,
}

/// A key and its value.
#[derive(Debug)]
pub(in crate::file) struct Entry<'t> {
    pub(in crate::file) key: Rc<Node<'t>>,
    pub(in crate::file) value: Rc<Node<'t>>,
}

impl<'t> Node<'t> {
    /// Returns the node itself, or the one that it is an alias of.
    pub(in crate::file) fn resolved(&self) -> &Self {
        let mut node = self;
        while let Value::Alias(target) = &node.value {
            node = target;
        }
        node
    }

    /// Returns the text of a scalar.
    pub(in crate::file) fn scalar(&self) -> Option<&Scalar<'t>> {
        match &self.resolved().value {
            Value::Scalar(scalar) => Some(scalar),
            _ => None,
        }
    }

    /// Returns the mapping that is written here; nothing for an alias of one.
    pub(in crate::file) fn mapping(&self) -> Option<&Mapping<'t>> {
        match &self.value {
            Value::Mapping(mapping) => Some(mapping),
            _ => None,
        }
    }

    /// Says whether nothing is written, or a word for nothing.
    pub(in crate::file) fn is_null(&self) -> bool {
        self.scalar().is_some_and(|scalar| {
            scalar.is_plain && matches!(scalar.text.as_ref(), "" | "~" | "null" | "Null" | "NULL")
        })
    }
}

impl<'t> Mapping<'t> {
    /// Returns the first entry with a key.
    pub(in crate::file) fn get(&self, key: &str) -> Option<&Entry<'t>> {
        self.entries.iter().find(|entry| entry.key.scalar().is_some_and(|scalar| scalar.text == key))
    }
}
