//! Load of a state in place of the current one. A state that contradicts itself is refused.

use std::collections::BTreeSet;

use jiff::Timestamp;
use mms_types::sandbox::{ChildState, DistributorState, SandboxState, TokenState};
use mms_types::{CountryId, EmailAddress, Operations, OrganizationId, TimezoneId, UserId, UserName, ZoneId};
use rusqlite::Connection;

use super::ids::{raise_next_id, set_last_id};
use super::ranges;
use crate::clock::rfc3339;
use crate::enums;
use crate::store::StoreError;
use crate::store::tables::children::{self, NewChild};
use crate::store::tables::consumption::Counters;
use crate::store::tables::distributors::{self, NewDistributor};
use crate::store::tables::timestamps::to_text;
use crate::store::tables::usage::{self, Usage};
use crate::store::tables::{settings, tokens, users};
use crate::usage::reset_period::{next_reset, period_start};

/// The id of the first child that a caller creates, unless higher ones are there.
const FIRST_CREATED: u64 = 1001;

/// Requests a minute in the plan Teams.
const DEFAULT_API_LIMIT: u64 = 240;

/// The location of a distributor where the document does not say.
const EU1: ZoneId = ZoneId::new(1);
const CZECHIA: CountryId = CountryId::new(58);
const PRAGUE: TimezoneId = TimezoneId::new(8);

/// The allocation of a child where the document does not say.
const DEFAULT_ALLOCATION: u64 = Operations::STEP;

/// The owner of a child where the document does not say.
const DEFAULT_OWNER: (&str, &str) = ("owner@example.com", "Owner");

/// Loads a state in place of what is there. The clock stays with the caller.
pub(crate) fn load(connection: &Connection, state: &SandboxState, now: Timestamp) -> Result<(), StoreError> {
    ranges::check(state)?;
    connection.execute_batch(
        "DELETE FROM usage; DELETE FROM consumption; DELETE FROM child; DELETE FROM user; DELETE FROM token;
         DELETE FROM distributor; DELETE FROM sqlite_sequence; UPDATE setting SET planted = 1;",
    )?;
    settings::draw_identity(connection)?;
    settings::set_usage_seed(connection, state.usage_seed.unwrap_or_default())?;
    let children = || state.distributors.iter().flat_map(|distributor| &distributor.children);
    set_last_id(connection, "user", children().filter_map(|child| child.user_id).map(UserId::get).max().unwrap_or(0))?;
    let distributors = state.distributors.iter().map(|distributor| distributor.organization_id);
    let organizations = distributors.chain(children().filter_map(|child| child.organization_id));
    let highest = organizations.map(OrganizationId::get).max().unwrap_or(0);
    set_last_id(connection, "child", highest.max(FIRST_CREATED - 1))?;
    let mut ids = BTreeSet::new();
    for distributor in &state.distributors {
        if !ids.insert(distributor.organization_id) {
            return Err(contradiction(format!("two organizations have the id {}", distributor.organization_id)));
        }
    }
    for distributor in &state.distributors {
        insert_distributor(connection, distributor, now, &mut ids)?;
    }
    raise_next_id(connection, "child", state.next_organization_id.map(OrganizationId::get))?;
    raise_next_id(connection, "user", state.next_user_id.map(UserId::get))
}

fn insert_distributor(
    connection: &Connection,
    state: &DistributorState,
    now: Timestamp,
    ids: &mut BTreeSet<OrganizationId>,
) -> Result<(), StoreError> {
    let id = state.organization_id;
    let restart_period = state.restart_period.unwrap_or_default();
    let last_reset = time_or(state.last_reset.as_ref(), period_start(restart_period, now))?;
    let next_reset = time_or(state.next_reset.as_ref(), next_reset(last_reset, restart_period))?;
    // The last of all times has itself as its successor.
    if next_reset.as_second() <= last_reset.as_second().min(Timestamp::MAX.as_second() - 1) {
        return Err(contradiction(format!(
            "organization {id}: its next reset, {}, is not after its last, {}",
            rfc3339(next_reset),
            rfc3339(last_reset)
        )));
    }
    let location = Location {
        zone: state.zone_id.unwrap_or(EU1),
        country: state.country_id.unwrap_or(CZECHIA),
        timezone: state.timezone_id.unwrap_or(PRAGUE),
    };
    location.check()?;
    let pool = i64::try_from(state.operations)
        .map_err(|_| contradiction(format!("organization {id}: operations {} are too many", state.operations)))?;
    let name = state.organization_name.clone().unwrap_or_else(|| format!("Distributor {id}"));
    distributors::insert(
        connection,
        &NewDistributor {
            id,
            name: &name,
            zone: location.zone,
            country: location.country,
            timezone: location.timezone,
            pool,
            api_limit: state.api_limit.unwrap_or(DEFAULT_API_LIMIT),
            last_reset: &to_text(last_reset),
            next_reset: &to_text(next_reset),
            restart_period,
        },
    )?;
    for TokenState { token, scopes } in &state.tokens {
        let is_sendable = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_graphic());
        // A token is a secret, even here: it is not repeated.
        if !is_sendable(token) {
            return Err(contradiction(format!("organization {id}: a token is empty, or has more than visible ASCII")));
        }
        if let Some(scope) = scopes.iter().find(|scope| !is_sendable(scope)) {
            return Err(contradiction(format!("{scope:?} is no scope: it must be visible ASCII without spaces")));
        }
        tokens::insert(connection, token, id, scopes)
            .map_err(|error| explain_duplicate(error, || format!("organization {id}: a token stands there twice")))?;
    }
    let mut total = pool;
    for child in &state.children {
        total = insert_children(connection, &Parent { id, location, last_reset }, child, now, ids)?
            .checked_add(total)
            .ok_or_else(|| contradiction(format!("organization {id}: pool and allocations together are too many")))?;
    }
    Ok(())
}

