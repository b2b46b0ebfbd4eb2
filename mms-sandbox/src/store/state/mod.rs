//! The whole state as one document: loading and dumping.

mod dump;
mod ids;
mod load;
mod ranges;
#[cfg(test)]
mod tests;

pub(crate) use dump::{count, dump, find_child};
pub(crate) use load::{load, parse_time};
