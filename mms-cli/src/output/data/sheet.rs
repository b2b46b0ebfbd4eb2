//! Sheet: titles, tables, lists and sentences for a person, on a terminal or in Markdown.

use clap::builder::styling::{AnsiColor, Style};
use mms_types::grouped;

use super::markdown::{self, escaped};
use super::record::{Column, Record, Tone};
use super::table::{self, Reader, tone_style};
use crate::output::failure::Failure;
use crate::output::format::Format;
use crate::output::plan::server;
use crate::output::safe::printable;
use crate::output::terminal::Terminal;

/// Most rows of a table in Markdown: a comment of a pull request has an end.
const MOST_ROWS: usize = 200;

/// Room before what stands under a heading.
const INDENT: &str = "  ";

const HEADING: Style = Style::new().bold();
const PALE: Style = AnsiColor::BrightBlack.on_default();

/// Text that grows block by block.
#[derive(Debug, Clone)]
pub(crate) struct Sheet {
    form: Form,
    /// Whether a person reads it, and nobody else.
    is_on_terminal: bool,
    text: String,
}

#[derive(Debug, Clone, Copy)]
enum Form {
    Lines(Terminal),
    Markdown,
}

/// Refuses forms that a sheet does not have.
pub(in crate::output) fn check(format: Format, has_columns: bool) -> Result<(), Failure> {
    let choose = "write -o table or -o markdown to read it, or --jq FILTER to choose of it";
    match format {
        Format::Csv | Format::Tsv => {
            Err(Failure::usage("--output: a plan is no list of rows for csv or tsv").hint(choose))
        }
        _ if has_columns => Err(Failure::usage("--columns: a plan has no columns").hint(choose)),
        _ => Ok(()),
    }
}

impl Sheet {
    /// Begins a sheet that is read on a terminal, or where the output goes in its place.
    pub(in crate::output) const fn on(terminal: Terminal) -> Self {
        // It is for people wherever it goes, so that its numbers are grouped.
        let form = Form::Lines(Terminal { is_there: true, ..terminal });
        Self { form, is_on_terminal: terminal.is_there, text: String::new() }
    }

    /// Begins a sheet in Markdown.
    pub(in crate::output) const fn in_markdown() -> Self {
        Self { form: Form::Markdown, is_on_terminal: false, text: String::new() }
    }

    /// Returns the text.
    pub(in crate::output) fn text(&self) -> &str {
        &self.text
    }

    /// Returns an arrow that can be shown.
    pub(crate) const fn arrow(&self) -> &'static str {
        match self.form {
            Form::Lines(Terminal { unicode: false, .. }) => "->",
            _ => "→",
        }
    }

    /// Returns a sign that something is left out.
    pub(crate) const fn ellipsis(&self) -> &'static str {
        match self.form {
            Form::Lines(Terminal { unicode: false, .. }) => "...",
            _ => "…",
        }
    }

    /// Says whether it is shown on a terminal, and not kept where others may read it.
    pub(crate) const fn is_on_terminal(&self) -> bool {
        self.is_on_terminal
    }

    /// Adds the title: what this is, of which server, and more about it.
    pub(crate) fn title(&mut self, what: &str, place: &str, is_sandbox: bool, more: &str) {
        let (server, style) = server(place, is_sandbox);
        let line = match self.form {
            Form::Lines(_) => format!("{what} {}{}\n", self.painted(&server, Some(style)), printable(more)),
            Form::Markdown => format!("### {} {}{}\n", escaped(what), escaped(&server), escaped(more)),
        };
        self.text.push_str(&line);
    }

    /// Adds the heading of a block.
    pub(crate) fn heading(&mut self, text: &str, tone: Option<Tone>) {
        let style = tone.map_or(HEADING, |tone| tone_style(tone).bold());
        let line = match self.form {
            Form::Lines(_) => format!("\n{}\n", self.painted(text, Some(style))),
            Form::Markdown => format!("\n**{}**\n\n", escaped(text)),
        };
        self.text.push_str(&line);
    }

    /// Adds a table under a heading.
    pub(crate) fn table<R: Record>(&mut self, rows: &[R]) {
        let columns: Vec<&'static Column<R>> = R::COLUMNS.iter().filter(|column| column.title.is_some()).collect();
        match self.form {
            Form::Lines(terminal) => {
                let width = terminal.width.map(|width| width.saturating_sub(INDENT.len()));
                let reader = Reader { terminal: Terminal { width, ..terminal }, now: None, is_headless: false };
                for line in table::text(rows, &columns, &[], reader).lines() {
                    self.text.extend([INDENT, line.trim_end(), "\n"]);
                }
            }
            Form::Markdown => {
                let shown = &rows[..rows.len().min(MOST_ROWS)];
                self.text.push_str(&markdown::table(shown, &columns, &[]));
                if let Some(rest) = rows.len().checked_sub(MOST_ROWS).filter(|rest| *rest > 0) {
                    self.text.extend(["\nand ", &grouped(rest as u64), " more, which `-o json` has\n"]);
                }
            }
        }
    }

    /// Adds a sentence of a list under a heading, behind a sign on a terminal.
    pub(crate) fn item(&mut self, sign: &str, tone: Option<Tone>, text: &str) {
        let line = match self.form {
            Form::Lines(_) => format!("{INDENT}{}  {}\n", self.painted(sign, tone.map(tone_style)), printable(text)),
            Form::Markdown => format!("- {}\n", escaped(text)),
        };
        self.text.push_str(&line);
    }

    /// Adds a sentence under a heading that says what is not shown.
    pub(crate) fn rest(&mut self, text: &str) {
        let line = match self.form {
            Form::Lines(_) => format!("{INDENT}{}\n", self.painted(text, Some(PALE))),
            Form::Markdown => format!("\n{}\n", escaped(text)),
        };
        self.text.push_str(&line);
    }

    /// Begins the sentences at the end.
    pub(crate) fn gap(&mut self) {
        self.text.push('\n');
    }

    /// Adds a sentence with its title.
    pub(crate) fn fact(&mut self, title: &str, text: &str) {
        let line = match self.form {
            Form::Lines(_) => format!("{}  {}\n", self.painted(&format!("{title:8}"), Some(HEADING)), printable(text)),
            Form::Markdown => format!("- {}: {}\n", escaped(title), escaped(text)),
        };
        self.text.push_str(&line);
    }

    /// Returns a text that is safe, in a style where there is colour.
    fn painted(&self, text: &str, style: Option<Style>) -> String {
        let text = printable(text);
        match (self.form, style) {
            (Form::Lines(Terminal { color: true, .. }), Some(style)) => format!("{style}{text}{style:#}"),
            _ => text.into_owned(),
        }
    }
}
