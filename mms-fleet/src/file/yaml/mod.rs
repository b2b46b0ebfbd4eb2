//! YAML 1.2 with places: a tree of nodes that know where they stand, so that each problem can say it and a text can be edited.

mod build;
mod node;
mod syntax;

pub(super) use build::{content, tree};
pub(super) use node::{At, Entry, Node, Scalar, Value};
