//! Whole state as one document: loaded in place of what is there, and written out.

pub(crate) mod initial;
pub(super) mod ranges;
#[cfg(test)]
mod tests;

use std::collections::BTreeSet;

use jiff::Timestamp;
use mms_types::sandbox::{ChildState, DistributorState, SandboxState, TokenState};
use mms_types::{
    Centicredits, CountryId, EmailAddress, Operations, OrganizationId, TextError, TimezoneId, UserId, UserName, ZoneId,
};
use rusqlite::types::Type;
use rusqlite::{Connection, Row};

use super::tables::children::{self, NewChild};
use super::tables::consumption::Counters;
use super::tables::organizations::{self, NewDistributor, period};
use super::tables::usage::{self, Usage};
use super::tables::{tokens, users};
use super::time::written;
use super::{StoreError, clock};
use crate::clock::rfc3339;
use crate::enums;
use crate::usage::period::{next_reset, start};

/// The id of the first child that a caller creates, unless higher ones are there.
const FIRST_CREATED: u64 = 1001;

/// Requests a minute in the plan Teams.
const API_LIMIT: u64 = 240;

/// What a distributor has where the document does not say.
const EU1: ZoneId = ZoneId::new(1);
const CZECHIA: CountryId = CountryId::new(58);
const PRAGUE: TimezoneId = TimezoneId::new(8);

/// The allocation of a child where the document does not say.
const ALLOCATION: u64 = Operations::STEP;

/// The owner of a child where the document does not say.
const OWNER: (&str, &str) = ("owner@example.com", "Owner");

/// Says whether a first state was ever loaded.
pub(crate) fn is_planted(connection: &Connection) -> Result<bool, StoreError> {
    Ok(connection.query_one("SELECT planted FROM setting", (), |row| row.get(0))?)
}

/// Loads a state in place of what is there. The clock stays with the caller.
pub(crate) fn load(connection: &Connection, state: &SandboxState, now: Timestamp) -> Result<(), StoreError> {
    ranges::check(state)?;
    connection.execute_batch(
        "DELETE FROM usage; DELETE FROM consumption; DELETE FROM child; DELETE FROM user; DELETE FROM token;
         DELETE FROM distributor; DELETE FROM sqlite_sequence; UPDATE setting SET planted = 1;",
    )?;
    clock::set_usage_seed(connection, state.usage_seed.unwrap_or_default())?;
    let children = || state.distributors.iter().flat_map(|distributor| &distributor.children);
    count_from(connection, "user", children().filter_map(|child| child.user_id).map(UserId::get).max().unwrap_or(0))?;
    let distributors = state.distributors.iter().map(|distributor| distributor.organization_id);
    let organizations = distributors.chain(children().filter_map(|child| child.organization_id));
    let highest = organizations.map(OrganizationId::get).max().unwrap_or(0);
    count_from(connection, "child", highest.max(FIRST_CREATED - 1))?;
    let mut ids = BTreeSet::new();
    for distributor in &state.distributors {
        if !ids.insert(distributor.organization_id) {
            return Err(contradiction(format!("two organizations have the id {}", distributor.organization_id)));
        }
    }
    for distributor in &state.distributors {
        plant_distributor(connection, distributor, now, &mut ids)?;
    }
    next_id(connection, "child", state.next_organization_id.map(OrganizationId::get))?;
    next_id(connection, "user", state.next_user_id.map(UserId::get))
}

/// Writes the whole state out, but for the clock.
pub(crate) fn dump(connection: &Connection) -> Result<SandboxState, StoreError> {
    let mut distributors: Vec<DistributorState> = connection
        .prepare_cached("SELECT * FROM distributor ORDER BY id")?
        .query_map((), distributor)?
        .collect::<rusqlite::Result<_>>()?;
    for distributor in &mut distributors {
        distributor.tokens = connection
            .prepare_cached("SELECT token, scopes FROM token WHERE distributor_id = ?1 ORDER BY token")?
            .query_map([distributor.organization_id.get()], token)?
            .collect::<rusqlite::Result<_>>()?;
        distributor.children = connection
            .prepare_cached(&format!("{CHILD} WHERE distributor_id = ?1 ORDER BY child.id"))?
            .query_map([distributor.organization_id.get()], child)?
            .collect::<rusqlite::Result<_>>()?;
    }
    Ok(SandboxState {
        clock: None,
        usage_seed: Some(clock::usage_seed(connection)?),
        next_organization_id: Some(OrganizationId::new(last_id(connection, "child")? + 1)),
        next_user_id: Some(UserId::new(last_id(connection, "user")? + 1)),
        distributors,
    })
}

