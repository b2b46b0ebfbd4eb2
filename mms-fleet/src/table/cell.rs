//! Cell of a table, and the row that it stands in.

use super::column::Column;

/// Where something stands: line and column in characters, both from 1.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct At {
    pub(super) line: usize,
    pub(super) column: usize,
}

/// A text without blanks around it, and where it stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Cell {
    pub(super) text: String,
    pub(super) at: At,
}

/// A row: the cells that have a text, each under what its column means.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Row {
    pub(super) at: At,
    pub(super) cells: Vec<(Column, Cell)>,
}

/// The rows of a table, and the columns that it has.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Rows {
    pub(super) columns: Vec<Column>,
    /// The titles of columns that are left out, for they are none of those that are known.
    pub(super) ignored: Vec<String>,
    pub(super) list: Vec<Row>,
}

impl Row {
    /// Returns the cell of a column; nothing where it is empty.
    pub(super) fn cell(&self, column: Column) -> Option<&Cell> {
        self.cells.iter().find(|(known, _)| *known == column).map(|(_, cell)| cell)
    }
}
