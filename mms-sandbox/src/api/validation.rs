//! Validation errors of a request, collected so that a refusal names all of them at once.

use std::fmt::Display;

use crate::http::refusal::Refusal;

/// One sentence for each parameter that is wrong.
#[derive(Debug, Default)]
pub(super) struct ValidationErrors(Vec<String>);

impl ValidationErrors {
    /// Notes a required parameter that is missing.
    pub(super) fn missing(&mut self, name: &str) {
        self.0.push(format!("Missing value of required parameter '{name}'."));
    }

    /// Takes the value of a parameter, or notes why it has none.
    pub(super) fn check<T>(&mut self, name: &str, value: Result<T, impl Display>) -> Option<T> {
        value.map_err(|error| self.0.push(format!("Invalid value of parameter '{name}': {error}."))).ok()
    }

    /// Passes `checked` on if there was no mistake.
    pub(super) fn none_in<T>(self, checked: T) -> Result<T, Refusal> {
        if self.0.is_empty() { Ok(checked) } else { Err(self.into_refusal()) }
    }

    /// Refuses the request for these mistakes.
    pub(super) fn into_refusal(self) -> Refusal {
        Refusal::invalid(self.0)
    }
}
