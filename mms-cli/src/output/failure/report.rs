//! Failures for programs: the JSON that is written to standard error with `--output json`.

use serde::Serialize;

use super::Failure;

/// A failure as JSON.
#[derive(Debug, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub(crate) struct ErrorReport {
    error: Fields,
}

#[derive(Debug, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
struct Fields {
    /// Name of the exit code.
    code: &'static str,
    exit_code: u8,
    message: String,
    hint: Option<String>,
    /// The steps of the hint, where there are several.
    steps: Vec<String>,
    /// The contract's operation whose call failed; null where none did.
    operation: Option<String>,
    /// The status of the server's answer; null where none came.
    status: Option<u16>,
    /// Whether a request of that operation, or a write of this command, may have reached the server.
    request_sent: bool,
}

impl ErrorReport {
    /// Makes the report of a failure; `safe` hides secrets.
    pub(crate) fn new(failure: &Failure, safe: impl Fn(&str) -> String) -> Self {
        let call = failure.call.as_ref();
        Self {
            error: Fields {
                code: failure.code.name(),
                exit_code: failure.code as u8,
                message: safe(&failure.message),
                hint: failure.hint_line().map(&safe),
                steps: failure.steps().iter().map(|step| safe(step)).collect(),
                operation: call.map(|call| call.operation.to_owned()),
                status: call.and_then(|call| call.status),
                request_sent: failure.is_write_sent || call.is_some_and(|call| call.maybe_sent),
            },
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whatever_fails_after_a_write_says_that_one_was_sent() {
        let is_sent = |failure: &Failure| ErrorReport::new(failure, str::to_owned).error.request_sent;
        assert!(is_sent(&Failure::unknown("interrupted: the create may have been carried out")));
        assert!(is_sent(&Failure::failed("no space left").after("child 1001 was created", "`mms child list`")));
        assert!(is_sent(&Failure::failed("refused").partly("101 has 0 credits, and then")));
        assert!(!is_sent(&Failure::failed("refused")));
    }
}
