//! Standard output: data, written whole.

use std::io::{self, ErrorKind, Write};

use clap::error::ErrorKind as UsageKind;

use crate::output::failure::{ExitCode, Failure};

/// Makes the failure of a value that is no JSON.
#[expect(clippy::needless_pass_by_value, reason = "what `map_err` hands over")]
pub(in crate::output) fn unwritable(error: serde_json::Error) -> Failure {
    Failure::failed(format!("the answer cannot be written as JSON: {error}"))
}

/// Writes data.
pub(in crate::output) fn write_out(data: &[u8]) -> Result<(), Failure> {
    let mut out = io::stdout().lock();
    written(out.write_all(data).and_then(|()| out.flush()))
}

/// Ends the writing of data. A reader that went away has read what it wanted: that is no failure.
pub(in crate::output) fn written(outcome: io::Result<()>) -> Result<(), Failure> {
    match outcome {
        Err(error) if error.kind() != ErrorKind::BrokenPipe => {
            Err(Failure::failed(format!("standard output cannot be written: {error}")))
        }
        _ => Ok(()),
    }
}

/// Writes the help or the version, and returns how the command ends.
pub(crate) fn help(message: &clap::Error) -> ExitCode {
    let asked_for = matches!(message.kind(), UsageKind::DisplayHelp | UsageKind::DisplayVersion);
    // clap chooses the stream and the colour as this printer does. A reader that went away has read what it wanted.
    match message.print() {
        Err(error) if error.kind() != ErrorKind::BrokenPipe => ExitCode::Failed,
        _ if asked_for => ExitCode::Done,
        _ => ExitCode::Usage,
    }
}
