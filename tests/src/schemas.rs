//! Schemas of a document, as `cargo xtask codegen` holds examples to them.

pub use xtask::json_schema::Schemas;
