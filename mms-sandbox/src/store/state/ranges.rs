//! Ranges of the numbers in a state: those that its schema allows and the database holds.

use mms_types::sandbox::{ChildState, DistributorState, SandboxState};
use mms_types::{IdError, OrganizationId, UserId};

use crate::store::StoreError;
use crate::store::tables::integers::fits;
use crate::store::tables::usage;

/// The largest `count` of an entry.
const MAX_COUNT: u64 = 1_000_000;

/// Refuses a state with a number that is out of range.
pub(super) fn check(state: &SandboxState) -> Result<(), StoreError> {
    fits("usageSeed", state.usage_seed.unwrap_or_default())?;
    check_next_id(state.next_organization_id.map(OrganizationId::get))?;
    check_next_id(state.next_user_id.map(UserId::get))?;
    for distributor in &state.distributors {
        check_distributor(distributor)?;
        distributor.children.iter().try_for_each(check_child)?;
    }
    Ok(())
}

fn check_distributor(state: &DistributorState) -> Result<(), StoreError> {
    check_organization_id(Some(state.organization_id))?;
    if state.api_limit == Some(0) {
        let id = state.organization_id;
        return Err(StoreError::Contradiction(format!("organization {id}: apiLimit 0 lets no request through")));
    }
    fits("apiLimit", state.api_limit.unwrap_or_default())
}

fn check_child(state: &ChildState) -> Result<(), StoreError> {
    check_organization_id(state.organization_id)?;
    check_user_id(state.user_id)?;
    if let Some(count) = state.count.filter(|count| !(1..=MAX_COUNT).contains(count)) {
        let name = state.organization_name.as_str();
        return Err(StoreError::Contradiction(format!("{name:?}: count {count} is not between 1 and {MAX_COUNT}")));
    }
    fits("centicreditsConsumed", state.centicredits_consumed.get())?;
    fits("operationsConsumed", state.operations_consumed)?;
    fits("transferConsumed", state.transfer_consumed)?;
    state.usage.as_ref().map_or(Ok(()), usage::check)
}

/// The largest id that a state may name: the largest whole number that every reader of JSON reads exactly, and far enough from
/// the end of SQLite's ids for those that follow.
const MAX_ID: u64 = 1 << 53;

fn check_organization_id(id: Option<OrganizationId>) -> Result<(), StoreError> {
    id.map_or(Ok(()), |id| check_id(id.get(), OrganizationId::try_from(id.get())))
}

fn check_user_id(id: Option<UserId>) -> Result<(), StoreError> {
    id.map_or(Ok(()), |id| check_id(id.get(), UserId::try_from(id.get())))
}

/// The next id may be the one after the largest: that is what the snapshot of a state with the largest says.
fn check_next_id(id: Option<u64>) -> Result<(), StoreError> {
    id.map_or(Ok(()), |id| check_id(id.saturating_sub(1).max(1), Ok(())))
}

fn check_id<T>(id: u64, check_id: Result<T, IdError>) -> Result<(), StoreError> {
    if id > MAX_ID {
        return Err(StoreError::Contradiction(format!("the id {id} is too large: at most {MAX_ID}")));
    }
    check_id.map(drop).map_err(|error| StoreError::Contradiction(error.to_string()))
}
