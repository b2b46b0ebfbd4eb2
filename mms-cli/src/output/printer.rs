//! What goes where: data to standard output, everything else to standard error. Apart from the traces, nothing else in this
//! crate prints.

use std::fmt;
use std::io::{self, ErrorKind, IsTerminal, Write};

use clap::builder::styling::{AnsiColor, Style};
use clap::error::ErrorKind as UsageKind;
use mms_types::is_invisible;

use crate::args::{Color, Format};
use crate::output::failure::{ExitCode, Failure};
use crate::output::table::{self, Record, printable};

const TITLE: Style = Style::new().bold();
const ERROR: Style = AnsiColor::Red.on_default().bold();
const WARNING: Style = AnsiColor::Yellow.on_default().bold();
const HINT: Style = AnsiColor::Cyan.on_default().bold();

/// Writes in the form that the arguments ask for.
#[derive(Debug, Clone)]
pub(crate) struct Printer {
    format: Format,
    quiet: bool,
    /// The present, if a person reads standard output.
    now: Option<jiff::Timestamp>,
    color_out: bool,
    color_err: bool,
}

impl Printer {
    /// Decides once what goes where and in which colour.
    pub(crate) fn new(format: Format, quiet: bool, color: Color) -> Self {
        let terminal = io::stdout().is_terminal();
        let refused = std::env::var_os("NO_COLOR").is_some_and(|value| !value.is_empty())
            || std::env::var_os("TERM").is_some_and(|value| value == "dumb");
        Self {
            format,
            quiet,
            now: terminal.then(jiff::Timestamp::now),
            color_out: is_colored(color, terminal, refused),
            color_err: is_colored(color, io::stderr().is_terminal(), refused),
        }
    }

    /// Writes a list of records.
    pub(crate) fn list<R: Record>(&self, records: &[R]) -> Result<(), Failure> {
        match self.format {
            Format::Json => write_json(&records),
            Format::Csv => self.csv(records),
            Format::Table => {
                let mut lines = table::lines(records, self.now);
                if let Some(titles) = lines.first_mut() {
                    *titles = paint(TITLE, titles, self.color_out);
                }
                write_out(format!("{}\n", lines.join("\n")).as_bytes())
            }
        }
    }

    /// Writes a list without records: for programs alone, since titles over nothing say nothing.
    pub(crate) fn nothing<R: Record>(&self) -> Result<(), Failure> {
        if self.format == Format::Table { Ok(()) } else { self.list::<R>(&[]) }
    }

    /// Writes one record.
    pub(crate) fn one<R: Record>(&self, record: &R) -> Result<(), Failure> {
        match self.format {
            Format::Json => write_json(record),
            Format::Csv => self.csv(std::slice::from_ref(record)),
            Format::Table => {
                let (lines, width) = table::card(record, self.now);
                let lines = lines.iter().map(|line| {
                    let (title, value) = line.split_at(width);
                    format!("{}{value}\n", paint(TITLE, title, self.color_out))
                });
                write_out(lines.collect::<String>().as_bytes())
            }
        }
    }

    fn csv<R: Record>(&self, records: &[R]) -> Result<(), Failure> {
        let csv = table::csv(records)
            .map_err(|error| Failure::failed(format!("the answer cannot be written as CSV: {error}")))?;
        if self.now.is_none() {
            return write_out(csv.as_bytes());
        }
        let lines: Vec<_> = csv.lines().map(printable).collect();
        write_out(format!("{}\n", lines.join("\n")).as_bytes())
    }

    /// Says something that a reader may want to know, unless `--quiet` is given.
    pub(crate) fn note(&self, text: &str) {
        if !self.quiet {
            write_err(&format!("{}\n", printable(text)));
        }
    }

    /// Says something that must not be overlooked.
    pub(crate) fn warn(&self, text: &str) {
        write_err(&format!("{} {}\n", paint(WARNING, "warning:", self.color_err), printable(text)));
    }

    /// Shows what a write is going to do; with `--quiet` only if there is a question to come.
    pub(crate) fn plan(&self, plan: &Plan, question_follows: bool) {
        if question_follows || !self.quiet {
            write_err(&format!("{plan}\n"));
        }
    }

    /// Puts a question and leaves the cursor behind it.
    pub(crate) fn ask(&self, question: &str) {
        write_err(&format!("{} [y/N] ", paint(TITLE, question, self.color_err)));
    }

    /// Says why the command ends as it does.
    pub(crate) fn failure(&self, failure: &Failure) {
        write_err(&format!("{} {}\n", paint(ERROR, "error:", self.color_err), printable(failure.message())));
        if let Some(hint) = failure.way_out() {
            write_err(&format!("{} {}\n", paint(HINT, "hint:", self.color_err), printable(hint)));
            for (number, step) in (1..).zip(failure.steps()) {
                write_err(&format!("  {number}. {}\n", printable(step)));
            }
        }
    }
}

/// What a write is going to do, as lines of title and value.
#[derive(Debug)]
pub(crate) struct Plan {
    heading: &'static str,
    lines: Vec<(&'static str, String)>,
}

impl Plan {
    /// Begins a plan.
    pub(crate) const fn new(heading: &'static str) -> Self {
        Self { heading, lines: Vec::new() }
    }

