//! Tests of fleet files.

mod disk;
mod editing;
mod handwritten;
mod importing;
mod problems;
mod properties;
mod reading;
#[cfg(feature = "schemars")]
mod schema;
