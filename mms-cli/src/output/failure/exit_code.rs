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
    /// Something differs, and `--exit-code` or `--check` asked for it.
    Differences = 3,
    /// Not authorized: no token, or one that the server refuses.
    Unauthorized = 4,
    /// A write may have been done: look before running the command again.
    Unknown = 5,
    /// A child of this name exists already, and nothing was changed.
    Exists = 6,
    /// What was named is not there, and nothing was changed.
    NotFound = 7,
    /// The limit, the network, the server or another command is in the way, and nothing was changed.
    TryLater = 8,
    /// A check found something: `--exit-code`, or access that `mms doctor` saw before is lost.
    Alert = 9,
    /// Ended by Ctrl-C, and no write is in doubt.
    Interrupted = 130,
}

impl ExitCode {
    /// Every code, with the words for it in the help and in the documentation.
    pub(crate) const ALL: [(Self, &str); 11] = [
        (Self::Done, "done"),
        (Self::Failed, "refused or failed, nothing changed"),
        (Self::Usage, "used wrongly, nothing sent"),
        (Self::Differences, "something differs: mms plan --exit-code or mms import --check asked for it"),
        (Self::Unauthorized, "not authorized: no token, or one that the server refuses"),
        (
            Self::Unknown,
            "a write may have been done, or a part of it: look before running the command again; for a create, see `mms child settle`",
        ),
        (Self::Exists, "a child of this name exists already, nothing changed; --if-absent makes it 0"),
        (Self::NotFound, "what was named is not there, nothing changed"),
        (
            Self::TryLater,
            "the limit, the network, the server or another command is in the way, nothing changed: try again later",
        ),
        (Self::Alert, "the check found something: --exit-code was given, or mms doctor saw that access was lost"),
        (Self::Interrupted, "ended by Ctrl-C or a signal, no write in doubt"),
    ];

    /// Returns the name of the code in an error that is written as JSON.
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::Done => "done",
            Self::Failed => "failed",
            Self::Usage => "usage",
            Self::Differences => "differences",
            Self::Unauthorized => "unauthorized",
            Self::Unknown => "unknown_outcome",
            Self::Exists => "exists",
            Self::NotFound => "not_found",
            Self::TryLater => "try_later",
            Self::Alert => "alert",
            Self::Interrupted => "interrupted",
        }
    }
}

impl From<ExitCode> for std::process::ExitCode {
    fn from(code: ExitCode) -> Self {
        Self::from(code as u8)
    }
}
