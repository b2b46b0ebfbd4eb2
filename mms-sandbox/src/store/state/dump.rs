//! Dump of the state, whole or one child, as the control side shows it.

use jiff::Timestamp;
use mms_types::sandbox::{ChildState, DistributorState, SandboxState, TokenState};
use mms_types::{Centicredits, CountryId, Operations, OrganizationId, TextError, TimezoneId, UserId, ZoneId};
use rusqlite::types::Type;
use rusqlite::{Connection, Row};

use super::ids::last_id;
use crate::clock::rfc3339;
use crate::store::StoreError;
use crate::store::tables::distributors::period_from_name;
use crate::store::tables::{settings, usage};

/// Returns the whole state, without the clock.
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
        usage_seed: Some(settings::usage_seed(connection)?),
        next_organization_id: Some(OrganizationId::new(last_id(connection, "child")? + 1)),
        next_user_id: Some(UserId::new(last_id(connection, "user")? + 1)),
        distributors,
    })
}

/// Returns the state of one child, whoever its distributor is.
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

fn distributor(row: &Row<'_>) -> rusqlite::Result<DistributorState> {
    Ok(DistributorState {
        organization_id: OrganizationId::new(row.get("id")?),
        organization_name: Some(row.get("name")?),
        operations: row.get("pool")?,
        api_limit: Some(row.get("api_limit")?),
        restart_period: Some(period_from_name(row.get_ref("restart_period")?.as_str()?)),
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
    let usage = usage::from_row(row)?;
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

/// Reads a column into a validated text.
fn checked<T: TryFrom<String, Error = TextError>>(row: &Row<'_>, column: &str) -> rusqlite::Result<T> {
    T::try_from(row.get(column)?).map_err(|error| unreadable(row, column, error))
}

fn unreadable(row: &Row<'_>, column: &str, error: impl std::error::Error + Send + Sync + 'static) -> rusqlite::Error {
    let index = row.as_ref().column_index(column).unwrap_or_default();
    rusqlite::Error::FromSqlConversionFailure(index, Type::Text, Box::new(error))
}
