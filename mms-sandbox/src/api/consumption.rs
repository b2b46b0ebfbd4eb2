//! What the children have consumed.

use axum::Json;
use axum::extract::State;
use mms_types::ChildOrganizationConsumptionList;

use super::Api;
use super::caller::{Caller, ReadChildren};
use super::path::OrganizationPath;
use crate::error::Refusal;
use crate::store::consumption;

pub(super) async fn list(
    State(api): State<Api>,
    caller: Caller<ReadChildren>,
    OrganizationPath(distributor): OrganizationPath,
) -> Result<Json<ChildOrganizationConsumptionList>, Refusal> {
    caller.must_own(distributor)?;
    let managed_organizations_consumption =
        api.store.run(move |connection| consumption::list(connection, distributor)).await?;
    Ok(Json(ChildOrganizationConsumptionList { managed_organizations_consumption }))
}
