//! Reading of one file: its problems so far, and what every kind of value shares.

use crate::file::source::Source;
use crate::file::yaml::{At, Entry, Node, Scalar, Value};
use crate::place::{Place, Problem};

/// A value that is read from a node.
pub(in crate::file) trait Decode: Sized {
    /// Reads the value of a key, or reports why it cannot be used.
    fn decode(node: &Node<'_>, key: &str, reading: &mut Reading<'_>) -> Option<Self>;
}

/// A value and where it stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::file) struct Found<T> {
    pub(in crate::file) value: T,
    pub(in crate::file) at: At,
}

impl<T: Decode> Found<T> {
    /// Reads a value with its position.
    pub(in crate::file) fn decode(node: &Node<'_>, key: &str, reading: &mut Reading<'_>) -> Option<Self> {
        // Of a value that is repeated, the place where it is written is what has to be mended.
        let at = node.resolved().at;
        T::decode(node.resolved(), key, reading).map(|value| Self { value, at })
    }
}

/// One file in the course of being read.
#[derive(Debug)]
pub(in crate::file) struct Reading<'s> {
    source: &'s Source,
    problems: Vec<Problem>,
}

impl<'s> Reading<'s> {
    pub(in crate::file) fn new(source: &'s Source) -> Self {
        Self { source, problems: Vec::new() }
    }

    /// Reports a problem.
    pub(in crate::file) fn problem(&mut self, at: At, message: impl Into<String>, help: impl Into<String>) {
        self.problems.push(self.source.problem(at, message, help));
    }

    /// Returns how many problems there are.
    pub(in crate::file) fn count(&self) -> usize {
        self.problems.len()
    }

    pub(in crate::file) fn place(&self, at: At) -> Place {
        self.source.place(at)
    }

    pub(in crate::file) fn into_problems(self) -> Vec<Problem> {
        self.problems
    }

    /// Returns the scalar that a key has, or reports that there is none. `example` completes "write ...".
    pub(in crate::file) fn scalar<'n, 't>(
        &mut self,
        node: &'n Node<'t>,
        key: &str,
        example: &str,
    ) -> Option<&'n Scalar<'t>> {
        let message = match &node.value {
            Value::Scalar(_) if node.is_null() => format!("{key} has no value"),
            Value::Scalar(scalar) => return Some(scalar),
            Value::Sequence(_) => format!("{key} is a list"),
            Value::Mapping(_) => format!("{key} has keys of its own"),
            Value::Alias(_) | Value::Unreadable => return None,
        };
        self.problem(node.at, message, format!("write {example}, or remove the key"));
        None
    }

    /// Returns the entries of the mapping that a key has, or reports that there is none. Nothing at all is an empty one.
    pub(in crate::file) fn entries<'n, 't>(
        &mut self,
        node: &'n Node<'t>,
        key: &str,
        example: &str,
    ) -> Option<&'n [Entry<'t>]> {
        match &node.value {
            Value::Mapping(mapping) => Some(&mapping.entries),
            Value::Scalar(_) if node.is_null() => Some(&[]),
            Value::Unreadable => None,
            _ => {
                let help = format!("write keys and values, such as {example}");
                self.problem(node.at, format!("{key} is no mapping"), help);
                None
            }
        }
    }
}
