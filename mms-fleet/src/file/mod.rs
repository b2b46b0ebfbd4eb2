//! Fleet files: reading them with every mistake and its place, and writing them without a change of what a person wrote.

mod child;
mod decode;
mod disk;
mod document;
mod edit;
mod files;
mod import;
mod merge;
mod problems;
#[cfg(feature = "schemars")]
pub(crate) mod schema;
mod source;
#[cfg(test)]
mod tests;
mod yaml;

pub use edit::{ByHand, Edit, EditError, EditedFiles, NewChild};
pub use files::FleetFiles;
pub use import::{ImportOptions, ImportReport, Renamed, SkipReason, Skipped};
pub use problems::Problems;
pub(crate) use problems::in_order;
