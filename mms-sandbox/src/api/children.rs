//! Operations on child organizations: list, create, change of an allocation.

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

use super::Api;
use super::caller::{Caller, ReadChildren, WriteChildren};
use super::encoded::{encode, json};
use super::fields::Fields;
use super::page::Page;
use super::path::{ChildPath, OrganizationPath};
use crate::clock::rfc3339;
use crate::enums;
use crate::faults::Lagging;
use crate::http::refusal::Refusal;
use crate::list_cache::ListKey;
use crate::store::StoreError;
use crate::store::tables::children;

pub(super) async fn list(
    State(api): State<Api>,
    caller: Caller<ReadChildren>,
    OrganizationPath(distributor): OrganizationPath,
    page: Page,
    lagging: Option<Extension<Lagging>>,
) -> Result<Response, Refusal> {
    caller.must_own(distributor)?;
    if let Some(Extension(lagging)) = lagging {
        let hidden = api.faults.hidden(lagging, distributor, api.clock.now());
        if !hidden.is_empty() {
            let read = api.store.read(move |connection| encoded(connection, distributor, &page, &hidden));
            let mut answer = json(read.await?.0);
            // For the log: this is the rule that acted.
            answer.extensions_mut().insert(lagging.fault);
            return Ok(answer);
        }
    }
    let question = ListKey::Children { distributor, limit: page.limit, offset: page.offset };
    let encode = move |connection: &Connection| encoded(connection, distributor, &page, &[]);
    Ok(json(api.answers.find_or_encode(question, &api.store, encode).await?))
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
    State(api): State<Api>,
    caller: Caller<WriteChildren>,
    OrganizationPath(distributor): OrganizationPath,
    fields: Fields,
) -> Result<(StatusCode, Json<CreatedChildOrganization>), Refusal> {
    let request = create_request(fields)?;
    caller.must_own(distributor)?;
    let zone = enums::zone_of_region(request.region_id)
        .and_then(enums::zone)
        .ok_or_else(|| Refusal::not_found("region", request.region_id))?;
    if !enums::is_country(request.country_id) {
        return Err(Refusal::not_found("country", request.country_id));
    }
    let behaviour = api.behaviour();
    let clock = Arc::clone(&api.clock);
    let create = api.store.write(move |connection| {
        let now = clock.now();
        let created =
            children::create(connection, distributor, request, zone, &rfc3339(now), behaviour.duplicate_names)?;
        Ok((created, now))
    });
    let (created, now) = create.await?;
    api.faults.was_created(distributor, created.child_organization_id, now);
    let status = match behaviour.create_status {
        CreateStatus::Ok => StatusCode::OK,
        CreateStatus::Created => StatusCode::CREATED,
    };
    Ok((status, Json(created)))
}

pub(super) async fn update_allocation(
    State(api): State<Api>,
    caller: Caller<WriteChildren>,
    ChildPath { organization: distributor, child }: ChildPath,
    fields: Fields,
) -> Result<Json<Allocation>, Refusal> {
    let request = update_allocation_request(fields)?;
    caller.must_own(distributor)?;
    let behaviour = api.behaviour();
    let lowering = behaviour.lowering_below_consumption;
    let allocate = api
        .store
        .write(move |connection| children::allocate(connection, distributor, child, request.operations, lowering));
    let mut allocation = allocate.await?;
    if behaviour.operations_diff == DiffSign::Absolute {
        allocation.operations_diff = allocation.operations_diff.map(i64::abs);
    }
    Ok(Json(allocation))
}

fn create_request(mut fields: Fields) -> Result<CreateChildOrganizationRequest, Refusal> {
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
        return Err(fields.into_refusal());
    };
    Ok(CreateChildOrganizationRequest { user_email, user_name, organization_name, region_id, country_id, operations })
}

fn update_allocation_request(mut fields: Fields) -> Result<UpdateAllocationRequest, Refusal> {
    let operations = fields.number("operations").ok_or_else(|| fields.into_refusal())?;
    Ok(UpdateAllocationRequest { operations })
}
