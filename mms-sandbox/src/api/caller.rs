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

/// Reads `Authorization: Token <uuid>`; the scheme and the hexadecimal digits in either case.
fn token(headers: &HeaderMap) -> Result<String, Refusal> {
    let malformed = || Refusal::unauthorized("The header Authorization must read: Token, a space, an API token.");
    let header =
        headers.get(AUTHORIZATION).ok_or_else(|| Refusal::unauthorized("The header Authorization is missing."))?;
    let (scheme, token) = header.to_str().ok().and_then(|text| text.split_once(' ')).ok_or_else(malformed)?;
    if scheme.eq_ignore_ascii_case("Token") && is_uuid(token) {
        Ok(token.to_ascii_lowercase())
    } else {
        Err(malformed())
    }
}

/// Says whether a text is a UUID in its usual form: 8, 4, 4, 4 and 12 hexadecimal digits.
fn is_uuid(text: &str) -> bool {
    let digits = |group: &str| group.bytes().all(|byte| byte.is_ascii_hexdigit());
    text.split('-').all(digits) && text.split('-').map(str::len).eq([8, 4, 4, 4, 12])
}
