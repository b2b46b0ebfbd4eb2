//! Child organizations: the list, creating one, and moving operations between one and the pool.

use mms_types::{
    Allocation, ChildOrganization, CountryId, CreateChildOrganizationRequest, CreatedChildOrganization, Operations,
    OrganizationId, TimezoneId, UserId, Zone, ZoneId,
};
use rusqlite::{Connection, OptionalExtension, Row, Transaction};

use super::consumption::Counters;
use super::{StoreError, consumption, pool, users};
use crate::catalogue;

/// The language of every user.
const USER_LANGUAGE: &str = "en";

/// Returns a page of a distributor's children, by name and then by id.
pub(crate) fn list(
    connection: &Connection,
    distributor: OrganizationId,
    limit: u32,
    offset: u32,
) -> Result<Vec<ChildOrganization>, StoreError> {
    let children = connection
        .prepare_cached(
            "SELECT id, name, operations, country_id, timezone_id, zone_id FROM child
             WHERE distributor_id = ?1 ORDER BY name, id LIMIT ?2 OFFSET ?3",
        )?
        .query_map((distributor.get(), limit, offset), child)?
        .collect::<rusqlite::Result<_>>()?;
    Ok(children)
}

fn child(row: &Row<'_>) -> rusqlite::Result<ChildOrganization> {
    let zone_id = ZoneId::new(row.get("zone_id")?);
    let zone = catalogue::zone(zone_id);
    Ok(ChildOrganization {
        organization_id: OrganizationId::new(row.get("id")?),
        organization_name: row.get("name")?,
        operations_allocated: row.get("operations")?,
        country_id: Some(CountryId::new(row.get("country_id")?)),
        timezone_id: Some(TimezoneId::new(row.get("timezone_id")?)),
        zone_id: Some(zone_id),
        zone_domain: zone.map(|zone| zone.domain.clone()),
        zone_name: zone.and_then(|zone| zone.name.clone()),
    })
}

/// Creates a child in a zone, with its first operations from the pool, in one transaction.
pub(crate) fn create(
    connection: &mut Connection,
    distributor: OrganizationId,
    request: CreateChildOrganizationRequest,
    zone: &Zone,
    now: &str,
) -> Result<CreatedChildOrganization, StoreError> {
    let transaction = connection.transaction()?;
    let operations = signed(request.operations);
    let new_parent_operations = pool::take(&transaction, distributor, operations)?;
    let user = users::find_or_insert(&transaction, request.user_email.as_str(), request.user_name.as_str())?;
    let timezone = transaction
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
    let child_organization_id = insert(&transaction, &new, &Counters::default(), now)?;
    transaction.commit()?;
    Ok(CreatedChildOrganization {
        child_organization_id,
        user_id: Some(user.id),
        user_email: Some(request.user_email.into()),
        user_name: Some(user.name),
        user_language: Some(USER_LANGUAGE.to_owned()),
        user_existed: Some(user.existed),
        new_parent_operations: Some(new_parent_operations),
        domain: Some(zone.domain.clone()),
    })
}

/// A child to be.
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
    transaction: &Transaction<'_>,
    child: &NewChild<'_>,
    counters: &Counters,
    last_reset: &str,
) -> rusqlite::Result<OrganizationId> {
    let id = transaction
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
    consumption::insert(transaction, id, counters, last_reset)?;
    Ok(id)
}

/// Makes the next child that is created get this id.
pub(crate) fn count_from(transaction: &Transaction<'_>, id: u64) -> rusqlite::Result<()> {
    transaction.execute("UPDATE sqlite_sequence SET seq = ?1 - 1 WHERE name = 'child'", [id]).map(drop)
}

/// Sets a child's total, taking the difference from the pool or giving it back, in one transaction.
pub(crate) fn allocate(
    connection: &mut Connection,
    distributor: OrganizationId,
    child: OrganizationId,
    operations: Operations,
) -> Result<Allocation, StoreError> {
    let transaction = connection.transaction()?;
    let old: i64 = transaction
        .prepare_cached("SELECT operations FROM child WHERE id = ?1 AND distributor_id = ?2")?
        .query_one((child.get(), distributor.get()), |row| row.get(0))
        .optional()?
        .ok_or(StoreError::NoSuchChild(child))?;
    let new = signed(operations);
    // Neither is negative, so the difference fits.
    let difference = new - old;
    let new_parent_operations = pool::take(&transaction, distributor, difference)?;
    transaction.prepare_cached("UPDATE child SET operations = ?2 WHERE id = ?1")?.execute((child.get(), new))?;
    transaction.commit()?;
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
