//! Tests of tables.

mod allocations;
mod form;
mod new_children;
mod planned;

use super::{NewChildDefaults, NewChildTable};

/// Reads a table of new children without defaults, and returns its problems, a line each.
fn problems(text: &str) -> Vec<String> {
    let problems = NewChildTable::read("new.csv", text.as_bytes(), &NewChildDefaults::default()).unwrap_err();
    problems.iter().map(ToString::to_string).collect()
}

/// Reads a table of new children without defaults.
fn table(bytes: &[u8]) -> NewChildTable {
    NewChildTable::read("new.csv", bytes, &NewChildDefaults::default()).unwrap()
}
