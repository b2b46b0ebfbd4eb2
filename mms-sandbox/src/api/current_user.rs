//! Operations of the current user: its account, and the scopes of its token.

use axum::Json;
use axum::extract::State;
use mms_types::{
    CurrentAuthorization, CurrentAuthorizationResponse, CurrentUser, CurrentUserResponse, Organization, UserId,
};

use super::auth::{AnyScope, Caller};
use crate::app_state::SharedAppState;
use crate::enums;
use crate::http::error_response::ErrorResponse;
use crate::store::tables::distributors;
use crate::store::tables::users::LANGUAGE;

/// The id of a distributor's user is this and the distributor's own id: far above those of the owners of children, who are
/// numbered from 1.
const FIRST_ID: u64 = 1_000_000_000;

pub(super) async fn get(
    State(app): State<SharedAppState>,
    caller: Caller<AnyScope>,
) -> Result<Json<CurrentUserResponse>, ErrorResponse> {
    let distributor = caller.organization();
    let (organization, _) = app.store.read(move |connection| distributors::find(connection, distributor)).await?;
    Ok(Json(CurrentUserResponse { auth_user: administrator(&organization) }))
}

pub(super) async fn authorization(caller: Caller<AnyScope>) -> Json<CurrentAuthorizationResponse> {
    let authorization = CurrentAuthorization { auth_used: Some("token".to_owned()), scope: caller.scopes().to_vec() };
    Json(CurrentAuthorizationResponse { authorization })
}

/// Returns the user of every token of a distributor. A state keeps no users but the owners of children, so this one is made up,
/// always in the same way.
fn administrator(organization: &Organization) -> CurrentUser {
    let id = organization.id.get();
    CurrentUser {
        id: UserId::new(id.saturating_add(FIRST_ID).min(i64::MAX.unsigned_abs())),
        name: Some(format!("Administrator of {}", organization.name)),
        email: Some(format!("administrator@organization-{id}.example")),
        language: Some(LANGUAGE.to_owned()),
        timezone_id: organization.timezone_id,
        locale_id: None,
        country_id: organization.country_id,
        avatar: None,
        timezone: organization.timezone_id.and_then(enums::timezone).and_then(|timezone| timezone.code.clone()),
        locale: None,
    }
}
