//! Failures of a command: message, hint and exit code.

mod call;
mod exit_code;
mod journal;
mod report;
mod sandbox;
mod sandbox_lock;
pub(crate) mod shell;
mod write;

pub(crate) use call::{Conflict, Destination, ServerKind, Sources, Subject, ask_for_less, in_short};
pub(crate) use exit_code::ExitCode;
pub(crate) use journal::{journal_unreadable, journal_unusable};
pub(crate) use report::ErrorReport;
pub(crate) use sandbox_lock::SERVE;
pub(crate) use write::{UnknownCreate, look_in_make};

use mms_client::Error;

/// Why a command did not do what it was asked to: one line, and a hint where there is a way out.
#[derive(Debug)]
pub(crate) struct Failure {
    message: String,
    hint: Option<Hint>,
    code: ExitCode,
    /// The call that failed, if one did.
    call: Option<FailedCall>,
    /// Whether a write of this command may have reached the server, whatever call failed.
    is_write_sent: bool,
}

/// Facts about a failed call, for programs.
#[derive(Debug)]
struct FailedCall {
    operation: &'static str,
    status: Option<u16>,
    maybe_sent: bool,
}

/// Hint at the way out of a failure: a line, and under it the steps, where there are several.
#[derive(Debug)]
pub(crate) struct Hint {
    line: String,
    steps: Vec<String>,
}

impl Hint {
    /// Begins with a line.
    pub(crate) fn new(line: impl Into<String>) -> Self {
        Self { line: line.into(), steps: Vec::new() }
    }

    /// Adds a step, which names one command at most.
    pub(crate) fn step(mut self, step: impl Into<String>) -> Self {
        self.steps.push(step.into());
        self
    }
}

impl<T: Into<String>> From<T> for Hint {
    fn from(line: T) -> Self {
        Self::new(line)
    }
}

impl Failure {
    /// Makes a failure that changed nothing.
    pub(crate) fn failed(message: impl Into<String>) -> Self {
        Self::new(ExitCode::Failed, message)
    }

    /// Makes a failure that the caller can avoid by calling differently; nothing was sent.
    pub(crate) fn usage(message: impl Into<String>) -> Self {
        Self::new(ExitCode::Usage, message)
    }

    /// Makes a failure for want of a token.
    pub(crate) fn unauthorized(message: impl Into<String>) -> Self {
        Self::new(ExitCode::Unauthorized, message)
    }

    /// Makes a failure for want of something that was named.
    pub(crate) fn not_found(message: impl Into<String>) -> Self {
        Self::new(ExitCode::NotFound, message)
    }

    /// Makes a failure of a create whose child is there already; nothing was changed.
    pub(crate) fn exists(message: impl Into<String>) -> Self {
        Self::new(ExitCode::Exists, message)
    }

    /// Makes a failure that may be none in a while; nothing was changed.
    pub(crate) fn try_later(message: impl Into<String>) -> Self {
        Self::new(ExitCode::TryLater, message)
    }

    /// Makes the failure of a command that a signal ended, with no write in doubt.
    pub(crate) fn interrupted(message: impl Into<String>) -> Self {
        Self::new(ExitCode::Interrupted, message)
    }

    /// Makes a failure of a write that may have been done.
    pub(crate) fn unknown(message: impl Into<String>) -> Self {
        Self { is_write_sent: true, ..Self::new(ExitCode::Unknown, message) }
    }

    /// Makes a failure.
    pub(crate) fn new(code: ExitCode, message: impl Into<String>) -> Self {
        Self { message: message.into(), hint: None, code, call: None, is_write_sent: false }
    }

    /// Adds a hint, in place of a more general one.
    pub(crate) fn hint(mut self, hint: impl Into<Hint>) -> Self {
        self.hint = Some(hint.into());
        self
    }

    /// Adds the call that failed.
    pub(crate) fn of_call(mut self, error: &Error) -> Self {
        let status = error.status().map(|status| status.as_u16());
        self.call = Some(FailedCall {
            operation: error.operation_id(),
            status,
            maybe_sent: status.is_some() || error.maybe_sent(),
        });
        self
    }

    /// Adds a hint where the outcome of a write is unknown.
    pub(crate) fn hint_if_unknown(self, hint: impl Into<Hint>) -> Self {
        if self.code == ExitCode::Unknown { self.hint(hint) } else { self }
    }

    /// Names the value that the failure is about, in front of what was said.
    pub(crate) fn about(mut self, subject: &str) -> Self {
        self.message = format!("{subject}: {}", self.message);
        self
    }

    /// Says that this happened after a write was done, so that running the command again would do it twice. `look` is the
    /// command that shows what was done.
    pub(crate) fn after(mut self, done: &str, look: &str) -> Self {
        (self.code, self.is_write_sent) = (ExitCode::Unknown, true);
        self.hint(format!("do not run the command again before you looked at {look}")).about(done)
    }

    /// Says what was done before this happened, so that a part of the command is done.
    pub(crate) fn partly(mut self, done: &str) -> Self {
        (self.code, self.is_write_sent) = (ExitCode::Unknown, true);
        self.about(done)
    }

    /// Returns the line that names what went wrong.
    pub(crate) fn message(&self) -> &str {
        &self.message
    }

    /// Returns the line of the hint.
    pub(crate) fn hint_line(&self) -> Option<&str> {
        self.hint.as_ref().map(|hint| hint.line.as_str())
    }

    /// Returns the steps of the hint.
    pub(crate) fn steps(&self) -> &[String] {
        self.hint.as_ref().map_or(&[], |hint| &hint.steps)
    }

    /// Returns how the command ends.
    pub(crate) const fn code(&self) -> ExitCode {
        self.code
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_fails_after_a_write_asks_to_look_before_running_again() {
        let failure = Failure::failed("no space left").after("child 1001 was created", "`mms child list`");

        assert_eq!(failure.message(), "child 1001 was created: no space left");
        assert_eq!(failure.code(), ExitCode::Unknown);
        assert!(failure.hint_line().unwrap().contains("mms child list"));
    }
}
