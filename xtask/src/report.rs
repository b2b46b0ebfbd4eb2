//! Report of a run, and its exit code.

use std::fmt;

use similar::TextDiff;

/// The most lines of a diff that are shown: enough to see what kind of change it is.
const DIFF_LINES: usize = 60;

/// What a run found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Status {
    /// Everything is as it should be: fresh, written, or compatible. Exit code 0.
    Fresh,
    /// A document, the types and what is written from them disagree, or a caller would break. Exit code 4.
    Stale,
    /// A document breaks a rule, or is none. Exit code 100.
    Invalid,
    /// A file or git could not be read or written. Exit code 1.
    Crashed,
}

impl Status {
    /// Returns the exit code of the command.
    #[must_use]
    pub fn exit_code(self) -> u8 {
        match self {
            Self::Fresh => 0,
            Self::Crashed => 1,
            Self::Stale => 4,
            Self::Invalid => 100,
        }
    }
}

/// The end of a run: what it found and what it says about it.
///
/// [`Display`](fmt::Display) gives report and error as the command prints them.
#[derive(Debug, Clone)]
pub struct Outcome {
    status: Status,
    report: String,
    error: String,
}

impl Outcome {
    pub(crate) fn new(report: &Report, end: Result<Status, Failure>) -> Self {
        let (status, message) = match end {
            Ok(status) => (status, String::new()),
            Err(Failure::Invalid(message)) => (Status::Invalid, message),
            Err(Failure::Crashed(message)) => (Status::Crashed, message),
        };
        let errors: Vec<String> = message.lines().map(|line| format!("error: {line}")).collect();
        Self { status, report: text(&report.lines), error: text(&errors) }
    }

    /// Says whether everything is as it should be.
    #[must_use]
    pub fn is_fresh(&self) -> bool {
        self.status == Status::Fresh
    }

    /// Returns what the run found.
    #[must_use]
    pub fn status(&self) -> Status {
        self.status
    }

    /// Returns what belongs to stdout: one line per artefact, diffs, and the command to run.
    #[must_use]
    pub fn report(&self) -> &str {
        &self.report
    }

    /// Returns what belongs to stderr: lines that start with `error:`, or nothing.
    #[must_use]
    pub fn error(&self) -> &str {
        &self.error
    }
}

impl fmt::Display for Outcome {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.report)?;
        formatter.write_str(&self.error)
    }
}

/// Why a run ended early. A message may have several lines, each a mistake of its own.
#[derive(Debug)]
pub(crate) enum Failure {
    /// A document breaks a rule, or is none.
    Invalid(String),
    /// The machine refused: a file, a directory, git.
    Crashed(String),
}

/// The lines of a run, as they come.
#[derive(Debug, Default)]
pub(crate) struct Report {
    lines: Vec<String>,
}

impl Report {
    /// Adds a line in cargo's manner: a verb that ends in column 12, and what it is about.
    pub(crate) fn line(&mut self, verb: &str, what: impl fmt::Display) {
        self.lines.push(format!("{verb:>12} {what}"));
    }

    /// Adds the unified diff of two texts, each with the name of its side, cut to a length that can be read.
    pub(crate) fn diff(&mut self, (old_name, old): (&str, &str), (new_name, new): (&str, &str)) {
        let diff =
            TextDiff::from_lines(old, new).unified_diff().context_radius(3).header(old_name, new_name).to_string();
        self.lines.extend(diff.lines().take(DIFF_LINES).map(str::to_owned));
        let rest = diff.lines().count().saturating_sub(DIFF_LINES);
        if rest > 0 {
            self.lines.push(format!("... {rest} more lines"));
        }
    }

    /// Adds what to do about it: the exact command.
    pub(crate) fn run(&mut self, command: &str) {
        self.line("run:", command);
    }
}

/// Ends every line.
fn text(lines: &[String]) -> String {
    lines.iter().flat_map(|line| [line.as_str(), "\n"]).collect()
}
