//! Import: what exists in Make, written into a fleet file. It adds, binds and marks, and never removes or changes what a person wrote.

mod files;
mod matching;
mod options;
mod report;

pub use options::ImportOptions;
pub use report::{ImportReport, Renamed, SkipReason, Skipped};
