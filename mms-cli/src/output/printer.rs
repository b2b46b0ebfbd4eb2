//! Printer: data to standard output, everything else to standard error. Nothing else in this crate prints but the traces.

use std::io::{self, Write};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use clap::builder::styling::{AnsiColor, Style};
use mms_client::{RawAnswer, operations};

use super::appearance::Appearance;
use super::data::csv::{self, Separator};
use super::data::sheet::{self, Sheet};
pub(crate) use super::data::stdout::help;
use super::data::stdout::{unwritable, write_out, written};
use super::data::table::Reader;
use super::data::{Column, Record, Value, View, document, jq, json, markdown, table};
use super::failure::{ErrorReport, ExitCode, Failure};
use super::format::Format;
use super::plan::Plan;
use super::safe::{Secrets, printable};
use super::terminal::Terminal;

const TITLE: Style = Style::new().bold();
const ERROR: Style = AnsiColor::Red.on_default().bold();
const WARNING: Style = AnsiColor::Yellow.on_default().bold();
const HINT: Style = AnsiColor::Cyan.on_default().bold();

/// Writer of data, notes, warnings, questions and failures, in the form that the arguments ask for.
#[derive(Debug, Clone)]
pub(crate) struct Printer {
    appearance: Appearance,
    out: Terminal,
    err: Terminal,
    secrets: Secrets,
    /// Whether notes and warnings are left to the command.
    is_muted: bool,
    /// Whether a line stands on standard error that the next one takes the place of.
    is_passing: Arc<AtomicBool>,
}

impl Printer {
    /// Returns the printer for an appearance, which shows none of the secrets on standard error.
    pub(crate) fn new(appearance: Appearance, secrets: Secrets) -> Self {
        let (out, err) = (Terminal::stdout(appearance.color), Terminal::stderr(appearance.color));
        Self { appearance, out, err, secrets, is_muted: false, is_passing: Arc::default() }
    }

    /// Returns the same printer without notes and warnings, for a command that looks into what they are about itself. Lines that pass
    /// stay.
    pub(crate) fn muted(&self) -> Self {
        Self { is_muted: true, ..self.clone() }
    }

    /// Returns the same printer with notes and warnings, unless `--quiet` is given.
    pub(crate) fn audible(&self) -> Self {
        Self { is_muted: false, ..self.clone() }
    }

    /// Returns a text as it may be shown.
    fn safe(&self, text: &str) -> String {
        printable(&self.secrets.hide(text)).into_owned()
    }

    /// Returns the words of an error: which operation of the contract failed is told to those who want to see what the client does.
    pub(crate) fn in_words(&self, text: &str) -> String {
        let mut text = text.to_owned();
        if !self.appearance.names_operations {
            for operation in operations() {
                text = text.replace(&format!("{}: ", operation.id), "");
            }
        }
        text
    }

    fn reader(&self) -> Reader {
        let now = self.out.is_there.then(jiff::Timestamp::now);
        Reader { terminal: self.out, now, is_headless: self.appearance.is_headless }
    }

    /// Says whether a person reads the data as it is written.
    pub(crate) fn is_read_by_a_person(&self) -> bool {
        self.appearance.format == Format::Table && self.out.is_there
    }

    /// Says whether data is written as a table of all columns.
    pub(crate) fn is_whole_table(&self) -> bool {
        self.appearance.format == Format::Table && !self.appearance.columns.is_given()
    }

    /// Returns a value as a table shows it, in its colour.
    pub(crate) fn painted(&self, value: &Value) -> String {
        table::painted_value(value, self.reader())
    }

    /// Returns how many lines the terminal of standard output has.
    pub(crate) const fn height(&self) -> Option<usize> {
        self.out.height
    }

    /// Says whether standard output is a terminal.
    pub(crate) const fn is_terminal(&self) -> bool {
        self.out.is_there
    }

