//! Operation: the distributor itself.

use axum::Json;
use axum::extract::State;
use mms_types::OrganizationResponse;

use super::Api;
use super::caller::{Caller, ReadOrganizations};
use super::path::OrganizationPath;
use crate::http::refusal::Refusal;
use crate::store::tables::organizations;

pub(super) async fn get(
    State(api): State<Api>,
    caller: Caller<ReadOrganizations>,
    OrganizationPath(distributor): OrganizationPath,
) -> Result<Json<OrganizationResponse>, Refusal> {
    caller.must_own(distributor)?;
    let (organization, _) = api.store.read(move |connection| organizations::find(connection, distributor)).await?;
    Ok(Json(OrganizationResponse { organization }))
}
