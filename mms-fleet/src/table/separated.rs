//! Separated values: records of cells with their places. A comma, semicolon or tab separates them, as the titles show.
//!
//! It reads what the crate `csv` writes and reads, and more strictly: a quote that is never closed would take the rest of the file
//! for one name. That crate tells the place of a record, and a mistake has to be told at its cell.

use super::cell::{At, Cell};
use super::column::Columns;

/// What may stand between two cells.
const SEPARATORS: [char; 3] = [',', ';', '\t'];

/// First line by which some spreadsheets say what separates the cells.
const SEPARATOR_LINE: &str = "sep=";

/// A record: all its cells, the empty ones, too.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Record {
    pub(super) at: At,
    pub(super) cells: Vec<Cell>,
}

/// Something that is wrong with quotes: where, what, and what to write.
pub(super) type BadQuote = (At, String, &'static str);

/// Reads all records, the titles first. Lines without a text are passed over, and so are comments: those that begin with `#` before
/// the titles, and with `# ` behind them.
pub(super) fn records(text: &str, columns: &Columns) -> (Vec<Record>, Vec<BadQuote>) {
    let separator = separator(text, columns);
    let mut cursor = Cursor::new(text);
    let (mut records, mut bad) = (Vec::new(), Vec::new());
    while let Some(record) = cursor.record(separator, records.is_empty(), &mut bad) {
        if record.cells.iter().any(|cell| !cell.text.is_empty()) {
            records.push(record);
        }
    }
    (records, bad)
}

/// Returns what separates the cells: with what the first line has the most titles that are known, or else the most cells.
fn separator(text: &str, columns: &Columns) -> char {
    let first = text.lines().next().unwrap_or_default();
    if let Some(separator) = said(first) {
        return separator;
    }
    let mut best = (SEPARATORS[0], (0, 0));
    for separator in SEPARATORS {
        let titles = Cursor::new(text).record(separator, true, &mut Vec::new());
        let cells = titles.map(|titles| titles.cells).unwrap_or_default();
        let known = cells.iter().filter(|cell| columns.meaning(&cell.text).is_some()).count();
        if (known, cells.len()) > best.1 {
            best = (separator, (known, cells.len()));
        }
    }
    best.0
}

/// Returns the separator that a line says.
fn said(line: &str) -> Option<char> {
    let mut said =
        line.get(..SEPARATOR_LINE.len()).filter(|begin| begin.eq_ignore_ascii_case(SEPARATOR_LINE)).and_then(|_| {
            let mut rest = line[SEPARATOR_LINE.len()..].trim_end_matches([' ', '"']).chars();
            rest.next().filter(|_| rest.next().is_none())
        });
    said.take_if(|said| SEPARATORS.contains(said))
}

/// A text in the course of being read.
struct Cursor<'t> {
    rest: &'t str,
    at: At,
}

impl<'t> Cursor<'t> {
    const fn new(text: &'t str) -> Self {
        Self { rest: text, at: At { line: 1, column: 1 } }
    }

    fn peek(&self) -> Option<char> {
        self.rest.chars().next()
    }

    /// Takes the next character. A line ends with LF, CR, or both.
    fn take(&mut self) -> Option<char> {
        let mut characters = self.rest.chars();
        let character = characters.next()?;
        self.rest = characters.as_str();
        let is_line_end = character == '\n' || (character == '\r' && !self.rest.starts_with('\n'));
        self.at = if is_line_end {
            At { line: self.at.line + 1, column: 1 }
        } else {
            At { column: self.at.column + 1, ..self.at }
        };
        Some(character)
    }

    fn skip_line(&mut self) {
        while let Some(character) = self.take() {
            if ends_line(character) && !(character == '\r' && self.rest.starts_with('\n')) {
                return;
            }
        }
    }

    /// Reads the next record that is no comment.
    fn record(&mut self, separator: char, is_first: bool, bad: &mut Vec<BadQuote>) -> Option<Record> {
        loop {
            let after_hash = self.rest.strip_prefix('#');
            let is_comment =
                after_hash.is_some_and(|rest| is_first || !rest.starts_with(|next: char| !next.is_whitespace()));
            let is_said =
                self.at == At { line: 1, column: 1 } && said(self.rest.lines().next().unwrap_or_default()).is_some();
            let is_blank = is_first && self.peek().is_some_and(ends_line);
            if !(is_comment || is_said || is_blank) {
                break;
            }
            self.skip_line();
        }
        self.peek()?;
        let at = self.at;
        let mut cells = Vec::new();
        loop {
            cells.push(self.cell(separator, bad));
            match self.peek() {
                Some(next) if next == separator => drop(self.take()),
                Some(_) => {
                    self.skip_line();
                    break;
                }
                None => break,
            }
        }
        Some(Record { at, cells })
    }

    /// Reads a cell up to its separator or the end of its line.
    fn cell(&mut self, separator: char, bad: &mut Vec<BadQuote>) -> Cell {
        while self.peek().is_some_and(|next| next.is_whitespace() && next != separator && !ends_line(next)) {
            self.take();
        }
        let at = self.at;
        let is_end = |next: char| next == separator || ends_line(next);
        if self.peek() != Some('"') {
            let end = self.rest.find(is_end).unwrap_or(self.rest.len());
            let text = self.rest[..end].trim_end().to_owned();
            while self.peek().is_some_and(|next| !is_end(next)) {
                self.take();
            }
            return Cell { text, at };
        }
        self.take();
        let mut text = String::new();
        loop {
            match self.take() {
                None => {
                    let help = "close it, or write \"\" for a quote within a quoted text";
                    bad.push((at, "the quote that begins here is never closed".to_owned(), help));
                    break;
                }
                Some('"') if self.peek() == Some('"') => text.extend(self.take()),
                Some('"') => break,
                Some(character) => text.push(character),
            }
        }
        let after = self.at;
        let end = self.rest.find(is_end).unwrap_or(self.rest.len());
        let behind = self.rest[..end].trim().to_owned();
        if !behind.is_empty() {
            let help = "write \"\" for a quote within a quoted text";
            bad.push((after, format!("{behind:?} stands behind the closing quote"), help));
        }
        while self.peek().is_some_and(|next| !is_end(next)) {
            self.take();
        }
        Cell { text: text.trim().to_owned(), at }
    }
}

const fn ends_line(character: char) -> bool {
    matches!(character, '\n' | '\r')
}
