//! API tokens: whose they are and what they may do.

use std::collections::HashMap;

use mms_types::OrganizationId;
use rusqlite::Connection;

use super::StoreError;

/// What a token allows.
#[derive(Debug)]
pub(crate) struct Grant {
    /// The distributor for which the token speaks.
    pub(crate) organization: OrganizationId,
    /// Requests a minute that the distributor has, whoever speaks for it.
    pub(crate) api_limit: u64,
    /// What it may do, such as `managed-organizations:read`.
    pub(crate) scopes: Vec<String>,
}

/// Records a token; it is told from others whatever the case of its letters.
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
