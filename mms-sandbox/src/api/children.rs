//! Operations of children: list, create, update the allocation.

use std::sync::Arc;

use axum::body::Bytes;
use axum::extract::State;
use axum::response::Response;
use axum::{Extension, Json};
use http::StatusCode;
use mms_types::sandbox::{CreateStatus, DiffSign};
use mms_types::{
    Allocation, ChildOrganizationList, CreateChildOrganizationRequest, CreatedChildOrganization, OrganizationId,
    UpdateAllocationRequest,
};
use rusqlite::Connection;

use super::auth::{Caller, ReadChildren, WriteChildren};
use super::fields::Fields;
use super::json_response::{encode, json};
use super::page::Page;
use super::path::{ChildPath, OrganizationPath};
use crate::app_state::SharedAppState;
use crate::clock::rfc3339;
use crate::enums;
use crate::faults::Lagging;
use crate::http::error_response::ErrorResponse;
use crate::list_cache::ListKey;
use crate::store::StoreError;
use crate::store::tables::children;

pub(super) async fn list(
    State(app): State<SharedAppState>,
    caller: Caller<ReadChildren>,
    OrganizationPath(distributor): OrganizationPath,
    page: Page,
    lagging: Option<Extension<Lagging>>,
) -> Result<Response, ErrorResponse> {
    caller.must_own(distributor)?;
    if let Some(Extension(lagging)) = lagging {
        let hidden = app.faults.hidden(lagging, distributor, app.clock.now());
        if !hidden.is_empty() {
            let read = app.store.read(move |connection| encoded(connection, distributor, &page, &hidden));
            let mut answer = json(read.await?.0);
            // For the log: this is the rule that acted.
            answer.extensions_mut().insert(lagging.fault);
            return Ok(answer);
        }
    }
    let key = ListKey::Children { distributor, limit: page.limit, offset: page.offset };
    let encode = move |connection: &Connection| encoded(connection, distributor, &page, &[]);
    Ok(json(app.list_cache.get_or_encode(key, &app.store, encode).await?))
}

/// Reads and encodes a page without the hidden children.
fn encoded(
    connection: &Connection,
    distributor: OrganizationId,
    page: &Page,
    hidden: &[OrganizationId],
) -> Result<Bytes, StoreError> {
    let managed_organizations = children::list(connection, distributor, page.limit, page.offset, hidden)?;
    encode(&ChildOrganizationList { managed_organizations, pg: Some(page.describe()) })
}

pub(super) async fn create(
    State(app): State<SharedAppState>,
    caller: Caller<WriteChildren>,
    OrganizationPath(distributor): OrganizationPath,
    fields: Fields,
) -> Result<(StatusCode, Json<CreatedChildOrganization>), ErrorResponse> {
    let request = create_request(fields)?;
    caller.must_own(distributor)?;
    let zone = enums::zone_of_region(request.region_id)
        .and_then(enums::zone)
        .ok_or_else(|| ErrorResponse::not_found("region", request.region_id))?;
    if !enums::is_country(request.country_id) {
        return Err(ErrorResponse::not_found("country", request.country_id));
    }
    let behaviour = app.behaviour();
    let clock = Arc::clone(&app.clock);
    let create = app.store.write(move |connection| {
        let now = clock.now();
        let created =
            children::create(connection, distributor, request, zone, &rfc3339(now), behaviour.duplicate_names)?;
        Ok((created, now))
    });
    let (created, now) = create.await?;
    app.faults.record_created(distributor, created.child_organization_id, now);
    let status = match behaviour.create_status {
        CreateStatus::Ok => StatusCode::OK,
        CreateStatus::Created => StatusCode::CREATED,
    };
    Ok((status, Json(created)))
}

pub(super) async fn update_allocation(
    State(app): State<SharedAppState>,
    caller: Caller<WriteChildren>,
    ChildPath { organization: distributor, child }: ChildPath,
    fields: Fields,
) -> Result<Json<Allocation>, ErrorResponse> {
    let request = update_allocation_request(fields)?;
    caller.must_own(distributor)?;
    let behaviour = app.behaviour();
    let lowering = behaviour.lowering_below_consumption;
    let allocate = app
        .store
        .write(move |connection| children::allocate(connection, distributor, child, request.operations, lowering));
    let mut allocation = allocate.await?;
    if behaviour.operations_diff == DiffSign::Absolute {
        allocation.operations_diff = allocation.operations_diff.map(i64::abs);
    }
    Ok(Json(allocation))
}

fn create_request(mut fields: Fields) -> Result<CreateChildOrganizationRequest, ErrorResponse> {
    let read = (
        fields.text("userEmail"),
        fields.text("userName"),
        fields.text("organizationName"),
        fields.number("regionId"),
        fields.number("countryId"),
        fields.number("operations"),
    );
    let (
        Some(user_email),
        Some(user_name),
        Some(organization_name),
        Some(region_id),
        Some(country_id),
        Some(operations),
    ) = read
    else {
        return Err(fields.into_error_response());
    };
    Ok(CreateChildOrganizationRequest { user_email, user_name, organization_name, region_id, country_id, operations })
}

fn update_allocation_request(mut fields: Fields) -> Result<UpdateAllocationRequest, ErrorResponse> {
    let operations = fields.number("operations").ok_or_else(|| fields.into_error_response())?;
    Ok(UpdateAllocationRequest { operations })
}
