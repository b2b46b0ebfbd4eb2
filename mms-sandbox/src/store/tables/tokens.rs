//! Table of API tokens: their distributors and their scopes.

use std::cmp::Reverse;
use std::collections::HashMap;

use mms_types::OrganizationId;
use rusqlite::{Connection, OptionalExtension};

use crate::store::StoreError;

/// What a token allows.
#[derive(Debug)]
pub(crate) struct Grant {
    /// The distributor for which the token speaks.
    pub(crate) organization: OrganizationId,
    /// Requests a minute of the distributor, over all of its tokens.
    pub(crate) api_limit: u64,
    /// What it may do, such as `managed-organizations:read`.
    pub(crate) scopes: Vec<String>,
}

/// Records a token, in lower case.
pub(crate) fn insert(
    connection: &Connection,
    token: &str,
    organization: OrganizationId,
    scopes: &[String],
) -> rusqlite::Result<()> {
    connection
        .prepare_cached("INSERT INTO token (token, distributor_id, scopes) VALUES (?1, ?2, ?3)")?
        .execute((token.to_ascii_lowercase(), organization.get(), scopes.join(" ")))
        .map(drop)
}

/// Returns the distributor with the lowest id and its most useful token: the one with the most of these scopes, and of several
/// the first by its letters. A distributor may have none, and a state no distributor.
pub(crate) fn first(
    connection: &Connection,
    scopes: &[&str],
) -> Result<Option<(OrganizationId, Option<String>)>, StoreError> {
    let lowest = "SELECT id FROM distributor ORDER BY id LIMIT 1";
    let Some(id) = connection.query_one(lowest, (), |row| row.get::<_, u64>(0)).optional()? else { return Ok(None) };
    let mut tokens: Vec<(String, usize)> = connection
        .prepare("SELECT token, scopes FROM token WHERE distributor_id = ?1 ORDER BY token")?
        .query_map([id], |row| {
            let granted = row.get_ref("scopes")?.as_str()?;
            let has = |scope: &&&str| granted.split_whitespace().any(|granted| granted == **scope);
            Ok((row.get("token")?, scopes.iter().filter(has).count()))
        })?
        .collect::<rusqlite::Result<_>>()?;
    // Keeps the order of those that have equally many.
    tokens.sort_by_key(|(_, count)| Reverse(*count));
    Ok(Some((OrganizationId::new(id), tokens.into_iter().next().map(|(token, _)| token))))
}

/// Returns what every token allows.
pub(crate) fn all(connection: &Connection) -> Result<HashMap<String, Grant>, StoreError> {
    let grants = connection
        .prepare_cached(
            "SELECT token, distributor_id, api_limit, scopes FROM token JOIN distributor ON distributor.id = distributor_id",
        )?
        .query_map((), |row| {
            let scopes = row.get_ref("scopes")?.as_str()?;
            let grant = Grant {
                organization: OrganizationId::new(row.get("distributor_id")?),
                api_limit: row.get("api_limit")?,
                scopes: scopes.split_whitespace().map(str::to_owned).collect(),
            };
            Ok((row.get("token")?, grant))
        })?
        .collect::<rusqlite::Result<_>>()?;
    Ok(grants)
}