    /// Adds a line.
    pub(crate) fn line(mut self, title: &'static str, value: impl fmt::Display) -> Self {
        self.lines.push((title, value.to_string()));
        self
    }
}

impl fmt::Display for Plan {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.heading)?;
        let width = self.lines.iter().map(|(title, _)| title.len()).max().unwrap_or_default();
        for (title, value) in &self.lines {
            write!(formatter, "\n  {title:width$}  {}", printable(value))?;
        }
        Ok(())
    }
}

/// Writes the help or the version, and returns how the command ends.
pub(crate) fn help(message: &clap::Error) -> ExitCode {
    let asked_for = matches!(message.kind(), UsageKind::DisplayHelp | UsageKind::DisplayVersion);
    // clap chooses the stream and the colour as this printer does. A reader that went away has read what it wanted.
    match message.print() {
        Err(error) if error.kind() != ErrorKind::BrokenPipe => ExitCode::Failed,
        _ if asked_for => ExitCode::Done,
        _ => ExitCode::Usage,
    }
}

/// Decides about colour; `refused` is what `NO_COLOR` and a dumb terminal say.
fn is_colored(color: Color, terminal: bool, refused: bool) -> bool {
    match color {
        Color::Always => true,
        Color::Never => false,
        Color::Auto => terminal && !refused,
    }
}

fn paint(style: Style, text: &str, color: bool) -> String {
    if color { format!("{style}{text}{style:#}") } else { text.to_owned() }
}

fn write_json(value: &impl serde::Serialize) -> Result<(), Failure> {
    let json = serde_json::to_string_pretty(value)
        .map_err(|error| Failure::failed(format!("the answer cannot be written as JSON: {error}")))?;
    write_out(format!("{}\n", without_invisible(&json)).as_bytes())
}

/// Escapes what shows nothing and what JSON lets through all the same. Apart from the line ends of the layout it can only stand
/// in texts, where the escape means the same.
fn without_invisible(json: &str) -> String {
    let mut escaped = String::with_capacity(json.len());
    for character in json.chars() {
        if is_invisible(character) && character != '\n' {
            for unit in character.encode_utf16(&mut [0; 2]) {
                escaped.extend(format!("\\u{unit:04x}").chars());
            }
        } else {
            escaped.push(character);
        }
    }
    escaped
}

/// Writes data. A reader that went away has read what it wanted: that is no failure.
fn write_out(data: &[u8]) -> Result<(), Failure> {
    let mut out = io::stdout().lock();
    match out.write_all(data).and_then(|()| out.flush()) {
        Err(error) if error.kind() != ErrorKind::BrokenPipe => {
            Err(Failure::failed(format!("standard output cannot be written: {error}")))
        }
        _ => Ok(()),
    }
}

/// Writes to standard error. Where that fails, nothing is left to say it on.
fn write_err(text: &str) {
    let mut err = io::stderr().lock();
    drop(err.write_all(text.as_bytes()).and_then(|()| err.flush()));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_plan_lines_up_its_values_and_defuses_them() {
        let plan = Plan::new("About to do this:").line("name", "A\u{1b}c").line("distributor", 11);

        assert_eq!(plan.to_string(), "About to do this:\n  name         A\\u{1b}c\n  distributor  11");
    }

    #[test]
    fn json_keeps_its_value_when_what_shows_nothing_is_escaped() {
        for (text, shown) in [
            ("a\u{1b}\u{7f}\u{9b}ü", r#""a\u001b\u007f\u009bü""#),
            ("\u{202e}evil\u{2066}\u{200b}\u{feff}", r#""\u202eevil\u2066\u200b\ufeff""#),
            ("\u{2028}\n\\", r#""\u2028\n\\""#),
        ] {
            let escaped = without_invisible(&serde_json::to_string(text).unwrap());

            assert_eq!(escaped, shown);
            assert_eq!(serde_json::from_str::<String>(&escaped).unwrap(), text);
        }
    }

    #[test]
    fn json_writes_what_lies_beyond_16_bits_as_a_pair() {
        let invisible = ('\u{10000}'..=char::MAX).filter(|character| is_invisible(*character));
        for text in invisible.map(String::from) {
            let escaped = without_invisible(&serde_json::to_string(&text).unwrap());

            assert_eq!(escaped.matches("\\u").count(), 2, "{escaped}");
            assert_eq!(serde_json::from_str::<String>(&escaped).unwrap(), text);
        }
    }

    #[test]
    fn the_layout_of_json_keeps_its_lines() {
        assert_eq!(without_invisible("{\n  \"name\": \"ü\"\n}"), "{\n  \"name\": \"ü\"\n}");
    }

    #[test]
    fn colour_is_for_terminals_and_can_be_refused_or_asked_for() {
        assert!(is_colored(Color::Auto, true, false));
        assert!(!is_colored(Color::Auto, true, true));
        assert!(!is_colored(Color::Auto, false, false));
        assert!(is_colored(Color::Always, false, true));
        assert!(!is_colored(Color::Never, true, false));
    }
}
