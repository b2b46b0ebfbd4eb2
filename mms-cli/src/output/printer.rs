//! Printer: data to standard output, everything else to standard error. Nothing else in this crate prints but the traces.

use std::io::{self, ErrorKind, IsTerminal, Write};

use clap::builder::styling::{AnsiColor, Style};
use clap::error::ErrorKind as UsageKind;

use super::failure::{ExitCode, Failure};
use super::format::{Color, Format};
use super::plan::Plan;
use super::record::Record;
use super::safe::{Secrets, printable};
use super::{csv, json, table};

const TITLE: Style = Style::new().bold();
const ERROR: Style = AnsiColor::Red.on_default().bold();
const WARNING: Style = AnsiColor::Yellow.on_default().bold();
const HINT: Style = AnsiColor::Cyan.on_default().bold();

/// Writer of data, notes, warnings, questions and failures, in the form that the arguments ask for.
#[derive(Debug, Clone)]
pub(crate) struct Printer {
    format: Format,
    quiet: bool,
    /// Time for relative times, if standard output is a terminal.
    now: Option<jiff::Timestamp>,
    /// Width of the terminal, if standard output is one.
    width: Option<usize>,
    color_out: bool,
    color_err: bool,
    secrets: Secrets,
}

impl Printer {
    /// Returns the printer for a form and a colour, which shows none of the secrets on standard error.
    pub(crate) fn new(format: Format, quiet: bool, color: Color, secrets: Secrets) -> Self {
        let terminal = io::stdout().is_terminal();
        let refused = std::env::var_os("NO_COLOR").is_some_and(|value| !value.is_empty())
            || std::env::var_os("TERM").is_some_and(|value| value == "dumb");
        Self {
            format,
            quiet,
            now: terminal.then(jiff::Timestamp::now),
            width: terminal.then(terminal_size::terminal_size).flatten().map(|(width, _)| width.0.into()),
            color_out: is_colored(color, terminal, refused),
            color_err: is_colored(color, io::stderr().is_terminal(), refused),
            secrets,
        }
    }

    /// Returns a text as it may be shown.
    fn safe(&self, text: &str) -> String {
        printable(&self.secrets.hide(text)).into_owned()
    }

    /// Writes a list of records.
    pub(crate) fn list<R: Record>(&self, records: &[R]) -> Result<(), Failure> {
        match self.format {
            Format::Json => write_json(&records),
            Format::Csv => write_csv(records),
            Format::Table => {
                let mut lines = table::lines(records, self.now, self.width);
                if let Some(titles) = lines.first_mut() {
                    *titles = paint(TITLE, titles, self.color_out);
                }
                write_out(format!("{}\n", lines.join("\n")).as_bytes())
            }
        }
    }

    /// Writes a list without records: an empty one for programs, nothing as a table.
    pub(crate) fn nothing<R: Record>(&self) -> Result<(), Failure> {
        if self.format == Format::Table { Ok(()) } else { self.list::<R>(&[]) }
    }

    /// Writes one record.
    pub(crate) fn one<R: Record>(&self, record: &R) -> Result<(), Failure> {
        match self.format {
            Format::Json => write_json(record),
            Format::Csv => write_csv(std::slice::from_ref(record)),
            Format::Table => {
                let (lines, width) = table::card(record, self.now, self.width);
                let lines = lines.iter().map(|line| {
                    let (title, value) = line.split_at(width);
                    format!("{}{value}\n", paint(TITLE, title, self.color_out))
                });
                write_out(lines.collect::<String>().as_bytes())
            }
        }
    }

    /// Writes a note, unless `--quiet` is given.
    pub(crate) fn note(&self, text: &str) {
        if !self.quiet {
            write_err(&format!("{}\n", self.safe(text)));
        }
    }

    /// Writes a warning.
    pub(crate) fn warn(&self, text: &str) {
        write_err(&format!("{} {}\n", paint(WARNING, "warning:", self.color_err), self.safe(text)));
    }

    /// Writes the plan of a write; with `--quiet` only if a question follows.
    pub(crate) fn plan(&self, plan: &Plan, question_follows: bool) {
        if question_follows || !self.quiet {
            write_err(&format!("{}\n", self.secrets.hide(&plan.to_string())));
        }
    }

    /// Writes a question and leaves the cursor behind it.
    pub(crate) fn ask(&self, question: &str) {
        write_err(&format!("{} [y/N] ", paint(TITLE, &self.secrets.hide(question), self.color_err)));
    }

    /// Writes a failure with its hint.
    pub(crate) fn failure(&self, failure: &Failure) {
        write_err(&format!("{} {}\n", paint(ERROR, "error:", self.color_err), self.safe(failure.message())));
        if let Some(hint) = failure.hint_line() {
            write_err(&format!("{} {}\n", paint(HINT, "hint:", self.color_err), self.safe(hint)));
            for (number, step) in (1..).zip(failure.steps()) {
                write_err(&format!("  {number}. {}\n", self.safe(step)));
            }
        }
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

fn write_csv<R: Record>(records: &[R]) -> Result<(), Failure> {
    let csv =
        csv::text(records).map_err(|error| Failure::failed(format!("the answer cannot be written as CSV: {error}")))?;
    write_out(csv.as_bytes())
}

fn write_json(value: &impl serde::Serialize) -> Result<(), Failure> {
    let json =
        json::text(value).map_err(|error| Failure::failed(format!("the answer cannot be written as JSON: {error}")))?;
    write_out(format!("{json}\n").as_bytes())
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

/// Writes to standard error. A failure of that cannot be reported anywhere.
fn write_err(text: &str) {
    let mut err = io::stderr().lock();
    drop(err.write_all(text.as_bytes()).and_then(|()| err.flush()));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn colour_is_for_terminals_and_can_be_refused_or_asked_for() {
        assert!(is_colored(Color::Auto, true, false));
        assert!(!is_colored(Color::Auto, true, true));
        assert!(!is_colored(Color::Auto, false, false));
        assert!(is_colored(Color::Always, false, true));
        assert!(!is_colored(Color::Never, true, false));
    }
}
