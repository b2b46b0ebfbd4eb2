//! Ids in the path of a request, as extractors.

use axum::extract::{FromRequestParts, RawPathParams};
use http::request::Parts;
use mms_types::{IdError, OrganizationId};

use super::validation_errors::ValidationErrors;
use crate::app_state::SharedAppState;
use crate::http::error_response::ErrorResponse;

const ORGANIZATION: &str = "organizationId";
const CHILD: &str = "childOrganizationId";

/// `/organizations/{organizationId}`.
#[derive(Debug)]
pub(super) struct OrganizationPath(pub(super) OrganizationId);

/// `/organizations/{organizationId}/managed-organizations/{childOrganizationId}`.
#[derive(Debug)]
pub(super) struct ChildPath {
    pub(super) organization: OrganizationId,
    pub(super) child: OrganizationId,
}

impl FromRequestParts<SharedAppState> for OrganizationPath {
    type Rejection = ErrorResponse;

    async fn from_request_parts(parts: &mut Parts, app: &SharedAppState) -> Result<Self, ErrorResponse> {
        let parameters = parameters(parts, app).await?;
        let mut errors = ValidationErrors::default();
        let organization = errors.check(ORGANIZATION, id(&parameters, ORGANIZATION));
        organization.map(Self).ok_or_else(|| errors.into_error_response())
    }
}

impl FromRequestParts<SharedAppState> for ChildPath {
    type Rejection = ErrorResponse;

    async fn from_request_parts(parts: &mut Parts, app: &SharedAppState) -> Result<Self, ErrorResponse> {
        let parameters = parameters(parts, app).await?;
        let mut errors = ValidationErrors::default();
        let organization = errors.check(ORGANIZATION, id(&parameters, ORGANIZATION));
        let child = errors.check(CHILD, id(&parameters, CHILD));
        let (Some(organization), Some(child)) = (organization, child) else {
            return Err(errors.into_error_response());
        };
        Ok(Self { organization, child })
    }
}

async fn parameters(parts: &mut Parts, app: &SharedAppState) -> Result<RawPathParams, ErrorResponse> {
    RawPathParams::from_request_parts(parts, app)
        .await
        .map_err(|rejection| ErrorResponse::bad_request(rejection.body_text()))
}

fn id(parameters: &RawPathParams, name: &str) -> Result<OrganizationId, IdError> {
    let text = parameters.iter().find(|(known, _)| *known == name).map_or("", |(_, text)| text);
    text.parse()
}
