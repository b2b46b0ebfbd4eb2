//! Operations of organizations: the distributor itself, and the list of those that a token may see.

use axum::Json;
use axum::extract::State;
use mms_types::{OrganizationList, OrganizationResponse};

use super::auth::{Caller, ReadOrganizations};
use super::page::OrganizationPage;
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

/// A token speaks for one distributor, so the list has one row at most, whatever it is sorted by.
pub(super) async fn list(
    State(app): State<SharedAppState>,
    caller: Caller<ReadOrganizations>,
    page: OrganizationPage,
) -> Result<Json<OrganizationList>, ErrorResponse> {
    let (distributor, limit, offset) = (caller.organization(), page.limit(), page.offset());
    let read = app.store.read(move |connection| distributors::list(connection, distributor, limit, offset));
    let (organizations, _) = read.await?;
    Ok(Json(OrganizationList { organizations, pg: Some(page.describe()) }))
}
