//! `mms auth status`: whose token it is, where it comes from, and what it may do.

use std::collections::BTreeMap;

use mms_client::operations;
use mms_types::CurrentUser;
use serde::Serialize;

use crate::output::data::{Column, Record};
use crate::output::failure::Failure;
use crate::session::Session;

/// A scope that the token lacks.
#[derive(Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub(crate) struct MissingScope {
    pub(crate) scope: &'static str,
    /// The operations that need it.
    pub(crate) operations: Vec<&'static str>,
}

/// Returns every scope that some operation needs and that is not granted.
pub(crate) fn missing_scopes(granted: &[String]) -> Vec<MissingScope> {
    let mut missing: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for operation in operations() {
        for scope in operation.scopes.iter().filter(|scope| !granted.iter().any(|granted| granted == *scope)) {
            missing.entry(scope).or_default().push(operation.id);
        }
    }
    missing.into_iter().map(|(scope, operations)| MissingScope { scope, operations }).collect()
}

/// The token of the commands to come.
#[derive(Debug, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub(crate) struct TokenStatus {
    /// The server as a person knows it.
    api: String,
    token_source: String,
    /// Null where the token may not read it.
    user: Option<CurrentUser>,
    scope: Vec<String>,
    missing_scopes: Vec<MissingScope>,
}

impl Record for TokenStatus {
    const COLUMNS: &'static [Column<Self>] = &[
        Column::new("API", "api", |row| (&row.api).into()),
        Column::new("TOKEN FROM", "tokenSource", |row| (&row.token_source).into()),
        Column::new("USER", "user", |row| {
            row.user
                .as_ref()
                .map(|user| {
                    let texts = [user.name.as_deref(), user.email.as_deref()];
                    let id = user.id.to_string();
                    [Some(id.as_str())].into_iter().chain(texts).flatten().collect::<Vec<_>>().join(" ")
                })
                .into()
        }),
        Column::new("SCOPES", "scope", |row| row.scope.join(" ").into()),
        Column::new("MISSING SCOPES", "missingScopes", |row| {
            let missing: Vec<_> = row.missing_scopes.iter().map(|missing| missing.scope).collect();
            if missing.is_empty() { "none".into() } else { missing.join(" ").into() }
        }),
    ];
}

/// Shows whose token it is.
pub(super) async fn show(session: &Session) -> Result<(), Failure> {
    let (authorization, user) = tokio::try_join!(session.authorization(), session.user())?;
    session.printer().one(&TokenStatus {
        api: session.place().to_owned(),
        token_source: session.token_source().to_owned(),
        user,
        missing_scopes: missing_scopes(&authorization.scope),
        scope: authorization.scope,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_scope_that_is_not_granted_is_missing_for_the_operations_that_need_it() {
        let granted = ["managed-organizations:read", "organizations:read", "user:read"];

        let missing = missing_scopes(&granted.map(str::to_owned));

        assert_eq!(
            missing,
            [MissingScope {
                scope: "managed-organizations:write",
                operations: vec!["create_child_organization", "update_child_organization_allocation"],
            }]
        );
    }
}
