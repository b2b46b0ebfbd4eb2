//! Data of a command: records with one description of their columns, and the forms in which they are written.

pub(super) mod columns;
pub(super) mod csv;
pub(super) mod document;
pub(super) mod jq;
pub(super) mod json;
pub(super) mod markdown;
mod number;
mod record;
pub(super) mod sheet;
pub(super) mod stdout;
pub(super) mod table;

pub(crate) use columns::{Choice, View, find as find_column, name as column_name};
pub(crate) use mms_types::grouped;
pub(crate) use number::grouped_amount;
pub(crate) use record::{Column, Record, Tone, Value};
pub(crate) use sheet::Sheet;

#[cfg(test)]
pub(crate) use columns::header as csv_header;
