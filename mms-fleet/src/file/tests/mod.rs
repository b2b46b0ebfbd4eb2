//! Tests of fleet files.

mod disk;
mod editing;
mod problems;
mod reading;
#[cfg(feature = "schemars")]
mod schema;
