//! Authentication of a request and its scope, as an extractor.

use std::marker::PhantomData;
use std::sync::Arc;

use axum::extract::FromRequestParts;
use http::HeaderMap;
use http::header::AUTHORIZATION;
use http::request::Parts;
use mms_types::OrganizationId;
use mms_types::sandbox::Foreign;

use crate::app_state::SharedAppState;
use crate::http::error_response::ErrorResponse;
use crate::http::rate_limit;
use crate::store::tables::tokens::Grant;

/// Schemes of an API token, and of an access token of OAuth 2.
const SCHEMES: [&str; 2] = ["Token", "Bearer"];

/// The scope that an operation requires.
pub(super) trait Scope: Send {
    /// The name of the scope, or nothing where any valid token will do.
    const NAME: Option<&'static str>;
}

/// Any valid token.
#[derive(Debug)]
pub(super) struct AnyScope;

/// Reading children and their consumption.
#[derive(Debug)]
pub(super) struct ReadChildren;

/// Creating children and changing their allocation.
#[derive(Debug)]
pub(super) struct WriteChildren;

/// Reading the distributor itself, and the list of organizations.
#[derive(Debug)]
pub(super) struct ReadOrganizations;

impl Scope for AnyScope {
    const NAME: Option<&'static str> = None;
}

impl Scope for ReadChildren {
    const NAME: Option<&'static str> = Some("managed-organizations:read");
}

impl Scope for WriteChildren {
    const NAME: Option<&'static str> = Some("managed-organizations:write");
}

impl Scope for ReadOrganizations {
    const NAME: Option<&'static str> = Some("organizations:read");
}

/// The holder of a known token with the scope `S`.
#[derive(Debug)]
pub(super) struct Caller<S> {
    grant: Arc<Grant>,
    foreign: Foreign,
    scope: PhantomData<S>,
}

impl<S> Caller<S> {
    /// Returns every scope of the token.
    pub(super) fn scopes(&self) -> &[String] {
        &self.grant.scopes
    }

    /// Returns the distributor for which the token speaks.
    pub(super) fn organization(&self) -> OrganizationId {
        self.grant.organization
    }

    /// Refuses an organization that is not the caller's own.
    pub(super) fn must_own(&self, organization: OrganizationId) -> Result<(), ErrorResponse> {
        if self.grant.organization == organization {
            return Ok(());
        }
        Err(match self.foreign {
            Foreign::NotFound => ErrorResponse::not_found("organization", organization),
            Foreign::Forbidden => ErrorResponse::access_denied(),
        })
    }
}

impl<S: Scope> FromRequestParts<SharedAppState> for Caller<S> {
    type Rejection = ErrorResponse;

    async fn from_request_parts(parts: &mut Parts, app: &SharedAppState) -> Result<Self, ErrorResponse> {
        let grant =
            app.grant(token(&parts.headers)?).ok_or_else(|| ErrorResponse::unauthorized("The token is not known."))?;
        let behaviour = app.behaviour();
        rate_limit::admit(app, &grant, &behaviour)?;
        if let Some(scope) = S::NAME.filter(|scope| !grant.scopes.iter().any(|granted| granted == scope)) {
            return Err(ErrorResponse::missing_scope(scope));
        }
        app.catch_up().await?;
        Ok(Self { grant, foreign: behaviour.foreign_organization, scope: PhantomData })
    }
}

/// Reads `Authorization: Token <token>`, or `Bearer`, the scheme in either case.
fn token(headers: &HeaderMap) -> Result<&str, ErrorResponse> {
    let header = headers
        .get(AUTHORIZATION)
        .ok_or_else(|| ErrorResponse::unauthorized("The header Authorization is missing."))?;
    match header.to_str().ok().and_then(|text| text.split_once(' ')) {
        Some((scheme, token)) if SCHEMES.iter().any(|known| scheme.eq_ignore_ascii_case(known)) => Ok(token),
        _ => Err(ErrorResponse::unauthorized("The header Authorization must read: Token, a space, an API token.")),
    }
}
