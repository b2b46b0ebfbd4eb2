//! What can go wrong, how it is said, and with which exit code the command ends.

pub(crate) mod call;
pub(crate) mod invocation;
pub(crate) mod sandbox_lock;
pub(crate) mod shell;
pub(crate) mod write;

use mms_sandbox::SandboxError;

use crate::output::failure::sandbox_lock as holder;

/// How a command ended, as scripts see it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u8)]
pub(crate) enum ExitCode {
    /// Done.
    Done = 0,
    /// Refused or failed, and nothing was changed.
    Failed = 1,
    /// Used wrongly; nothing was sent.
    Usage = 2,
    /// Not authorized: no token, or one that the server refuses.
    Unauthorized = 4,
    /// A write may have been done: look before running the command again.
    Unknown = 5,
}

impl From<ExitCode> for std::process::ExitCode {
    fn from(code: ExitCode) -> Self {
        Self::from(code as u8)
    }
}

/// Why a command did not do what it was asked to, in one line, with the way out where one exists.
#[derive(Debug)]
pub(crate) struct Failure {
    message: String,
    hint: Option<Hint>,
    code: ExitCode,
}

/// The way out: a line, and under it the steps, where there are several.
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

    /// Makes a failure of a write that may have been done.
    pub(crate) fn unknown(message: impl Into<String>) -> Self {
        Self::new(ExitCode::Unknown, message)
    }

    /// Makes a failure.
    pub(crate) fn new(code: ExitCode, message: impl Into<String>) -> Self {
        Self { message: message.into(), hint: None, code }
    }

    /// Adds the way out, in place of a more general one.
    pub(crate) fn hint(mut self, hint: impl Into<Hint>) -> Self {
        self.hint = Some(hint.into());
        self
    }

    /// Adds the way out where the outcome of a write is unknown.
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
        self.code = ExitCode::Unknown;
        self.hint(format!("do not run the command again before you looked at {look}")).about(done)
    }

    /// Returns the line that names what went wrong.
    pub(crate) fn message(&self) -> &str {
        &self.message
    }

    /// Returns the way out.
    pub(crate) fn way_out(&self) -> Option<&str> {
        self.hint.as_ref().map(|hint| hint.line.as_str())
    }

    /// Returns the steps of the way out, where it has several.
    pub(crate) fn steps(&self) -> &[String] {
        self.hint.as_ref().map_or(&[], |hint| &hint.steps)
    }

    /// Returns how the command ends.
    pub(crate) const fn code(&self) -> ExitCode {
        self.code
    }
}

