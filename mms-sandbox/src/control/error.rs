//! Error of the control side.

use std::error::Error;
use std::fmt;

use axum::response::{IntoResponse, Response};
use mms_types::sandbox::FaultId;

use crate::http::error_response::{ErrorResponse, sentence};
use crate::store::{CopyError, StoreError};

/// Says in one line why the control side refused. Nothing was changed.
#[derive(Debug)]
pub struct ControlError(Cause);

#[derive(Debug)]
enum Cause {
    NoFault(FaultId),
    /// A rule that cannot act; the message begins with a name.
    Rule(String),
    Invalid(String),
    /// A clock that would be set back.
    Past(String),
    Store(StoreError),
    Copy(CopyError),
}

impl ControlError {
    pub(super) fn no_fault(id: FaultId) -> Self {
        Self(Cause::NoFault(id))
    }

    pub(super) fn rule(message: String) -> Self {
        Self(Cause::Rule(message))
    }

    pub(super) fn invalid(message: String) -> Self {
        Self(Cause::Invalid(message))
    }

    pub(super) fn past(message: String) -> Self {
        Self(Cause::Past(message))
    }

    pub(super) fn store(error: StoreError) -> Self {
        Self(Cause::Store(error))
    }

    /// Says whether there is no such child, or no such rule.
    #[must_use]
    pub fn is_not_found(&self) -> bool {
        matches!(self.0, Cause::NoFault(_) | Cause::Store(StoreError::NoSuchChild(_)))
    }

    /// Says whether what was asked for contradicts itself or the rules.
    #[must_use]
    pub fn is_invalid(&self) -> bool {
        matches!(
            self.0,
            Cause::Rule(_)
                | Cause::Invalid(_)
                | Cause::Past(_)
                | Cause::Store(StoreError::Contradiction(_))
                | Cause::Copy(CopyError::Path(_) | CopyError::Taken(_))
        )
    }
}

impl fmt::Display for ControlError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.0 {
            Cause::NoFault(id) => write!(formatter, "there is no fault {id}"),
            Cause::Rule(message) | Cause::Invalid(message) | Cause::Past(message) => formatter.write_str(message),
            Cause::Store(error) => error.fmt(formatter),
            Cause::Copy(error) => error.fmt(formatter),
        }
    }
}

impl Error for ControlError {}

impl From<StoreError> for ControlError {
    fn from(error: StoreError) -> Self {
        Self::store(error)
    }
}

impl From<CopyError> for ControlError {
    fn from(error: CopyError) -> Self {
        Self(Cause::Copy(error))
    }
}

impl IntoResponse for ControlError {
    fn into_response(self) -> Response {
        let refusal = match self.0 {
            Cause::NoFault(id) => ErrorResponse::not_found("fault", id),
            Cause::Rule(message) => ErrorResponse::bad_request(format!("{message}.")),
            Cause::Invalid(message) | Cause::Copy(CopyError::Path(message)) => {
                ErrorResponse::bad_request(sentence(&message))
            }
            Cause::Past(message) | Cause::Copy(CopyError::Taken(message)) => {
                ErrorResponse::conflict(sentence(&message))
            }
            Cause::Store(error) => error.into(),
            Cause::Copy(CopyError::Failed(message)) => ErrorResponse::internal(sentence(&message)),
        };
        refusal.without_code().into_response()
    }
}
