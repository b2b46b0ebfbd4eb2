//! Operation of the organization: the distributor itself.

use axum::Json;
use axum::extract::State;
use mms_types::OrganizationResponse;

use super::auth::{Caller, ReadOrganizations};
use super::path::OrganizationPath;
use crate::app_state::SharedAppState;
use crate::http::error_response::ErrorResponse;
use crate::store::tables::distributors;

pub(super) async fn get(
    State(app): State<SharedAppState>,
    caller: Caller<ReadOrganizations>,
    OrganizationPath(distributor): OrganizationPath,
) -> Result<Json<OrganizationResponse>, ErrorResponse> {
    caller.must_own(distributor)?;
    let (organization, _) = app.store.read(move |connection| distributors::find(connection, distributor)).await?;
    Ok(Json(OrganizationResponse { organization }))
}
