//! Keeps the documents, the types and what is written from them in step, and makes the packages of a release.
//!
//! `cargo xtask codegen` is a thin command over [`codegen`], so that a plain test can run the same check:
//!
//! ```no_run
//! let outcome = xtask::codegen::check(std::path::Path::new(".."));
//! assert!(outcome.is_fresh(), "{outcome}");
//! ```

pub mod codegen;
pub mod fleet_schema;
pub mod json_schema;
pub mod package;
pub mod soak;

mod compatibility;
mod examples;
mod report;
mod revision;
mod schemas;
