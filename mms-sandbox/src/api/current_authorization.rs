//! Operation of the current authorization: the scopes of the caller's token.

use axum::Json;
use mms_types::{CurrentAuthorization, CurrentAuthorizationResponse};

use super::auth::{AnyScope, Caller};

pub(super) async fn get(caller: Caller<AnyScope>) -> Json<CurrentAuthorizationResponse> {
    let authorization = CurrentAuthorization { auth_used: Some("token".to_owned()), scope: caller.scopes().to_vec() };
    Json(CurrentAuthorizationResponse { authorization })
}
