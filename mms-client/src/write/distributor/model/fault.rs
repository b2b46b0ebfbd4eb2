//! Faults of the model, and their rates.

use std::fmt;
use std::time::Duration;

/// Fault of a write.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Fault {
    /// It is done and answered.
    None,
    /// It never leaves.
    Unsent,
    /// It is refused.
    Refused,
    /// It is done, and the answer is 404 all the same.
    RefusedAfter,
    /// The limit is used up: 429, and nothing is done.
    Limited,
    /// It is done, and the answer is 429 all the same.
    LimitedAfter,
    /// The pace holds it for a minute, so that the look is too old.
    Held,
    /// It is lost on the way there.
    LostBefore,
    /// It is done, and its answer is lost.
    LostAfter,
    /// It is done so much later than the connection broke.
    Late(Duration),
    /// It is done, and the answer names no child that can be read.
    Unreadable,
    /// It is done, and the answer names the child that was made before it.
    Misnamed,
    /// Somebody on the way sends it a second time, and the answer is lost.
    Doubled,
    /// Somebody on the way sends it a second time, and one of the answers comes.
    DoubledAndAnswered,
    /// It is done, and the answer names another owner.
    OfAnotherOwner,
}

/// Fault of a list.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum ListFault {
    None,
    /// The last rows are missing, and the server does not prove that there are none.
    Cut,
    /// There is no answer.
    Failed,
    /// The first row lacks its allocation, and the last its name.
    Odd,
}

/// Rates of faults, in percent.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Chaos {
    pub(crate) writes: u64,
    pub(crate) lists: u64,
    /// How many children are not in the list for up to 400 s, in percent.
    pub(crate) lags: u64,
}

/// Why a call of the model failed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct ModelError(pub(crate) &'static str);

impl fmt::Display for ModelError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.0)
    }
}

impl std::error::Error for ModelError {}

/// Answer of a server whose pool does not suffice.
pub(super) const SHORT: ModelError = ModelError("409");

/// Answer of a server whose limit is used up.
pub(crate) const LIMITED: ModelError = ModelError("429");

/// Answer of a server that does not find what it has just made.
pub(super) const NOT_FOUND: ModelError = ModelError("404");
