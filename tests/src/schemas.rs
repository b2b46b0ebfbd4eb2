//! The schemas of a document, as a JSON Schema validator takes them: those to which `cargo xtask codegen` holds examples.

pub use xtask::json_schema::Schemas;
