//! Tests of fleet files.

mod disk;
mod editing;
mod handwritten;
mod import_properties;
mod importing;
mod problems;
mod reading;
#[cfg(feature = "schemars")]
mod schema;
