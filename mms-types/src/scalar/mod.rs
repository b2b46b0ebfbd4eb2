//! Scalars: the values within schemas, each in a type of its own, and how they are read.

pub(crate) mod centicredits;
pub(crate) mod grouped;
pub(crate) mod id;
pub(crate) mod lenient;
pub(crate) mod meant_number;
pub(crate) mod name_key;
pub(crate) mod number;
pub(crate) mod operations;
pub(crate) mod text;
pub(crate) mod timestamp;