    /// Refuses columns that this kind of record does not have, before anything is sent.
    pub(crate) fn check_columns<R: Record>(&self) -> Result<(), Failure> {
        self.check_filter()?;
        match self.appearance.format {
            Format::Table => self.appearance.columns.named::<R>().map(drop),
            _ => self.appearance.columns.of_data::<R>(None).map(drop),
        }
    }

    fn check_filter(&self) -> Result<(), Failure> {
        let Some(filter) = &self.appearance.jq else { return Ok(()) };
        // A filter that cannot be read is refused here; what it does with no data is its own matter.
        match jq::filtered("null", filter) {
            Err(failure) if failure.code() == ExitCode::Usage => Err(failure),
            _ => Ok(()),
        }
    }

    /// Refuses forms that a document of any shape does not have, before anything is sent.
    pub(crate) fn check_document(&self, with_head: bool) -> Result<(), Failure> {
        let Appearance { format, columns, jq, .. } = &self.appearance;
        document::check(*format, columns.is_given(), jq.is_some(), with_head)?;
        self.check_filter()
    }

    /// Writes status and headers of an answer as HTTP does, without the values that are secrets.
    pub(crate) fn head(&self, answer: &RawAnswer) -> Result<(), Failure> {
        self.raw(&document::head(answer))
    }

    /// Writes a document of the server: as it came, but on a terminal laid out and safe; as JSON where that is asked for. `rows` is
    /// the list that is written a line an element.
    pub(crate) fn document(&self, body: &[u8], rows: Option<&str>) -> Result<(), Failure> {
        let is_there = self.out.is_there;
        match (self.appearance.format, document::json_of(body)) {
            (Format::Table, Some(json)) if is_there => self.raw(&document::indented(json)),
            (Format::Json, Some(json)) => match &self.appearance.jq {
                Some(filter) => self.raw(&jq::filtered(json, filter)?),
                None => self.raw(&document::indented(json)),
            },
            (Format::Ndjson, Some(json)) => self.raw(&document::lines(rows.unwrap_or(json))),
            (format, _) => {
                if format != Format::Table && !body.is_empty() {
                    self.warn("the answer is no JSON: it is written as it came");
                }
                if is_there { self.raw(&document::text(body)) } else { write_out(body) }
            }
        }
    }

    /// Writes a list of records.
    pub(crate) fn list<R: Record>(&self, records: &[R]) -> Result<(), Failure> {
        self.view(records, None, &[])
    }

