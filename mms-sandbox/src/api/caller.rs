//! Who is asking, and whether they may.

use std::marker::PhantomData;

use axum::extract::FromRequestParts;
use http::HeaderMap;
use http::header::AUTHORIZATION;
use http::request::Parts;
use mms_types::OrganizationId;

use super::Api;
use crate::error::Refusal;
use crate::store::tokens::{self, Grant};

/// What an operation asks of a token.
pub(super) trait Scope: Send {
    /// The scope's name; nothing where any valid token will do.
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

/// Reading the distributor itself.
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
    grant: Grant,
    scope: PhantomData<S>,
}

impl<S> Caller<S> {
    /// Returns every scope of the token.
    pub(super) fn into_scopes(self) -> Vec<String> {
        self.grant.scopes
    }

    /// Refuses an organization that is not the caller's own, as if it did not exist.
    pub(super) fn must_own(&self, organization: OrganizationId) -> Result<(), Refusal> {
        if self.grant.organization == organization {
            Ok(())
        } else {
            Err(Refusal::not_found("organization", organization))
        }
    }
}

impl<S: Scope> FromRequestParts<Api> for Caller<S> {
    type Rejection = Refusal;

    async fn from_request_parts(parts: &mut Parts, api: &Api) -> Result<Self, Refusal> {
        let token = token(&parts.headers)?;
        let grant = api.store.run(move |connection| tokens::find(connection, &token)).await?;
        let grant = grant.ok_or_else(|| Refusal::unauthorized("The token is not known."))?;
        match S::NAME {
            Some(scope) if !grant.scopes.iter().any(|granted| granted == scope) => Err(Refusal::missing_scope(scope)),
            _ => Ok(Self { grant, scope: PhantomData }),
        }
    }
}

/// Reads `Authorization: Token <token>`; the scheme and the hexadecimal digits of the token in either case.
fn token(headers: &HeaderMap) -> Result<String, Refusal> {
    let header =
        headers.get(AUTHORIZATION).ok_or_else(|| Refusal::unauthorized("The header Authorization is missing."))?;
    match header.to_str().ok().and_then(|text| text.split_once(' ')) {
        Some((scheme, token)) if scheme.eq_ignore_ascii_case("Token") => Ok(token.to_ascii_lowercase()),
        _ => Err(Refusal::unauthorized("The header Authorization must read: Token, a space, an API token.")),
    }
}
