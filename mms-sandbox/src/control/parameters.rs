//! Parameters of the control side, in path and query.

use std::fmt::Display;
use std::str::FromStr;

use axum::extract::{FromRequestParts, Query, RawPathParams};
use http::request::Parts;
use mms_types::sandbox::{FaultId, RequestSequence};
use mms_types::{IdError, OrganizationId};

use super::Control;
use crate::http::refusal::Refusal;
use crate::http::request_log::RequestFilter;

/// The one id in a path.
pub(super) struct Id<T>(pub(super) T);

/// An id of the control side.
pub(super) trait Known: Sized {
    /// The name of the parameter.
    const NAME: &'static str;

    fn read(text: &str) -> Result<Self, IdError>;
}

impl Known for OrganizationId {
    const NAME: &'static str = "childOrganizationId";

    fn read(text: &str) -> Result<Self, IdError> {
        text.parse()
    }
}

impl Known for FaultId {
    const NAME: &'static str = "faultId";

    fn read(text: &str) -> Result<Self, IdError> {
        // The number of a rule is read as every id is.
        OrganizationId::from_str(text).map(|id| Self(id.get()))
    }
}

impl<T: Known + Send> FromRequestParts<Control> for Id<T> {
    type Rejection = Refusal;

    async fn from_request_parts(parts: &mut Parts, control: &Control) -> Result<Self, Refusal> {
        let parameters = RawPathParams::from_request_parts(parts, control)
            .await
            .map_err(|rejection| Refusal::bad_request(rejection.body_text()).without_code())?;
        let text = parameters.iter().find(|(name, _)| *name == T::NAME).map_or("", |(_, text)| text);
        checked(T::NAME, T::read(text)).map(Self)
    }
}

/// The query of the log.
pub(super) struct FilterQuery(pub(super) RequestFilter);

impl FromRequestParts<Control> for FilterQuery {
    type Rejection = Refusal;

    async fn from_request_parts(parts: &mut Parts, control: &Control) -> Result<Self, Refusal> {
        let Query(parameters) = Query::<Vec<(String, String)>>::from_request_parts(parts, control)
            .await
            .map_err(|rejection| Refusal::bad_request(rejection.body_text()).without_code())?;
        let mut filter = RequestFilter::default();
        for (name, text) in parameters {
            match name.as_str() {
                "operationId" => filter.operation_id = Some(text),
                "method" => filter.method = Some(text),
                "childOrganizationId" => {
                    filter.child_organization_id = Some(checked(&name, OrganizationId::read(&text))?);
                }
                "after" => filter.after = Some(RequestSequence(checked(&name, sequence(&text))?)),
                // What is not known would be passed over, and a typing error pass unseen.
                _ => return Err(refused(format!("Unknown parameter '{name}'."))),
            }
        }
        Ok(Self(filter))
    }
}

fn sequence(text: &str) -> Result<u64, String> {
    // Like every number of the document it has 64 bits, one of them for the sign.
    let digits = text.bytes().all(|byte| byte.is_ascii_digit());
    let number = text.parse::<i64>().ok().filter(|_| digits).map(i64::unsigned_abs);
    number.ok_or_else(|| format!("{text:?} is not the number of a request: expected a whole number from 0"))
}

/// Takes the value of a parameter, or names the parameter in a refusal.
fn checked<T>(name: &str, value: Result<T, impl Display>) -> Result<T, Refusal> {
    value.map_err(|error| refused(format!("Invalid value of parameter '{name}': {error}.")))
}

fn refused(mistake: String) -> Refusal {
    Refusal::invalid(vec![mistake]).without_code()
}
