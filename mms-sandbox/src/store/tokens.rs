//! API tokens: whose they are and what they may do.

use mms_types::OrganizationId;
use rusqlite::{Connection, OptionalExtension, Transaction};

use super::StoreError;

/// What a token allows.
#[derive(Debug)]
pub(crate) struct Grant {
    /// The distributor for which the token speaks.
    pub(crate) organization: OrganizationId,
    /// What it may do, such as `managed-organizations:read`.
    pub(crate) scopes: Vec<String>,
}

/// Records a token; `scopes` are separated by spaces, as in OAuth.
pub(crate) fn insert(
    transaction: &Transaction<'_>,
    token: &str,
    organization: OrganizationId,
    scopes: &str,
) -> rusqlite::Result<()> {
    transaction
        .prepare_cached("INSERT INTO token (token, distributor_id, scopes) VALUES (?1, ?2, ?3)")?
        .execute((token, organization.get(), scopes))
        .map(drop)
}

/// Returns what a token allows, or nothing where it is unknown.
pub(crate) fn find(connection: &Connection, token: &str) -> Result<Option<Grant>, StoreError> {
    let grant = connection
        .prepare_cached("SELECT distributor_id, scopes FROM token WHERE token = ?1")?
        .query_one([token], |row| {
            let scopes = row.get_ref(1)?.as_str()?;
            Ok(Grant {
                organization: OrganizationId::new(row.get(0)?),
                scopes: scopes.split_whitespace().map(str::to_owned).collect(),
            })
        })
        .optional()?;
    Ok(grant)
}
