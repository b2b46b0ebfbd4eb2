//! Reading of one table: its problems so far, and its rows under the columns that they have.

use std::collections::{BTreeSet, HashMap};
use std::hash::Hash;
use std::str::FromStr;
use std::sync::Arc;

use super::cell::{At, Cell, Row, Rows};
use super::column::{Column, Columns, Meaning};
use super::json_lines::{self, Object};
use super::separated::{self, Record};
use super::text::text;
use crate::file::{Problems, in_order};
use crate::place::{Place, Problem};

/// The beginning of a table.
pub(super) const BEGINNING: At = At { line: 1, column: 1 };

/// A table in the course of being read.
#[derive(Debug)]
pub(super) struct Reading<'a> {
    file: Arc<str>,
    columns: &'a Columns,
    problems: Vec<Problem>,
}

impl<'a> Reading<'a> {
    pub(super) fn new(file: &str, columns: &'a Columns) -> Self {
        Self { file: file.into(), columns, problems: Vec::new() }
    }

    /// Returns the place of a position.
    pub(super) fn place(&self, at: At) -> Place {
        Place { file: Arc::clone(&self.file), line: at.line, column: at.column }
    }

    /// Reports a problem.
    pub(super) fn problem(&mut self, at: At, message: impl Into<String>, help: impl Into<String>) {
        let place = Some(self.place(at));
        self.problems.push(Problem { place, message: message.into(), help: help.into() });
    }

    /// Counts the problems so far.
    pub(super) const fn count(&self) -> usize {
        self.problems.len()
    }

    /// Returns what was read, unless there is a problem.
    pub(super) fn finish<T>(self, read: T) -> Result<T, Problems> {
        if self.problems.is_empty() { Ok(read) } else { Err(Problems::new(in_order(self.problems))) }
    }

    /// Reads the rows of a table; none, and a problem, where it has none or no titles.
    pub(super) fn rows(&mut self, bytes: &[u8]) -> Rows {
        let text = match text(bytes) {
            Ok(text) => text,
            Err((at, message, help)) => {
                self.problem(at, message, help);
                return Rows::default();
            }
        };
        let rows = if json_lines::is_json(text) { self.objects(text) } else { self.records(text) };
        if rows.rows.is_empty() && self.problems.is_empty() {
            let help = format!("write a line of titles, such as {}, and a line for each child", self.columns.names());
            self.problem(BEGINNING, "the file has no child", help);
        }
        rows
    }

    fn records(&mut self, text: &str) -> Rows {
        let (records, bad) = separated::records(text, self.columns);
        for (at, message, help) in bad {
            self.problem(at, message, help);
        }
        let mut records = records.into_iter();
        let Some(titles) = records.next() else { return Rows::default() };
        if !titles.cells.iter().any(|title| self.columns.meaning(&title.text).is_some()) {
            let help = format!("write the titles into the first line: {}", self.columns.names());
            self.problem(titles.at, "the first line has no title that is known", help);
            return Rows::default();
        }
        let columns = self.titles(&titles.cells);
        let rows = records.filter_map(|record| self.row(record, &columns)).collect();
        Rows { columns: columns.into_iter().flatten().collect(), rows }
    }

    /// Finds out what each title stands for; nothing where it stands for nothing.
    fn titles(&mut self, titles: &[Cell]) -> Vec<Option<Column>> {
        let mut known: Vec<(Column, &Cell)> = Vec::new();
        let mut columns = Vec::with_capacity(titles.len());
        for title in titles {
            let column = self.title(title);
            let earlier =
                known.iter().find(|(known, _)| Some(*known) == column).map(|(_, earlier)| earlier.text.clone());
            if let Some(earlier) = earlier {
                let message = format!("the columns {earlier:?} and {:?} are the same", title.text);
                self.problem(title.at, message, "keep one of them");
            } else if let Some(column) = column {
                known.push((column, title));
            }
            columns.push(column);
        }
        columns
    }