/// Returns what is kept of one child, whoever its distributor is.
pub(crate) fn find_child(connection: &Connection, id: OrganizationId) -> Result<ChildState, StoreError> {
    let found = connection
        .prepare_cached(&format!("{CHILD} WHERE child.id = ?1"))?
        .query_map([id.get()], child)?
        .next()
        .transpose()?;
    found.ok_or(StoreError::NoSuchChild(id))
}

/// Returns how many distributors and how many children there are.
pub(crate) fn count(connection: &Connection) -> Result<(u64, u64), StoreError> {
    Ok(connection.query_one("SELECT (SELECT count(*) FROM distributor), (SELECT count(*) FROM child)", (), |row| {
        Ok((row.get(0)?, row.get(1)?))
    })?)
}

fn plant_distributor(
    connection: &Connection,
    state: &DistributorState,
    now: Timestamp,
    ids: &mut BTreeSet<OrganizationId>,
) -> Result<(), StoreError> {
    let id = state.organization_id;
    let restart_period = state.restart_period.unwrap_or_default();
    let last_reset = time_or(state.last_reset.as_ref(), start(restart_period, now))?;
    let next_reset = time_or(state.next_reset.as_ref(), next_reset(last_reset, restart_period))?;
    // The end of all times is followed by itself.
    if next_reset.as_second() <= last_reset.as_second().min(Timestamp::MAX.as_second() - 1) {
        return Err(contradiction(format!(
            "organization {id}: its next reset, {}, is not after its last, {}",
            rfc3339(next_reset),
            rfc3339(last_reset)
        )));
    }
    let place = Place {
        zone: state.zone_id.unwrap_or(EU1),
        country: state.country_id.unwrap_or(CZECHIA),
        timezone: state.timezone_id.unwrap_or(PRAGUE),
    };
    place.check()?;
    let pool = i64::try_from(state.operations)
        .map_err(|_| contradiction(format!("organization {id}: operations {} are too many", state.operations)))?;
    let name = state.organization_name.clone().unwrap_or_else(|| format!("Distributor {id}"));
    organizations::insert(
        connection,
        &NewDistributor {
            id,
            name: &name,
            zone: place.zone,
            country: place.country,
            timezone: place.timezone,
            pool,
            api_limit: state.api_limit.unwrap_or(API_LIMIT),
            last_reset: &written(last_reset),
            next_reset: &written(next_reset),
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
            .map_err(|error| taken(error, || format!("organization {id}: a token stands there twice")))?;
    }
    let mut total = pool;
    for child in &state.children {
        total = plant_children(connection, &Parent { id, place, last_reset }, child, now, ids)?
            .checked_add(total)
            .ok_or_else(|| contradiction(format!("organization {id}: pool and allocations together are too many")))?;
    }
    Ok(())
}

/// What children take from their distributor.
struct Parent {
    id: OrganizationId,
    place: Place,
    last_reset: Timestamp,
}

/// Where an organization is.
#[derive(Clone, Copy)]
struct Place {
    zone: ZoneId,
    country: CountryId,
    timezone: TimezoneId,
}

impl Place {
    /// Refuses ids that Make's own lists do not have.
    fn check(self) -> Result<(), StoreError> {
        let unknown = |what: &str, id: u64| Err(contradiction(format!("there is no {what} {id}")));
        if enums::zone(self.zone).is_none() {
            return unknown("zone", self.zone.get());
        }
        if !enums::is_country(self.country) {
            return unknown("country", self.country.get());
        }
        if !enums::is_timezone(self.timezone) {
            return unknown("time zone", self.timezone.get());
        }
        Ok(())
    }
}

/// Plants a child as often as it says, and returns the operations that they all hold.
fn plant_children(
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
    let place = Place {
        zone: state.zone_id.unwrap_or(parent.place.zone),
        country: state.country_id.unwrap_or(parent.place.country),
        timezone: state.timezone_id.unwrap_or(parent.place.timezone),
    };
    place.check()?;
    let operations = state.operations_allocated.map_or(ALLOCATION, Operations::get).cast_signed();
    let owner = owner(connection, state)?;
    let counters = Counters {
        centicredits: state.centicredits_consumed.get(),
        operations: state.operations_consumed,
        transfer: state.transfer_consumed,
    };
    let last_reset = written(time_or(state.last_reset.as_ref(), parent.last_reset)?);
    let usage = match state.usage {
        Some(profile) => Some(Usage {
            profile,
            since: time_or(state.usage_since.as_ref(), now)?,
            played_until: time_or(state.played_until.as_ref(), now)?,
        }),
        None => None,
    };
    let mut planted = 0_i64;
    for number in 1..=state.count.unwrap_or(1) {
        let numbered = state.count.map(|_| format!("{name} {number}"));
        let new = NewChild {
            id: state.organization_id,
            distributor: parent.id,
            name: numbered.as_deref().unwrap_or(name.as_str()),
            owner,
            zone: place.zone,
            country: place.country,
            timezone: place.timezone,
            operations,
        };
        let id = children::insert(connection, &new, &counters, &last_reset)
            .map_err(|error| taken(error, || format!("two organizations have the id of {:?}", new.name)))?;
        if !ids.insert(id) {
            return Err(contradiction(format!("two organizations have the id {id}")));
        }
        if let Some(usage) = &usage {
            usage::set(connection, id, usage)?;
        }
        planted = planted
            .checked_add(operations)
            .ok_or_else(|| contradiction(format!("{:?}: the allocations together are too many", name.as_str())))?;
    }
    Ok(planted)
}

fn owner(connection: &Connection, state: &ChildState) -> Result<UserId, StoreError> {
    let email = state.user_email.as_ref().map_or(OWNER.0, EmailAddress::as_str);
    let name = state.user_name.as_ref().map_or(OWNER.1, UserName::as_str);
    if let Some(id) = state.user_id {
        users::insert(connection, id, email, name)
            .map_err(|error| taken(error, || format!("user {id} is not {email}, or {email} is another user")))?;
    }
    let owner = users::find_or_insert(connection, email, name)?;
    if state.user_name.is_some() && owner.name != name {
        return Err(contradiction(format!("{email} is both {:?} and {name:?}", owner.name)));
    }
    Ok(owner.id)
}

/// Explains that something is there twice; every other error stays what it is.
fn taken(error: rusqlite::Error, explanation: impl FnOnce() -> String) -> StoreError {
    match error.sqlite_error_code() {
        Some(rusqlite::ErrorCode::ConstraintViolation) => contradiction(explanation()),
        _ => error.into(),
    }
}

fn contradiction(message: String) -> StoreError {
    StoreError::Contradiction(message)
}

/// Reads a time of the document.
pub(crate) fn time(text: &mms_types::Timestamp) -> Result<Timestamp, StoreError> {
    text.as_str()
        .parse()
        .map_err(|_| contradiction(format!("{:?} is no time: write it like 2026-11-01T00:00:00Z", text.as_str())))
}

fn time_or(text: Option<&mms_types::Timestamp>, default: Timestamp) -> Result<Timestamp, StoreError> {
    text.map_or(Ok(default), time)
}

/// Makes the next row of a table get the id after this one.
fn count_from(connection: &Connection, table: &str, last: u64) -> rusqlite::Result<()> {
    connection.execute("DELETE FROM sqlite_sequence WHERE name = ?1", [table])?;
    connection.execute("INSERT INTO sqlite_sequence (name, seq) VALUES (?1, ?2)", (table, last)).map(drop)
}

/// Makes the next row of a table get this id, or a higher one where that was given already.
fn next_id(connection: &Connection, table: &str, next: Option<u64>) -> Result<(), StoreError> {
    let last = next.unwrap_or_default().saturating_sub(1);
    if last > last_id(connection, table)? {
        count_from(connection, table, last)?;
    }
    Ok(())
}

/// Returns the highest id that was ever given in a table.
fn last_id(connection: &Connection, table: &str) -> rusqlite::Result<u64> {
    connection.query_one("SELECT coalesce(max(seq), 0) FROM sqlite_sequence WHERE name = ?1", [table], |row| row.get(0))
}

fn distributor(row: &Row<'_>) -> rusqlite::Result<DistributorState> {
    Ok(DistributorState {
        organization_id: OrganizationId::new(row.get("id")?),
        organization_name: Some(row.get("name")?),
        operations: row.get("pool")?,
        api_limit: Some(row.get("api_limit")?),
        restart_period: Some(period(row.get_ref("restart_period")?.as_str()?)),
        last_reset: Some(mms_types::Timestamp::new(row.get::<_, String>("last_reset")?)),
        next_reset: Some(mms_types::Timestamp::new(row.get::<_, String>("next_reset")?)),
        zone_id: Some(ZoneId::new(row.get("zone_id")?)),
        country_id: Some(CountryId::new(row.get("country_id")?)),
        timezone_id: Some(TimezoneId::new(row.get("timezone_id")?)),
        tokens: Vec::new(),
        children: Vec::new(),
    })
}

fn token(row: &Row<'_>) -> rusqlite::Result<TokenState> {
    let scopes = row.get_ref("scopes")?.as_str()?;
    Ok(TokenState { token: row.get("token")?, scopes: scopes.split_whitespace().map(str::to_owned).collect() })
}

const CHILD: &str = "SELECT child.*, consumption.*, email, user.name AS user_name,
        shape, centicredits_per_day, since, played_until
    FROM child JOIN consumption ON consumption.child_id = child.id JOIN user ON user.id = owner_id
    LEFT JOIN usage ON usage.child_id = child.id";

fn child(row: &Row<'_>) -> rusqlite::Result<ChildState> {
    let operations: u64 = row.get("operations")?;
    let centicredits: u64 = row.get("centicredits_consumed")?;
    let usage = usage::of(row)?;
    let shown = |time: Timestamp| mms_types::Timestamp::new(rfc3339(time));
    Ok(ChildState {
        organization_id: Some(OrganizationId::new(row.get("id")?)),
        organization_name: checked(row, "name")?,
        count: None,
        operations_allocated: Some(Operations::new(operations).map_err(|error| unreadable(row, "operations", error))?),
        user_email: Some(checked(row, "email")?),
        user_name: Some(checked(row, "user_name")?),
        user_id: Some(UserId::new(row.get("owner_id")?)),
        zone_id: Some(ZoneId::new(row.get("zone_id")?)),
        country_id: Some(CountryId::new(row.get("country_id")?)),
        timezone_id: Some(TimezoneId::new(row.get("timezone_id")?)),
        centicredits_consumed: Centicredits::new(centicredits),
        operations_consumed: row.get("operations_consumed")?,
        transfer_consumed: row.get("transfer_consumed")?,
        last_reset: Some(mms_types::Timestamp::new(row.get::<_, String>("last_reset")?)),
        usage: usage.map(|usage| usage.profile),
        played_until: usage.map(|usage| shown(usage.played_until)),
        usage_since: usage.map(|usage| shown(usage.since)),
        is_paused: Some(u128::from(centicredits) >= u128::from(operations) * 100),
    })
}

/// Reads a column into a text that checks what it takes.
fn checked<T: TryFrom<String, Error = TextError>>(row: &Row<'_>, column: &str) -> rusqlite::Result<T> {
    T::try_from(row.get(column)?).map_err(|error| unreadable(row, column, error))
}

fn unreadable(row: &Row<'_>, column: &str, error: impl std::error::Error + Send + Sync + 'static) -> rusqlite::Error {
    let index = row.as_ref().column_index(column).unwrap_or_default();
    rusqlite::Error::FromSqlConversionFailure(index, Type::Text, Box::new(error))
}