    /// Writes a list of records in the columns of a view, and under a table a line of totals by field names.
    pub(crate) fn view<R: Record>(
        &self,
        records: &[R],
        view: Option<View>,
        totals: &[(&str, Value<'_>)],
    ) -> Result<(), Failure> {
        let choice = &self.appearance.columns;
        let narrowed = || json::all_narrowed(records, &choice.of_data(view)?).map_err(unwritable);
        match self.appearance.format {
            Format::Json if choice.is_given() => self.json(&narrowed()?),
            Format::Json => self.json(&records),
            Format::Ndjson if choice.is_given() => self.raw(&json::lines(&narrowed()?).map_err(unwritable)?),
            Format::Ndjson => self.raw(&json::lines(records).map_err(unwritable)?),
            Format::Csv => self.separated(records, &choice.of_data(view)?, Separator::Comma),
            Format::Tsv => self.separated(records, &choice.of_data(view)?, Separator::Tab),
            Format::Markdown => self.raw(&markdown::table(records, &choice.of_table(view)?, totals)),
            Format::Table => self.raw(&table::text(records, &choice.of_table(view)?, totals, self.reader())),
        }
    }

    /// Begins a sheet for standard output, as Markdown where that is asked for.
    pub(crate) fn sheet(&self) -> Sheet {
        if self.appearance.format == Format::Markdown { Sheet::in_markdown() } else { Sheet::on(self.out) }
    }

    /// Begins a sheet for standard error.
    pub(crate) const fn sheet_before_question(&self) -> Sheet {
        Sheet::on(self.err)
    }

    /// Writes a sheet as data, or else a value as JSON.
    pub(crate) fn sheet_or_json(&self, sheet: &Sheet, value: &impl serde::Serialize) -> Result<(), Failure> {
        match self.appearance.format {
            Format::Json => self.json(value),
            Format::Ndjson => self.json_line(value),
            _ => self.raw(sheet.text()),
        }
    }

    /// Writes a sheet to standard error, before a question.
    pub(crate) fn show_before_question(&self, sheet: &Sheet) {
        self.write_err(&self.secrets.hide(sheet.text()));
    }

    /// Refuses forms that a sheet does not have, before anything is sent.
    pub(crate) fn check_sheet(&self) -> Result<(), Failure> {
        sheet::check(self.appearance.format, self.appearance.columns.is_given())?;
        self.check_filter()
    }

    /// Writes a list without records: an empty one for programs, nothing as a table.
    pub(crate) fn nothing<R: Record>(&self) -> Result<(), Failure> {
        if self.appearance.format == Format::Table { Ok(()) } else { self.list::<R>(&[]) }
    }

    /// Writes one record.
    pub(crate) fn one<R: Record>(&self, record: &R) -> Result<(), Failure> {
        let choice = &self.appearance.columns;
        let records = std::slice::from_ref(record);
        match self.appearance.format {
            Format::Json if choice.is_given() => {
                self.json(&json::narrowed(record, &choice.of_data(None)?).map_err(unwritable)?)
            }
            Format::Json => self.json(record),
            Format::Table => self.raw(&table::card(record, &choice.of_table(None)?, self.reader())),
            Format::Ndjson | Format::Csv | Format::Tsv | Format::Markdown => self.list(records),
        }
    }

    /// Writes one record; where no columns were asked for, as a table its text alone.
    pub(crate) fn one_or_text<R: Record>(&self, record: &R, text: &str) -> Result<(), Failure> {
        let is_text = self.appearance.format == Format::Table && !self.appearance.columns.is_given();
        if is_text { self.raw(&format!("{text}\n")) } else { self.one(record) }
    }

    /// Writes records one under the other, each in full.
    pub(crate) fn cards<R: Record>(&self, records: &[R]) -> Result<(), Failure> {
        if self.appearance.format != Format::Table {
            return self.list(records);
        }
        let columns = self.appearance.columns.of_table(None)?;
        let cards = records.iter().map(|record| table::card(record, &columns, self.reader()));
        write_out(cards.collect::<Vec<_>>().join("\n").as_bytes())
    }

    /// Returns the columns that were asked for.
    pub(crate) fn columns(&self) -> impl Iterator<Item = &str> {
        self.appearance.columns.names()
    }

    fn json(&self, value: &impl serde::Serialize) -> Result<(), Failure> {
        match &self.appearance.jq {
            Some(filter) => self.raw(&jq::filtered(&json::line(value).map_err(unwritable)?, filter)?),
            None => self.raw(&format!("{}\n", json::text(value).map_err(unwritable)?)),
        }
    }

    fn separated<R: Record>(
        &self,
        records: &[R],
        columns: &[&'static Column<R>],
        separator: Separator,
    ) -> Result<(), Failure> {
        written(csv::write(records, columns, separator, self.appearance.is_headless, io::stdout().lock()))
    }

    /// Clears the terminal before the next round of data.
    pub(crate) fn clear_screen(&self) -> Result<(), Failure> {
        if self.out.can_redraw { write_out(b"\x1b[H\x1b[2J") } else { Ok(()) }
    }

    /// Writes a value on one line of JSON.
    pub(crate) fn json_line(&self, value: &impl serde::Serialize) -> Result<(), Failure> {
        self.raw(&format!("{}\n", json::line(value).map_err(unwritable)?))
    }

    /// Writes text that is data itself, such as a script.
    #[expect(clippy::unused_self, reason = "whoever writes has a printer")]
    pub(crate) fn raw(&self, text: &str) -> Result<(), Failure> {
        write_out(text.as_bytes())
    }

    /// Says whether data is written a record a line, as it comes.
    pub(crate) fn is_streamed(&self) -> bool {
        self.appearance.format == Format::Ndjson
    }

    /// Writes a note, unless `--quiet` is given.
    pub(crate) fn note(&self, text: &str) {
        if !self.appearance.quiet && !self.is_muted {
            self.write_err(&format!("{}\n", self.safe(text)));
        }
    }

    /// Shows a line that the next one takes the place of, on a terminal alone. Returns whether it is shown.
    pub(crate) fn passing(&self, text: &str) -> bool {
        if self.appearance.quiet || !self.err.can_redraw {
            return false;
        }
        let room = self.err.width.unwrap_or(80).saturating_sub(1);
        let line: String = self.safe(text).chars().take(room).collect();
        self.write_err(&line);
        self.is_passing.store(true, Ordering::Relaxed);
        true
    }

    /// Takes a passing line away.
    pub(crate) fn clear_passing(&self) {
        self.write_err("");
    }

    /// Writes a warning.
    pub(crate) fn warn(&self, text: &str) {
        if self.is_muted {
            return;
        }
        let text = self.safe(&self.in_words(text));
        self.write_err(&format!("{} {text}\n", paint(WARNING, "warning:", self.err.color)));
    }

    /// Writes the plan of a write; with `--quiet` only if a question follows. Returns whether it was written.
    pub(crate) fn plan(&self, plan: &Plan, question_follows: bool) -> bool {
        let is_shown = question_follows || !self.appearance.quiet;
        if is_shown {
            self.write_err(&format!("{}\n", self.secrets.hide(&plan.render(self.err.color))));
        }
        is_shown
    }

    /// Writes a question and leaves the cursor behind it.
    pub(crate) fn ask(&self, question: &str) {
        self.write_err(&format!("{} [y/N] ", paint(TITLE, &self.safe(question), self.err.color)));
    }

    /// Writes what a text is asked for with, and leaves the cursor behind it.
    pub(crate) fn prompt(&self, prompt: &str) {
        self.write_err(&format!("{} ", paint(TITLE, &self.safe(prompt), self.err.color)));
    }

    /// Ends a line that a question began, whose answer did not end it.
    pub(crate) fn end_line(&self) {
        self.write_err("\n");
    }

    /// Writes a failure with its hint; as JSON where data is.
    pub(crate) fn failure(&self, failure: &Failure) {
        if self.appearance.format.is_json() {
            // The secrets are hidden in the texts, so that what is written stays JSON.
            let report = ErrorReport::new(failure, |text| self.secrets.hide(&self.in_words(text)).into_owned());
            if let Ok(line) = json::line(&report) {
                self.write_err(&format!("{line}\n"));
                return;
            }
        }
        let message = self.safe(&self.in_words(failure.message()));
        self.write_err(&format!("{} {message}\n", paint(ERROR, "error:", self.err.color)));
        if let Some(hint) = failure.hint_line() {
            self.write_err(&format!("{} {}\n", paint(HINT, "hint:", self.err.color), self.safe(hint)));
            for (number, step) in (1..).zip(failure.steps()) {
                self.write_err(&format!("  {number}. {}\n", self.safe(step)));
            }
        }
    }

    /// Writes to standard error, over a passing line. A failure of that cannot be reported anywhere.
    fn write_err(&self, text: &str) {
        let erase = if self.is_passing.swap(false, Ordering::Relaxed) { "\r\x1b[K" } else { "" };
        let mut err = io::stderr().lock();
        drop(err.write_all(format!("{erase}{text}").as_bytes()).and_then(|()| err.flush()));
    }
}

fn paint(style: Style, text: &str, color: bool) -> String {
    if color { format!("{style}{text}{style:#}") } else { text.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::output::format::Color;

    #[test]
    fn a_muted_printer_has_one_for_what_has_to_be_told_all_the_same() {
        let printer = Printer::new(Appearance::plain(Format::Table, Color::Auto), Secrets::default());
        assert!(printer.muted().is_muted && !printer.muted().audible().is_muted);
    }
}
