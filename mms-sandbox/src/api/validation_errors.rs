//! Validation errors of a request, collected so that one response names them all.

use std::fmt::Display;

use crate::http::error_response::ErrorResponse;

/// One sentence for each invalid parameter.
#[derive(Debug, Default)]
pub(super) struct ValidationErrors(Vec<String>);

impl ValidationErrors {
    /// Adds an error for a required parameter that is missing.
    pub(super) fn missing(&mut self, name: &str) {
        self.0.push(format!("Missing value of required parameter '{name}'."));
    }

    /// Returns the value of a parameter, or adds an error.
    pub(super) fn check<T>(&mut self, name: &str, value: Result<T, impl Display>) -> Option<T> {
        value.map_err(|error| self.0.push(format!("Invalid value of parameter '{name}': {error}."))).ok()
    }

    /// Returns `checked` if there are no errors.
    pub(super) fn ok_or_response<T>(self, checked: T) -> Result<T, ErrorResponse> {
        if self.0.is_empty() { Ok(checked) } else { Err(self.into_error_response()) }
    }

    /// Returns the response that names these errors.
    pub(super) fn into_error_response(self) -> ErrorResponse {
        ErrorResponse::invalid(self.0)
    }
}
