//! Reading of one table: its problems so far, and its rows under the columns that they have.

use std::collections::{BTreeSet, HashMap, HashSet};
use std::hash::Hash;
use std::str::FromStr;
use std::sync::Arc;

use super::cell::{At, Cell, Row, Rows};
use super::column::{Column, Columns, Meaning};
use super::json_lines::{self, Entry, Object};
use super::separated::{self, Record};
use super::text::text;
use crate::file::{Problems, in_order};
use crate::place::{Place, Problem};
use crate::plan::stop::StopKind;

/// The beginning of a table.
pub(super) const BEGINNING: At = At { line: 1, column: 1 };

/// A table in the course of being read.
#[derive(Debug)]
pub(super) struct Reading<'a> {
    file: Arc<str>,
    columns: &'a Columns,
    problems: Vec<Problem>,
}

/// What titles stand for.
struct Titles {
    /// The column of each; nothing where it stands for none.
    columns: Vec<Option<Column>>,
    /// Those that are left out.
    ignored: Vec<String>,
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

    /// Reports what would stop a plan, at a position or of a flag.
    pub(super) fn stopped_by(&mut self, stop: Option<StopKind>, at: Option<At>) {
        let Some(words) = stop.map(|stop| stop.to_string()) else { return };
        // The value is in quotes, and what to write stands behind them.
        let (message, help) = match words.split_once("\": ") {
            Some((message, help)) => (format!("{message}\""), help.to_owned()),
            None => (words, "write another one".to_owned()),
        };
        let place = at.map(|at| self.place(at));
        self.problems.push(Problem { place, message, help });
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
        if rows.list.is_empty() && self.problems.is_empty() {
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
        let cells: Vec<_> = titles.cells.iter().collect();
        let Titles { columns, ignored } = self.titles(&cells);
        self.refuse_twice(&titles.cells, &columns);
        let rows = records.filter_map(|record| self.row(record, &columns)).collect();
        Rows { columns: columns.into_iter().flatten().collect(), ignored, list: rows }
    }

    /// Finds out what each title stands for. A column without a title is passed over: a spreadsheet may leave one behind.
    fn titles(&mut self, titles: &[&Cell]) -> Titles {
        let meanings: Vec<_> = titles.iter().map(|title| self.columns.meaning(&title.text)).collect();
        let read = |meaning: &Option<Meaning>| match meaning {
            Some(Meaning::Read(column)) => Some(*column),
            _ => None,
        };
        let columns: Vec<_> = meanings.iter().map(read).collect();
        let present: Vec<_> = columns.iter().flatten().copied().collect();
        let mut ignored = Vec::new();
        for (title, meaning) in titles.iter().zip(&meanings) {
            if meaning.is_some() || title.text.is_empty() {
                continue;
            }
            match self.columns.refusal(&title.text, &present) {
                Some((message, help)) => self.problem(title.at, message, help),
                None => ignored.push(title.text.clone()),
            }
        }
        Titles { columns, ignored }
    }

    /// Reports titles that stand for one column.
    fn refuse_twice(&mut self, titles: &[Cell], columns: &[Option<Column>]) {
        for (index, (title, column)) in titles.iter().zip(columns).enumerate() {
            let earlier = columns[..index].iter().position(|earlier| earlier == column && column.is_some());
            if let Some(earlier) = earlier.and_then(|earlier| titles.get(earlier)) {
                let message = format!("the columns {:?} and {:?} are the same", earlier.text, title.text);
                self.problem(title.at, message, "keep one of them");
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
        // A key that is not known is told once and not in each line.
        let mut keys: Vec<&Cell> = Vec::new();
        let mut seen = HashSet::new();
        for Entry { key, .. } in objects.iter().flat_map(|object| &object.entries) {
            if seen.insert(key.text.as_str()) {
                keys.push(key);
            }
        }
        let Titles { columns, ignored } = self.titles(&keys);
        let meanings: HashMap<_, _> = keys.iter().map(|key| key.text.clone()).zip(columns.iter().copied()).collect();
        let left_out: HashSet<String> = ignored.iter().cloned().collect();
        let mut rows = Vec::with_capacity(objects.len());
        for Object { at, entries } in objects {
            let mut cells: Vec<(Column, Cell)> = Vec::with_capacity(entries.len());
            for Entry { key, value } in entries {
                let value = match value {
                    Ok(value) => value,
                    Err((at, message, help)) => {
                        if !left_out.contains(&key.text) {
                            self.problem(at, message, help);
                        }
                        continue;
                    }
                };
                let Some(column) = meanings.get(&key.text).copied().flatten() else { continue };
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
        let columns: BTreeSet<_> = columns.into_iter().flatten().collect();
        Rows { columns: columns.into_iter().collect(), ignored, list: rows }
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
