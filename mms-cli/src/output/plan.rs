//! Plan of a write, as it is shown before it is confirmed.

use std::fmt::{self, Write};

use clap::builder::styling::{AnsiColor, Style};

use super::safe::printable;

const DANGER: Style = AnsiColor::Red.on_default().bold();
const SANDBOX: Style = AnsiColor::Cyan.on_default().bold();
const LIVE: Style = AnsiColor::Magenta.on_default().bold();

/// Lines of title and value under a heading.
#[derive(Debug)]
pub(crate) struct Plan {
    heading: String,
    lines: Vec<(&'static str, String, Option<Style>)>,
}

impl Plan {
    /// Begins a plan.
    pub(crate) fn new(heading: impl Into<String>) -> Self {
        Self { heading: heading.into(), lines: Vec::new() }
    }

    /// Adds a line.
    pub(crate) fn line(mut self, title: &'static str, value: impl fmt::Display) -> Self {
        self.lines.push((title, value.to_string(), None));
        self
    }

    /// Adds a line that stops whoever reads it: what is lost, or stands still afterwards.
    pub(crate) fn danger(mut self, title: &'static str, value: impl fmt::Display) -> Self {
        self.lines.push((title, value.to_string(), Some(DANGER)));
        self
    }

    /// Adds the line of the server, in a colour of its own for a sandbox and for everything else.
    pub(crate) fn server(mut self, place: &str, is_sandbox: bool) -> Self {
        let (server, style) = server(place, is_sandbox);
        self.lines.push(("api", server, Some(style)));
        self
    }

    /// Renders the plan for a person.
    pub(crate) fn render(&self, color: bool) -> String {
        let mut text = self.heading.clone();
        let width = self.lines.iter().map(|(title, ..)| title.len()).max().unwrap_or_default();
        for (title, value, style) in &self.lines {
            let value = printable(value);
            let value = match style.filter(|_| color) {
                Some(style) => format!("{style}{value}{style:#}"),
                None => value.into_owned(),
            };
            // A text takes whatever is written to it.
            let _ = write!(text, "\n  {title:width$}  {value}");
        }
        text
    }
}

/// Names a server so that a sandbox cannot be taken for anything else, with the colour of its own.
pub(super) fn server(place: &str, is_sandbox: bool) -> (String, Style) {
    let (word, style) = if is_sandbox { ("SANDBOX", SANDBOX) } else { ("LIVE", LIVE) };
    (format!("{word} {}", place.strip_prefix("sandbox ").unwrap_or(place)), style)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_plan_lines_up_its_values_and_defuses_them() {
        let plan = Plan::new("About to do this:").line("name", "A\u{1b}c").line("distributor", 11);

        assert_eq!(plan.render(false), "About to do this:\n  name         A\\u{1b}c\n  distributor  11");
    }

    #[test]
    fn what_is_live_and_what_is_a_sandbox_cannot_be_taken_for_one_another() {
        let plan = |is_sandbox| Plan::new("About to:").server("sandbox /home/ada/sandbox.db", is_sandbox).render(true);

        assert!(plan(true).contains("\u{1b}[1m\u{1b}[36mSANDBOX /home/ada/sandbox.db"), "{:?}", plan(true));
        assert!(plan(false).contains("LIVE"));
    }
}