    /// Finds out what a title stands for. A column without a title is passed over: a spreadsheet may leave one behind.
    fn title(&mut self, title: &Cell) -> Option<Column> {
        match self.columns.meaning(&title.text) {
            Some(Meaning::Read(column)) => Some(column),
            Some(Meaning::PassedOver) => None,
            None if title.text.is_empty() => None,
            None => {
                let (message, help) = self.columns.unknown(&title.text);
                self.problem(title.at, message, help);
                None
            }
        }
    }

    fn row(&mut self, record: Record, columns: &[Option<Column>]) -> Option<Row> {
        let Record { at, cells } = record;
        let surplus = cells.iter().skip(columns.len()).find(|cell| !cell.text.is_empty()).map(|cell| cell.at);
        if surplus.is_some() || cells.len() < columns.len() {
            let message = format!("the line has {} fields, and the titles are {}", cells.len(), columns.len());
            let help = if surplus.is_some() {
                "put a text in quotes that has the separator in it"
            } else {
                "write a field for each title, an empty one for what is missing"
            };
            self.problem(surplus.unwrap_or(at), message, help);
            return None;
        }
        let cells = columns.iter().zip(cells).filter(|(_, cell)| !cell.text.is_empty());
        Some(Row { at, cells: cells.filter_map(|(column, cell)| Some(((*column)?, unmarked(cell)))).collect() })
    }

    fn objects(&mut self, text: &str) -> Rows {
        let (objects, bad) = json_lines::objects(text);
        for (at, message, help) in bad {
            self.problem(at, message, help);
        }
        let mut meanings: HashMap<String, Option<Column>> = HashMap::new();
        let mut columns = BTreeSet::new();
        let mut rows = Vec::with_capacity(objects.len());
        for Object { at, entries } in objects {
            let mut cells: Vec<(Column, Cell)> = Vec::with_capacity(entries.len());
            for (key, value) in entries {
                // A key that is not known is told once and not in each line.
                let column = if let Some(column) = meanings.get(&key.text) {
                    *column
                } else {
                    let column = self.title(&key);
                    meanings.insert(key.text.clone(), column);
                    column
                };
                let Some(column) = column else { continue };
                columns.insert(column);
                if cells.iter().any(|(known, _)| *known == column) {
                    let message = format!("the key {:?} stands twice, maybe by another name", key.text);
                    self.problem(value.at, message, "keep one of them");
                } else if !value.text.is_empty() {
                    cells.push((column, value));
                }
            }
            if !cells.is_empty() {
                rows.push(Row { at, cells });
            }
        }
        Rows { columns: columns.into_iter().collect(), rows }
    }

    /// Reads the text of a cell as a type that says itself what is wrong with it.
    pub(super) fn parsed<T: FromStr<Err: ToString>>(&mut self, cell: &Cell, help: &str) -> Option<T> {
        match cell.text.parse() {
            Ok(value) => Some(value),
            Err(error) => {
                self.problem(cell.at, error.to_string(), help);
                None
            }
        }
    }

    /// Notes a value that may stand once, or reports that it is there already.
    pub(super) fn once<K: Eq + Hash>(
        &mut self,
        seen: &mut HashMap<K, At>,
        key: K,
        at: At,
        what: &str,
        help: &str,
    ) -> bool {
        match seen.get(&key) {
            Some(earlier) => {
                let message = format!("{what} is there already, in line {}", earlier.line);
                self.problem(at, message, help);
                false
            }
            None => seen.insert(key, at).is_none(),
        }
    }
}

/// Takes away the apostrophe that keeps a spreadsheet from reading a text as a formula.
fn unmarked(mut cell: Cell) -> Cell {
    let is_formula = |rest: &str| rest.trim_start().starts_with(['=', '+', '-', '@']);
    if cell.text.strip_prefix('\'').is_some_and(is_formula) {
        cell.text.remove(0);
        cell.at.column += 1;
    }
    cell
}