/// The values that children inherit from their distributor.
struct Parent {
    id: OrganizationId,
    location: Location,
    last_reset: Timestamp,
}

/// The location of an organization.
#[derive(Clone, Copy)]
struct Location {
    zone: ZoneId,
    country: CountryId,
    timezone: TimezoneId,
}

impl Location {
    /// Refuses ids that Make's own lists do not have.
    fn check(self) -> Result<(), StoreError> {
        let unknown = |what: &str, id: u64| Err(contradiction(format!("there is no {what} {id}")));
        if enums::zone(self.zone).is_none() {
            return unknown("zone", self.zone.get());
        }
        if !enums::is_country(self.country) {
            return unknown("country", self.country.get());
        }
        if enums::timezone(self.timezone).is_none() {
            return unknown("time zone", self.timezone.get());
        }
        Ok(())
    }
}

/// Inserts the children of an entry, one or `count`, and returns the operations that they hold together.
fn insert_children(
    connection: &Connection,
    parent: &Parent,
    state: &ChildState,
    now: Timestamp,
    ids: &mut BTreeSet<OrganizationId>,
) -> Result<i64, StoreError> {
    let name = &state.organization_name;
    if state.count.is_some() && state.organization_id.is_some() {
        return Err(contradiction(format!("{:?} has both an id and a count: leave one out", name.as_str())));
    }
    let location = Location {
        zone: state.zone_id.unwrap_or(parent.location.zone),
        country: state.country_id.unwrap_or(parent.location.country),
        timezone: state.timezone_id.unwrap_or(parent.location.timezone),
    };
    location.check()?;
    let operations = state.operations_allocated.map_or(DEFAULT_ALLOCATION, Operations::get).cast_signed();
    let owner = owner(connection, state)?;
    let counters = Counters {
        centicredits: state.centicredits_consumed.get(),
        operations: state.operations_consumed,
        transfer: state.transfer_consumed,
    };
    let last_reset = to_text(time_or(state.last_reset.as_ref(), parent.last_reset)?);
    let usage = match state.usage {
        Some(profile) => Some(Usage {
            profile,
            since: time_or(state.usage_since.as_ref(), now)?,
            played_until: time_or(state.played_until.as_ref(), now)?,
        }),
        None => None,
    };
    let mut allocated = 0_i64;
    for number in 1..=state.count.unwrap_or(1) {
        let numbered = state.count.map(|_| format!("{name} {number}"));
        let new = NewChild {
            id: state.organization_id,
            distributor: parent.id,
            name: numbered.as_deref().unwrap_or(name.as_str()),
            owner,
            zone: location.zone,
            country: location.country,
            timezone: location.timezone,
            operations,
        };
        let id = children::insert(connection, &new, &counters, &last_reset)
            .map_err(|error| explain_duplicate(error, || format!("two organizations have the id of {:?}", new.name)))?;
        if !ids.insert(id) {
            return Err(contradiction(format!("two organizations have the id {id}")));
        }
        if let Some(usage) = &usage {
            usage::set(connection, id, usage)?;
        }
        allocated = allocated
            .checked_add(operations)
            .ok_or_else(|| contradiction(format!("{:?}: the allocations together are too many", name.as_str())))?;
    }
    Ok(allocated)
}

fn owner(connection: &Connection, state: &ChildState) -> Result<UserId, StoreError> {
    let email = state.user_email.as_ref().map_or(DEFAULT_OWNER.0, EmailAddress::as_str);
    let name = state.user_name.as_ref().map_or(DEFAULT_OWNER.1, UserName::as_str);
    if let Some(id) = state.user_id {
        users::insert(connection, id, email, name).map_err(|error| {
            explain_duplicate(error, || format!("user {id} is not {email}, or {email} is another user"))
        })?;
    }
    let owner = users::find_or_insert(connection, email, name)?;
    if state.user_name.is_some() && owner.name != name {
        return Err(contradiction(format!("{email} is both {:?} and {name:?}", owner.name)));
    }
    Ok(owner.id)
}

/// Explains the violation of a unique constraint; every other error stays what it is.
fn explain_duplicate(error: rusqlite::Error, explanation: impl FnOnce() -> String) -> StoreError {
    match error.sqlite_error_code() {
        Some(rusqlite::ErrorCode::ConstraintViolation) => contradiction(explanation()),
        _ => error.into(),
    }
}

fn contradiction(message: String) -> StoreError {
    StoreError::Contradiction(message)
}

/// Reads a time of the document.
pub(crate) fn parse_time(text: &mms_types::Timestamp) -> Result<Timestamp, StoreError> {
    text.as_str()
        .parse()
        .map_err(|_| contradiction(format!("{:?} is no time: write it like 2026-11-01T00:00:00Z", text.as_str())))
}

fn time_or(text: Option<&mms_types::Timestamp>, default: Timestamp) -> Result<Timestamp, StoreError> {
    text.map_or(Ok(default), parse_time)
}
