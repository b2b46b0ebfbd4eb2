//! Journals that cannot be opened, read or written: exit code and hint.

use mms_client::JournalError;

use super::Failure;

/// Makes the failure of a command that sent nothing, for want of a journal.
pub(crate) fn journal_unusable(error: &JournalError) -> Failure {
    let message = format!("{error}; nothing was sent");
    if error.is_locked() {
        return Failure::try_later(message).hint("run the command again when that process has ended");
    }
    let failure = Failure::failed(message);
    if !error.is_io() {
        return failure;
    }
    failure.hint(
        "it has to be a file that you can write to, on a disk with room; one elsewhere knows nothing of the creates of earlier \
         commands",
    )
}

/// Makes the failure of a command that only reads the journal.
pub(crate) fn journal_unreadable(error: &JournalError) -> Failure {
    Failure::failed(error.to_string())
}
