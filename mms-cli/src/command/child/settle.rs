//! `mms child settle`: what became of creates whose answer was lost.

use mms_client::{CreateOnce, CreateOnceError, CreateOncePolicy, Intent, SettledIntent};
use mms_types::{Operations, OrganizationId, Timestamp};
use serde::Serialize;

use super::decision;
use crate::args::SettleArgs;
use crate::args::settle_time::waits;
use crate::output::failure::Failure;
use crate::output::failure::write::look_in_make;
use crate::output::printer::Printer;
use crate::output::table::{Column, Record, Value};
use crate::session::journal::timestamp;
use crate::session::{Session, how_long};

/// What became of a create, or is to become of it.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Settlement {
    intent: String,
    organization_name: String,
    operations: Operations,
    sent_at: Timestamp,
    outcome: &'static str,
    /// Null where it is not known.
    child_organization_id: Option<OrganizationId>,
    /// The children to look at.
    candidates: Vec<OrganizationId>,
}

impl Settlement {
    /// Takes an intent with its outcome.
    pub(super) fn new(intent: &Intent, outcome: &'static str, child: Option<OrganizationId>) -> Self {
        Self {
            intent: intent.id.to_string(),
            organization_name: intent.organization_name.clone(),
            operations: intent.operations,
            sent_at: timestamp(intent.at),
            outcome,
            child_organization_id: child,
            candidates: Vec::new(),
        }
    }
}

impl From<&SettledIntent> for Settlement {
    fn from(settled: &SettledIntent) -> Self {
        let error = match &settled.outcome {
            Ok(child) => {
                let outcome = if matches!(child, CreateOnce::Created { .. }) { "created" } else { "adopted" };
                return Self::new(&settled.intent, outcome, Some(child.organization_id()));
            }
            Err(error) => error,
        };
        let outcome = if error.is_ambiguous() {
            "ambiguous"
        } else if error.is_contradiction() {
            "contradiction"
        } else if error.is_unproven() {
            "absent_unproven"
        } else {
            "unknown"
        };
        Self { candidates: error.candidates().to_vec(), ..Self::new(&settled.intent, outcome, None) }
    }
}

impl Record for Settlement {
    const COLUMNS: &'static [Column<Self>] = &[
        Column::new("INTENT", "intent", |row| (&row.intent).into()),
        Column::new("NAME", "organizationName", |row| (&row.organization_name).into()),
        Column::new("CREDITS", "operations", |row| row.operations.get().into()),
        Column::new("SENT", "sentAt", |row| (&row.sent_at).into()),
        Column::new("OUTCOME", "outcome", |row| row.outcome.into()),
        Column::new("CHILD", "childOrganizationId", |row| row.child_organization_id.map(OrganizationId::get).into()),
        Column::new("CANDIDATES", "candidates", |row| {
            let ids: Vec<_> = row.candidates.iter().map(ToString::to_string).collect();
            if ids.is_empty() { Value::Nothing } else { Value::Text(ids.join(" ")) }
        }),
    ];
}

/// Settles the open creates of the distributor, or decides about one as a person says.
pub(crate) async fn settle(
    session: &Session,
    printer: &Printer,
    arguments: &SettleArgs,
    yes: bool,
) -> Result<(), Failure> {
    if let Some(id) = &arguments.intent {
        return decision::decide(session, printer, arguments, id, yes).await;
    }
    let journal = session.journal(printer, &arguments.wait).await?;
    let open = session.open_intents(&journal)?;
    if open.is_empty() {
        printer.note("No create is open: the outcome of each is known.");
        return printer.nothing::<Settlement>();
    }
    // A server that refuses the list is no look at it.
    session.children().await?.warn_if_cut(printer);
    let policy = CreateOncePolicy { waits: waits(arguments.wait.settle_wait), ..CreateOncePolicy::default() };
    if open.iter().any(|open| open.stopped.is_none()) {
        let (count, how_long) = (open.len(), how_long(&policy));
        printer.note(&format!("Open creates: {count}. Looking for their children, {how_long}."));
    }
    let settled = session.settle(&journal, None, &policy).await?;

    printer.list(&settled.iter().map(Settlement::from).collect::<Vec<_>>())?;
    let unsettled: Vec<_> =
        settled.iter().filter_map(|settled| session.unsettled(settled).map(|failure| (settled, failure))).collect();
    for (_, failure) in &unsettled {
        printer.warn(failure.message());
    }
    let (intent, candidates) = match unsettled[..] {
        [] => return Ok(()),
        [(SettledIntent { intent, outcome, .. }, _)] => {
            (Some(&intent.id), outcome.as_ref().err().map_or(&[][..], CreateOnceError::candidates))
        }
        _ => (None, &[][..]),
    };
    Err(Failure::unknown(format!("creates without a known outcome: {} of {}", unsettled.len(), settled.len()))
        .hint(look_in_make(session.invocation(), intent, candidates)))
}
