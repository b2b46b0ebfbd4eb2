//! Path and query parameters of the control side, as extractors.

use std::fmt::Display;
use std::str::FromStr;

use axum::extract::{FromRequestParts, Query, RawPathParams};
use http::request::Parts;
use mms_types::sandbox::{FaultId, RequestSequence};
use mms_types::{IdError, OrganizationId};

use super::handle::Control;
use crate::http::error_response::ErrorResponse;
use crate::http::request_log::RequestFilter;

/// The id in a path.
pub(super) struct Id<T>(pub(super) T);

/// An id that a path of the control side may have.
pub(super) trait PathId: Sized {
    /// The name of the parameter.
    const NAME: &'static str;

    fn read(text: &str) -> Result<Self, IdError>;
}

impl PathId for OrganizationId {
    const NAME: &'static str = "childOrganizationId";

    fn read(text: &str) -> Result<Self, IdError> {
        text.parse()
    }
}

impl PathId for FaultId {
    const NAME: &'static str = "faultId";

    fn read(text: &str) -> Result<Self, IdError> {
        // Parsed like every other id.
        OrganizationId::from_str(text).map(|id| Self(id.get()))
    }
}

impl<T: PathId + Send> FromRequestParts<Control> for Id<T> {
    type Rejection = ErrorResponse;

    async fn from_request_parts(parts: &mut Parts, control: &Control) -> Result<Self, ErrorResponse> {
        let parameters = RawPathParams::from_request_parts(parts, control)
            .await
            .map_err(|rejection| ErrorResponse::bad_request(rejection.body_text()).without_code())?;
        let text = parameters.iter().find(|(name, _)| *name == T::NAME).map_or("", |(_, text)| text);
        checked(T::NAME, T::read(text)).map(Self)
    }
}

/// The query of the request log.
pub(super) struct LogQuery(pub(super) RequestFilter);

impl FromRequestParts<Control> for LogQuery {
    type Rejection = ErrorResponse;

    async fn from_request_parts(parts: &mut Parts, control: &Control) -> Result<Self, ErrorResponse> {
        let Query(parameters) = Query::<Vec<(String, String)>>::from_request_parts(parts, control)
            .await
            .map_err(|rejection| ErrorResponse::bad_request(rejection.body_text()).without_code())?;
        let mut filter = RequestFilter::default();
        for (name, text) in parameters {
            match name.as_str() {
                "operationId" => filter.operation_id = Some(text),
                "method" => filter.method = Some(text),
                "childOrganizationId" => {
                    filter.child_organization_id = Some(checked(&name, OrganizationId::read(&text))?);
                }
                "after" => filter.after = Some(RequestSequence(checked(&name, sequence(&text))?)),
                // Ignoring it would hide a typing error.
                _ => return Err(refused(format!("Unknown parameter '{name}'."))),
            }
        }
        Ok(Self(filter))
    }
}

fn sequence(text: &str) -> Result<u64, String> {
    // Every number of the document is a signed 64-bit integer.
    let digits = text.bytes().all(|byte| byte.is_ascii_digit());
    let number = text.parse::<i64>().ok().filter(|_| digits).map(i64::unsigned_abs);
    number.ok_or_else(|| format!("{text:?} is not the number of a request: expected a whole number from 0"))
}

/// Returns the value of a parameter, or the response that names it.
fn checked<T>(name: &str, value: Result<T, impl Display>) -> Result<T, ErrorResponse> {
    value.map_err(|error| refused(format!("Invalid value of parameter '{name}': {error}.")))
}

fn refused(mistake: String) -> ErrorResponse {
    ErrorResponse::invalid(vec![mistake]).without_code()
}
