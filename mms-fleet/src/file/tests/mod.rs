//! Tests of fleet files.

mod disk;
mod editing;
mod importing;
mod problems;
mod reading;
#[cfg(feature = "schemars")]
mod schema;
