//! Listing children, creating one, and changing an allocation.

use axum::Json;
use axum::extract::State;
use mms_types::{
    Allocation, ChildOrganizationList, CreateChildOrganizationRequest, CreatedChildOrganization,
    UpdateAllocationRequest,
};

use super::Api;
use super::caller::{Caller, ReadChildren, WriteChildren};
use super::fields::Fields;
use super::page::Page;
use super::path::{ChildPath, OrganizationPath};
use crate::catalogue;
use crate::clock::rfc3339;
use crate::error::Refusal;
use crate::store::children;

pub(super) async fn list(
    State(api): State<Api>,
    caller: Caller<ReadChildren>,
    OrganizationPath(distributor): OrganizationPath,
    page: Page,
) -> Result<Json<ChildOrganizationList>, Refusal> {
    caller.must_own(distributor)?;
    let pg = page.describe();
    let list = api.store.run(move |connection| children::list(connection, distributor, page.limit, page.offset));
    Ok(Json(ChildOrganizationList { managed_organizations: list.await?, pg: Some(pg) }))
}

pub(super) async fn create(
    State(api): State<Api>,
    caller: Caller<WriteChildren>,
    OrganizationPath(distributor): OrganizationPath,
    fields: Fields,
) -> Result<Json<CreatedChildOrganization>, Refusal> {
    let request = create_request(fields)?;
    caller.must_own(distributor)?;
    let zone = catalogue::zone_of_region(request.region_id)
        .and_then(catalogue::zone)
        .ok_or_else(|| Refusal::not_found("region", request.region_id))?;
    if !catalogue::is_country(request.country_id) {
        return Err(Refusal::not_found("country", request.country_id));
    }
    let now = rfc3339((api.clock)());
    let create = api.store.run(move |connection| children::create(connection, distributor, request, zone, &now));
    Ok(Json(create.await?))
}

pub(super) async fn update_allocation(
    State(api): State<Api>,
    caller: Caller<WriteChildren>,
    ChildPath { organization: distributor, child }: ChildPath,
    fields: Fields,
) -> Result<Json<Allocation>, Refusal> {
    let request = update_allocation_request(fields)?;
    caller.must_own(distributor)?;
    let allocate =
        api.store.run(move |connection| children::allocate(connection, distributor, child, request.operations));
    Ok(Json(allocate.await?))
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
