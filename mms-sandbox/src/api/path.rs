//! Ids in a path.

use axum::extract::{FromRequestParts, RawPathParams};
use http::request::Parts;
use mms_types::{IdError, OrganizationId};

use super::Api;
use super::validation::ValidationErrors;
use crate::http::refusal::Refusal;

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

impl FromRequestParts<Api> for OrganizationPath {
    type Rejection = Refusal;

    async fn from_request_parts(parts: &mut Parts, api: &Api) -> Result<Self, Refusal> {
        let parameters = parameters(parts, api).await?;
        let mut mistakes = ValidationErrors::default();
        let organization = mistakes.check(ORGANIZATION, id(&parameters, ORGANIZATION));
        organization.map(Self).ok_or_else(|| mistakes.into_refusal())
    }
}

impl FromRequestParts<Api> for ChildPath {
    type Rejection = Refusal;

    async fn from_request_parts(parts: &mut Parts, api: &Api) -> Result<Self, Refusal> {
        let parameters = parameters(parts, api).await?;
        let mut mistakes = ValidationErrors::default();
        let organization = mistakes.check(ORGANIZATION, id(&parameters, ORGANIZATION));
        let child = mistakes.check(CHILD, id(&parameters, CHILD));
        let (Some(organization), Some(child)) = (organization, child) else {
            return Err(mistakes.into_refusal());
        };
        Ok(Self { organization, child })
    }
}

async fn parameters(parts: &mut Parts, api: &Api) -> Result<RawPathParams, Refusal> {
    RawPathParams::from_request_parts(parts, api).await.map_err(|rejection| Refusal::bad_request(rejection.body_text()))
}

fn id(parameters: &RawPathParams, name: &str) -> Result<OrganizationId, IdError> {
    let text = parameters.iter().find(|(known, _)| *known == name).map_or("", |(_, text)| text);
    text.parse()
}
