//! Table of child organizations: list, create, and moves of operations between a child and the pool.

use mms_types::sandbox::Verdict;
use mms_types::{
    Allocation, ChildOrganization, CountryId, CreateChildOrganizationRequest, CreatedChildOrganization, Operations,
    OrganizationId, TimezoneId, UserId, Zone, ZoneId,
};
use rusqlite::{Connection, OptionalExtension, Row};

use super::consumption::Counters;
use super::{consumption, pool, users};
use crate::enums;
use crate::store::StoreError;

/// Returns a page of a distributor's children, by name and then by id, as if the children in `hidden` did not exist.
pub(crate) fn list(
    connection: &Connection,
    distributor: OrganizationId,
    limit: u32,
    offset: u32,
    hidden: &[OrganizationId],
) -> Result<Vec<ChildOrganization>, StoreError> {
    let page = (distributor.get(), limit, offset);
    let children = if hidden.is_empty() {
        connection
            .prepare_cached(
                "SELECT id, name, operations, country_id, timezone_id, zone_id FROM child
                 WHERE distributor_id = ?1 ORDER BY name, id LIMIT ?2 OFFSET ?3",
            )?
            .query_map(page, child)?
            .collect::<rusqlite::Result<_>>()?
    } else {
        let hidden = hidden.iter().map(OrganizationId::to_string).collect::<Vec<_>>().join(",");
        connection
            .prepare(&format!(
                "SELECT id, name, operations, country_id, timezone_id, zone_id FROM child
                 WHERE distributor_id = ?1 AND id NOT IN ({hidden}) ORDER BY name, id LIMIT ?2 OFFSET ?3",
            ))?
            .query_map(page, child)?
            .collect::<rusqlite::Result<_>>()?
    };
    Ok(children)
}

fn child(row: &Row<'_>) -> rusqlite::Result<ChildOrganization> {
    let zone_id = ZoneId::new(row.get("zone_id")?);
    let zone = enums::zone(zone_id);
    Ok(ChildOrganization {
        organization_id: OrganizationId::new(row.get("id")?),
        organization_name: Some(row.get("name")?),
        operations_allocated: Some(row.get("operations")?),
        country_id: Some(CountryId::new(row.get("country_id")?)),
        timezone_id: Some(TimezoneId::new(row.get("timezone_id")?)),
        zone_id: Some(zone_id),
        zone_domain: zone.map(|zone| zone.domain.clone()),
        zone_name: zone.and_then(|zone| zone.name.clone()),
    })
}

/// Creates a child in a zone, with its first operations from the pool.
pub(crate) fn create(
    connection: &Connection,
    distributor: OrganizationId,
    request: CreateChildOrganizationRequest,
    zone: &Zone,
    now: &str,
    duplicate_names: Verdict,
) -> Result<CreatedChildOrganization, StoreError> {
    if duplicate_names == Verdict::Refused && is_taken(connection, distributor, request.organization_name.as_str())? {
        return Err(StoreError::NameTaken { name: request.organization_name.into() });
    }
    let operations = signed(request.operations);
    let new_parent_operations = pool::take(connection, distributor, operations)?;
    let user = users::find_or_insert(connection, request.user_email.as_str(), request.user_name.as_str())?;
    let timezone = connection
        .prepare_cached("SELECT timezone_id FROM distributor WHERE id = ?1")?
        .query_one([distributor.get()], |row| row.get(0))?;
    let new = NewChild {
        id: None,
        distributor,
        name: request.organization_name.as_str(),
        owner: user.id,
        zone: zone.id,
        country: request.country_id,
        timezone: TimezoneId::new(timezone),
        operations,
    };
    let child_organization_id = insert(connection, &new, &Counters::default(), now)?;
    Ok(CreatedChildOrganization {
        child_organization_id,
        user_id: Some(user.id),
        user_email: Some(request.user_email.into()),
        user_name: Some(user.name),
        user_language: Some(users::LANGUAGE.to_owned()),
        user_existed: Some(user.existed),
        new_parent_operations: Some(new_parent_operations),
        domain: Some(zone.domain.clone()),
    })
}

fn is_taken(connection: &Connection, distributor: OrganizationId, name: &str) -> rusqlite::Result<bool> {
    connection
        .prepare_cached("SELECT EXISTS (SELECT 1 FROM child WHERE distributor_id = ?1 AND name = ?2)")?
        .query_one((distributor.get(), name), |row| row.get(0))
}

/// A row to insert.
#[derive(Debug)]
pub(crate) struct NewChild<'a> {
    /// Without one, the child gets the number after the highest that was ever given.
    pub(crate) id: Option<OrganizationId>,
    pub(crate) distributor: OrganizationId,
    pub(crate) name: &'a str,
    pub(crate) owner: UserId,
    pub(crate) zone: ZoneId,
    pub(crate) country: CountryId,
    pub(crate) timezone: TimezoneId,
    pub(crate) operations: i64,
}

/// Records a child and its counters, leaves the pool alone, and returns the child's id.
pub(crate) fn insert(
    connection: &Connection,
    child: &NewChild<'_>,
    counters: &Counters,
    last_reset: &str,
) -> rusqlite::Result<OrganizationId> {
    let id = connection
        .prepare_cached("INSERT INTO child VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8) RETURNING id")?
        .query_one(
            (
                child.id.map(OrganizationId::get),
                child.distributor.get(),
                child.name,
                child.owner.get(),
                child.zone.get(),
                child.country.get(),
                child.timezone.get(),
                child.operations,
            ),
            |row| row.get(0).map(OrganizationId::new),
        )?;
    consumption::insert(connection, id, counters, last_reset)?;
    Ok(id)
}

/// Sets a child's total, taking the difference from the pool or giving it back.
pub(crate) fn allocate(
    connection: &Connection,
    distributor: OrganizationId,
    child: OrganizationId,
    operations: Operations,
    lowering_below_consumption: Verdict,
) -> Result<Allocation, StoreError> {
    let old: i64 = connection
        .prepare_cached("SELECT operations FROM child WHERE id = ?1 AND distributor_id = ?2")?
        .query_one((child.get(), distributor.get()), |row| row.get(0))
        .optional()?
        .ok_or(StoreError::NoSuchChild(child))?;
    let new = signed(operations);
    if new < old && lowering_below_consumption == Verdict::Refused {
        let centicredits = consumption::counters(connection, child)?.centicredits;
        if u128::from(centicredits) > u128::from(operations.get()) * 100 {
            return Err(StoreError::BelowConsumption { child, centicredits });
        }
    }
    // Neither is negative, so the difference fits.
    let difference = new - old;
    let new_parent_operations = pool::take(connection, distributor, difference)?;
    connection.prepare_cached("UPDATE child SET operations = ?2 WHERE id = ?1")?.execute((child.get(), new))?;
    Ok(Allocation {
        new_parent_operations,
        new_child_operations: new,
        operations_diff: Some(difference),
        limit_increased: Some(new > old),
    })
}

/// Loses nothing: [`Operations::MAX`] fits a signed 64-bit integer.
fn signed(operations: Operations) -> i64 {
    operations.get().cast_signed()
}
