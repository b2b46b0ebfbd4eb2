//! Operation of the children's consumption.

use axum::extract::State;
use axum::response::Response;
use mms_types::ChildOrganizationConsumptionList;

use super::auth::{Caller, ReadChildren};
use super::json_response::{encode, json};
use super::path::OrganizationPath;
use crate::app_state::SharedAppState;
use crate::http::error_response::ErrorResponse;
use crate::list_cache::ListKey;
use crate::store::tables::consumption;

pub(super) async fn list(
    State(app): State<SharedAppState>,
    caller: Caller<ReadChildren>,
    OrganizationPath(distributor): OrganizationPath,
) -> Result<Response, ErrorResponse> {
    caller.must_own(distributor)?;
    let rows = app.behaviour().consumption_rows;
    let key = ListKey::Consumption { distributor, rows };
    let encoded = app.list_cache.get_or_encode(key, &app.store, move |connection| {
        let managed_organizations_consumption = consumption::list(connection, distributor, rows)?;
        encode(&ChildOrganizationConsumptionList { managed_organizations_consumption })
    });
    Ok(json(encoded.await?))
}
