//! Operation: the consumption of the children.

use axum::extract::State;
use axum::response::Response;
use mms_types::ChildOrganizationConsumptionList;

use super::Api;
use super::caller::{Caller, ReadChildren};
use super::encoded::{encode, json};
use super::path::OrganizationPath;
use crate::http::refusal::Refusal;
use crate::list_cache::ListKey;
use crate::store::tables::consumption;

pub(super) async fn list(
    State(api): State<Api>,
    caller: Caller<ReadChildren>,
    OrganizationPath(distributor): OrganizationPath,
) -> Result<Response, Refusal> {
    caller.must_own(distributor)?;
    let rows = api.behaviour().consumption_rows;
    let question = ListKey::Consumption { distributor, rows };
    let encoded = api.answers.find_or_encode(question, &api.store, move |connection| {
        let managed_organizations_consumption = consumption::list(connection, distributor, rows)?;
        encode(&ChildOrganizationConsumptionList { managed_organizations_consumption })
    });
    Ok(json(encoded.await?))
}
