//! Ranges of the numbers in a state.

use mms_types::sandbox::{ChildState, DistributorState, SandboxState};
use mms_types::{IdError, OrganizationId, UserId};

use crate::store::StoreError;
use crate::store::integer::fits;
use crate::store::tables::usage;

/// The most children that one entry plants.
const MOST: u64 = 1_000_000;

/// Refuses a state with a number that is out of range.
pub(super) fn check(state: &SandboxState) -> Result<(), StoreError> {
    fits("usageSeed", state.usage_seed.unwrap_or_default())?;
    next(state.next_organization_id.map(OrganizationId::get))?;
    next(state.next_user_id.map(UserId::get))?;
    for distributor in &state.distributors {
        check_distributor(distributor)?;
        distributor.children.iter().try_for_each(check_child)?;
    }
    Ok(())
}

fn check_distributor(state: &DistributorState) -> Result<(), StoreError> {
    organization(Some(state.organization_id))?;
    if state.api_limit == Some(0) {
        let id = state.organization_id;
        return Err(StoreError::Contradiction(format!("organization {id}: apiLimit 0 lets no request through")));
    }
    fits("apiLimit", state.api_limit.unwrap_or_default())
}

fn check_child(state: &ChildState) -> Result<(), StoreError> {
    organization(state.organization_id)?;
    user(state.user_id)?;
    if let Some(count) = state.count.filter(|count| !(1..=MOST).contains(count)) {
        let name = state.organization_name.as_str();
        return Err(StoreError::Contradiction(format!("{name:?}: count {count} is not between 1 and {MOST}")));
    }
    fits("centicreditsConsumed", state.centicredits_consumed.get())?;
    fits("operationsConsumed", state.operations_consumed)?;
    fits("transferConsumed", state.transfer_consumed)?;
    state.usage.as_ref().map_or(Ok(()), usage::check)
}

/// The largest id that a state may name: the largest whole number that every reader of JSON reads exactly, and far enough from
/// the end of SQLite's ids for those that follow.
const LARGEST_ID: u64 = 1 << 53;

fn organization(id: Option<OrganizationId>) -> Result<(), StoreError> {
    id.map_or(Ok(()), |id| checked(id.get(), OrganizationId::try_from(id.get())))
}

fn user(id: Option<UserId>) -> Result<(), StoreError> {
    id.map_or(Ok(()), |id| checked(id.get(), UserId::try_from(id.get())))
}

/// The next id may be the one after the largest: that is what the snapshot of a state with the largest says.
fn next(id: Option<u64>) -> Result<(), StoreError> {
    id.map_or(Ok(()), |id| checked(id.saturating_sub(1).max(1), Ok(())))
}

fn checked<T>(id: u64, checked: Result<T, IdError>) -> Result<(), StoreError> {
    if id > LARGEST_ID {
        return Err(StoreError::Contradiction(format!("the id {id} is too large: at most {LARGEST_ID}")));
    }
    checked.map(drop).map_err(|error| StoreError::Contradiction(error.to_string()))
}
