//! Check: one line of a diagnosis.

use serde::Serialize;

use crate::output::data::{Column, Record, Tone, Value};
use crate::output::failure::{ExitCode, Failure};
use crate::output::printer::Printer;

/// Width of the widest state and of the widest name, for lines that stand below each other.
const STATE_WIDTH: usize = 7;
const NAME_WIDTH: usize = 18;

/// The checks that ask the server, in their order.
pub(super) const OF_SERVER: [&str; 9] =
    ["connection", "clock", "token", "scopes", "distributor", "limit", "children", "consumption", "changes"];

/// Outcome of a check.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "lowercase")]
pub(super) enum State {
    Ok,
    /// Worth a look; commands work.
    Warning,
    /// Commands fail, or access was lost.
    Problem,
    /// Not checked, for a reason that is told.
    Skipped,
}

impl State {
    const fn word(self) -> &'static str {
        match self {
            Self::Ok => "ok",
            Self::Warning => "warning",
            Self::Problem => "problem",
            Self::Skipped => "skipped",
        }
    }

    fn value(self) -> Value<'static> {
        let tone = match self {
            Self::Ok => Tone::Good,
            Self::Warning => Tone::Warning,
            Self::Problem => Tone::Bad,
            Self::Skipped => return self.word().into(),
        };
        Value::Word(self.word(), tone)
    }
}

/// A check with what it found.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub(crate) struct Check {
    /// What was checked, as a word for programs.
    #[serde(rename = "check")]
    pub(super) name: &'static str,
    pub(super) state: State,
    pub(super) found: String,
    /// What to do; null where there is nothing to do.
    pub(super) advice: Option<String>,
    /// How a command ends that meets the same.
    #[serde(skip)]
    pub(super) code: ExitCode,
    /// Whether it is a change since the last look, which is told once.
    #[serde(skip)]
    pub(super) is_change: bool,
}

impl Check {
    pub(super) fn ok(name: &'static str, found: impl Into<String>) -> Self {
        Self { name, state: State::Ok, found: found.into(), advice: None, code: ExitCode::Done, is_change: false }
    }

    pub(super) fn warning(name: &'static str, found: impl Into<String>, advice: impl Into<String>) -> Self {
        Self { state: State::Warning, advice: Some(advice.into()), ..Self::ok(name, found) }
    }

    pub(super) fn problem(
        name: &'static str,
        code: ExitCode,
        found: impl Into<String>,
        advice: impl Into<String>,
    ) -> Self {
        Self { state: State::Problem, code, ..Self::warning(name, found, advice) }
    }

    pub(super) fn skipped(name: &'static str, reason: impl Into<String>) -> Self {
        Self { state: State::Skipped, ..Self::ok(name, reason) }
    }

    /// Makes a problem of what another command would fail with.
    pub(super) fn failed(name: &'static str, failure: &Failure) -> Self {
        Self {
            state: State::Problem,
            advice: advice_of(failure),
            code: failure.code(),
            ..Self::ok(name, failure.message())
        }
    }

    /// Makes a change of it, which the next look does not find again.
    pub(super) fn change(self) -> Self {
        Self { is_change: true, ..self }
    }

    /// Says whether there is something to tell.
    pub(super) fn is_notable(&self) -> bool {
        matches!(self.state, State::Warning | State::Problem)
    }

    /// Returns the line of the check, and below it the line of what to do.
    pub(super) fn lines(&self, printer: &Printer) -> String {
        let room = " ".repeat(STATE_WIDTH.saturating_sub(self.state.word().len()));
        let shown = |text: &str| printer.painted(&text.into());
        let state = printer.painted(&self.state.value());
        let mut lines = format!("{state}{room}  {:NAME_WIDTH$}  {}\n", self.name, shown(&self.found));
        if let Some(advice) = &self.advice {
            let margin = " ".repeat(STATE_WIDTH + NAME_WIDTH + 4);
            lines.extend([&margin, "hint: ", &shown(advice), "\n"]);
        }
        lines
    }
}

/// Returns the hint of a failure on one line.
pub(super) fn advice_of(failure: &Failure) -> Option<String> {
    let line = failure.hint_line()?;
    Some(if failure.steps().is_empty() { line.to_owned() } else { format!("{line} {}", failure.steps().join("; ")) })
}

impl Record for Check {
    const COLUMNS: &'static [Column<Self>] = &[
        Column::new("CHECK", "check", |row| row.name.into()),
        Column::new("STATE", "state", |row| row.state.value()),
        Column::new("FOUND", "found", |row| (&row.found).into()),
        Column::new("ADVICE", "advice", |row| row.advice.as_ref().into()),
    ];
}

/// Returns how the command ends: 9 where access was lost, else as the first problem says. A token that is refused goes before an
/// open create, which nobody settles without one.
pub(super) fn verdict(checks: &[Check]) -> Result<(), Failure> {
    let problems: Vec<_> = checks.iter().filter(|check| check.state == State::Problem).collect();
    let Some(first) = problems.first() else { return Ok(()) };
    let lost = problems.iter().any(|check| check.code == ExitCode::Alert);
    let mut names: Vec<(&str, usize)> = Vec::new();
    for check in &problems {
        match names.iter_mut().find(|(name, _)| *name == check.name) {
            Some((_, number)) => *number += 1,
            None => names.push((check.name, 1)),
        }
    }
    let counted =
        |(name, number): &(&str, usize)| if *number == 1 { (*name).to_owned() } else { format!("{name} ({number})") };
    let names: Vec<_> = names.iter().map(counted).collect();
    let plural = if problems.len() == 1 { "check found a problem" } else { "checks found a problem" };
    let is_refused = problems.iter().any(|check| check.code == ExitCode::Unauthorized);
    let code = match first.code {
        _ if lost => ExitCode::Alert,
        ExitCode::Unknown if is_refused => ExitCode::Unauthorized,
        code => code,
    };
    Err(Failure::new(code, format!("{} {plural}: {}", problems.len(), names.join(", "))))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn code(checks: &[Check]) -> ExitCode {
        verdict(checks).map_or_else(|failure| failure.code(), |()| ExitCode::Done)
    }

    #[test]
    fn a_check_with_several_problems_is_named_once() {
        let problem = |name| Check::problem(name, ExitCode::Failed, "found", "advice");
        let failure = verdict(&[problem("files"), problem("token"), problem("files")]).unwrap_err();
        assert_eq!(failure.message(), "3 checks found a problem: files (2), token");
    }

    #[test]
    fn lost_access_counts_before_the_first_problem_and_warnings_are_none() {
        let problem = |code| Check::problem("one", code, "found", "advice");
        let warning = Check::warning("one", "found", "advice");
        assert_eq!(code(&[Check::ok("one", ""), warning, Check::skipped("one", "")]), ExitCode::Done);
        assert_eq!(code(&[problem(ExitCode::Unauthorized), problem(ExitCode::Usage)]), ExitCode::Unauthorized);
        assert_eq!(code(&[problem(ExitCode::Unauthorized), problem(ExitCode::Alert)]), ExitCode::Alert);
        assert_eq!(code(&[problem(ExitCode::Unknown), problem(ExitCode::TryLater)]), ExitCode::Unknown);
        assert_eq!(code(&[problem(ExitCode::Unknown), problem(ExitCode::Unauthorized)]), ExitCode::Unauthorized);
    }
}
