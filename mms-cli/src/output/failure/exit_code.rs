//! Exit codes of the command.

/// Exit code of a command, as scripts see it.
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