impl From<SandboxError> for Failure {
    fn from(error: SandboxError) -> Self {
        if error.is_seed() {
            return Self::usage(error.to_string());
        }
        let failure = Self::failed(error.to_string());
        if error.is_locked() {
            let way_out = holder::way_out(failure.message());
            return failure.hint(way_out);
        }
        if error.is_address_in_use() {
            return failure.hint("choose another address with --listen; port 0 takes any free one");
        }
        if error.is_busy() {
            return failure.hint("another program, such as a database browser, has it open: close it there");
        }
        if error.is_denied() {
            return failure.hint(
                "name another file with --sandbox=FILE (serve: --data FILE), where there is room and you may write",
            );
        }
        if error.is_database() {
            // The file may be another program's, so that only a sandbox's own is to be removed.
            return failure.hint(
                "name another file with --sandbox=FILE (serve: --data FILE), or remove this one, if it is a sandbox's, to start afresh",
            );
        }
        failure
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use mms_sandbox::Sandbox;

    use super::*;

    #[tokio::test]
    async fn a_file_in_use_is_a_failure_that_names_the_holder_and_the_way_out() {
        let directory = tempfile::tempdir().unwrap();
        let file = directory.path().join("sandbox.db");
        let holder = Sandbox::builder().data(&file).holder(holder::SERVE).start().await.unwrap();
        let refusal = Sandbox::builder().data(&file).lock_wait(Duration::ZERO).start().await.err().unwrap();

        let failure = Failure::from(refusal);

        assert!(failure.message().contains("mms sandbox serve"), "{failure:?}");
        assert!(failure.message().contains(&std::process::id().to_string()), "{failure:?}");
        assert!(failure.way_out().unwrap().contains(&format!("--base-url {} ", holder.base_url())), "{failure:?}");
        assert_eq!(failure.code(), ExitCode::Failed);
        holder.stop().await.unwrap();
    }

    #[tokio::test]
    async fn a_file_that_is_no_sandboxs_or_broken_can_be_left_alone_or_removed() {
        let directory = tempfile::tempdir().unwrap();
        let file = directory.path().join("sandbox.db");
        Sandbox::builder().data(&file).start().await.unwrap().stop().await.unwrap();
        let mut broken = std::fs::read(&file).unwrap();
        broken[100..].fill(0xff);

        for content in [b"a letter".to_vec(), broken] {
            std::fs::write(&file, content).unwrap();

            let failure = Failure::from(Sandbox::builder().data(&file).start().await.err().unwrap());

            let way_out = failure.way_out().unwrap_or_default();
            assert!(way_out.starts_with("name another file with --sandbox=FILE"), "{failure:?}");
            assert!(way_out.ends_with("to start afresh"), "{failure:?}");
        }
    }

    #[tokio::test]
    async fn a_file_that_cannot_be_there_is_not_to_be_removed() {
        let directory = tempfile::tempdir().unwrap();
        let letter = directory.path().join("letter");
        std::fs::write(&letter, "a letter").unwrap();

        let refusal = Sandbox::builder().data(letter.join("sandbox.db")).start().await.err().unwrap();
        let failure = Failure::from(refusal);

        let way_out = failure.way_out().unwrap_or_default();
        assert!(way_out.contains("name another file") && !way_out.contains("remove"), "{failure:?}");
    }

    #[tokio::test]
    async fn a_seed_at_fault_is_wrong_use_and_blames_no_data_file() {
        let directory = tempfile::tempdir().unwrap();
        let (seed, data) = (directory.path().join("seed.json"), directory.path().join("sandbox.db"));

        for content in [None, Some("{"), Some(r#"{"distributors":[{"organizationId":7,"operations":0,"zoneId":999}]}"#)]
        {
            if let Some(content) = content {
                std::fs::write(&seed, content).unwrap();
            }

            let error = Sandbox::builder().seed_file(&seed).data(&data).start().await.err().unwrap();
            let failure = Failure::from(error);

            assert!(failure.message().contains("seed.json"), "{failure:?}");
            assert_eq!((failure.code(), failure.way_out()), (ExitCode::Usage, None), "{failure:?}");
        }
    }

    #[tokio::test]
    async fn a_file_that_another_program_has_open_is_busy() {
        let directory = tempfile::tempdir().unwrap();
        let file = directory.path().join("sandbox.db");
        Sandbox::builder().data(&file).start().await.unwrap().stop().await.unwrap();
        let browser = rusqlite::Connection::open(&file).unwrap();
        browser.execute_batch("PRAGMA locking_mode = EXCLUSIVE; BEGIN EXCLUSIVE").unwrap();

        let failure = Failure::from(Sandbox::builder().data(&file).start().await.err().unwrap());

        assert!(failure.way_out().unwrap_or_default().contains("such as a database browser"), "{failure:?}");
    }

    #[test]
    fn what_fails_after_a_write_asks_to_look_before_running_again() {
        let failure = Failure::failed("no space left").after("child 1001 was created", "`mms child list`");

        assert_eq!(failure.message(), "child 1001 was created: no space left");
        assert_eq!(failure.code(), ExitCode::Unknown);
        assert!(failure.way_out().unwrap().contains("mms child list"));
    }
}
