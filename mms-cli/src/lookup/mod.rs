//! Lookup of names and codes: from what a person types to an id.

mod children;
mod lookalike;
mod named;
mod resolve;
mod similarity;

pub(crate) use children::{Children, name_of};
pub(crate) use lookalike::{appearance, lookalikes};
pub(crate) use named::NO_NAME;
pub(crate) use resolve::resolve;
