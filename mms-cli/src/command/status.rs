//! `mms status`: where commands go, and what the organization and the token allow.

use std::collections::BTreeMap;

use mms_types::{CurrentAuthorization, Organization, OrganizationId};
use serde::Serialize;

use super::account::{MissingScope, missing_scopes};
use crate::args::GlobalArgs;
use crate::output::data::{Column, Record, Value};
use crate::output::failure::Failure;
use crate::output::printer::Printer;
use crate::session::Session;

/// Server, organization and token of the commands to come.
#[derive(Debug, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub(super) struct Status {
    /// Null for a sandbox within this process, which nobody can reach afterwards.
    base_url: Option<String>,
    #[serde(skip)]
    place: String,
    organization_id: OrganizationId,
    /// Null where the token may not read it.
    organization: Option<Organization>,
    authorization: CurrentAuthorization,
    missing_scopes: Vec<MissingScope>,
    /// How many creates of this distributor have no known outcome; null where the journal cannot be read.
    open_creates: Option<usize>,
    /// The same of other places and distributors in the journal.
    open_creates_elsewhere: Vec<OpenElsewhere>,
}

/// Open creates of another place or distributor.
#[derive(Debug, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
struct OpenElsewhere {
    place: String,
    organization_id: OrganizationId,
    number: usize,
}

impl Status {
    fn license<T>(&self, field: fn(&mms_types::License) -> Option<T>) -> Option<T> {
        field(self.organization.as_ref()?.license.as_ref()?)
    }
}

impl Record for Status {
    const COLUMNS: &'static [Column<Self>] = &[
        Column::table_only("API", |status| (&status.place).into()),
        Column::csv_only("baseUrl", |status| status.base_url.as_ref().into()),
        Column::new("ORGANIZATION", "organizationId", |status| Value::Id(status.organization_id.get())),
        Column::new("NAME", "name", |status| status.organization.as_ref().map(|found| &found.name).into()),
        Column::new("ZONE", "zone", |status| status.organization.as_ref().and_then(|found| found.zone.as_ref()).into()),
        Column::new("POOL", "operations", |status| status.license(|license| license.operations).into()),
        Column::new("REQUESTS/MIN", "apiLimit", |status| status.license(|license| license.api_limit).into()),
        Column::new("LAST RESET", "lastReset", |status| {
            status.organization.as_ref().and_then(|found| found.last_reset.as_ref()).into()
        }),
        Column::new("NEXT RESET", "nextReset", |status| {
            status.organization.as_ref().and_then(|found| found.next_reset.as_ref()).into()
        }),
        Column::new("AUTHORIZED BY", "authUsed", |status| status.authorization.auth_used.as_ref().into()),
        Column::new("SCOPES", "scope", |status| status.authorization.scope.join(" ").into()),
        Column::csv_only("missingScopes", |status| {
            let scopes: Vec<_> = status.missing_scopes.iter().map(|missing| missing.scope).collect();
            scopes.join(" ").into()
        }),
        Column::new("OPEN CREATES", "openCreates", |status| {
            status
                .open_creates
                .map_or(Value::Nothing, |number| Value::Integer(i128::try_from(number).unwrap_or(i128::MAX)))
        }),
        Column::table_only("MISSING SCOPES", |status| {
            if status.missing_scopes.is_empty() {
                return "none".into();
            }
            let missing = status.missing_scopes.iter();
            let missing = missing.map(|missing| format!("{} for {}", missing.scope, missing.operations.join(", ")));
            missing.collect::<Vec<_>>().join("; ").into()
        }),
    ];
}

/// Shows where commands go and what is allowed there.
pub(super) async fn run(global: &GlobalArgs, printer: &Printer) -> Result<(), Failure> {
    printer.check_columns::<Status>()?;
    Session::with_distributor(global, printer, "status", show).await
}

async fn show(session: &Session) -> Result<(), Failure> {
    let organization_id = session.organization_id()?;
    let (organization, authorization) = tokio::try_join!(session.organization(), session.authorization())?;
    if organization.is_none() {
        session
            .printer()
            .note("The token may not read the organization: its name, pool, limit and reset dates are unknown.");
    }
    let open = session.peek_open_intents();
    let (open_creates, elsewhere) = match open {
        Some(open) => {
            let elsewhere = session.open_elsewhere(open.clone())?;
            (Some(open.len() - elsewhere.values().sum::<usize>()), elsewhere)
        }
        None => (None, BTreeMap::new()),
    };
    session.note_elsewhere(&elsewhere);
    let elsewhere = elsewhere.into_iter();
    let open_creates_elsewhere =
        elsewhere.map(|((place, organization_id), number)| OpenElsewhere { place, organization_id, number }).collect();
    session.printer().one(&Status {
        base_url: session.base_url().map(ToString::to_string),
        place: session.place().to_owned(),
        organization_id,
        organization,
        missing_scopes: missing_scopes(&authorization.scope),
        open_creates,
        open_creates_elsewhere,
        authorization,
    })
}
