//! Record of a write, for `mms log`.

use mms_client::{AllocationIntent, AllocationOutcome, Intent, IntentOutcome, Moment, Run, Written};
use mms_types::{Operations, OrganizationId, Timestamp};
use serde::Serialize;

use crate::output::data::{Column, Record, Tone, Value};
use crate::output::time::timestamp;

/// Digits of a run's id that a table shows.
const SHORT: usize = 8;

/// Returns the beginning of a run's id, as a person types it.
pub(super) fn short(run: &str) -> &str {
    run.get(..SHORT).unwrap_or(run)
}

/// A write, and what became of it.
#[derive(Debug, Clone, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub(crate) struct LogEntry {
    /// When its intent was written down, before anything was sent.
    pub(super) time: Timestamp,
    /// The run; null where none was written down.
    pub(super) run: Option<String>,
    /// Who asked for the run.
    pub(super) who: Option<String>,
    /// The command, with its words.
    pub(super) command: Option<String>,
    /// The files that said what to write.
    pub(super) files: Vec<String>,
    /// The saved plan that was carried out.
    pub(super) plan: Option<String>,
    /// The API, as the journal names it.
    pub(super) api: String,
    pub(super) parent_organization_id: OrganizationId,
    /// Identifies the write.
    pub(super) intent: String,
    /// `create` or `allocate`.
    pub(super) action: &'static str,
    /// Null where no child came of it, or it is not known which.
    pub(super) organization_id: Option<OrganizationId>,
    pub(super) organization_name: Option<String>,
    /// Null of a create.
    pub(super) operations_before: Option<i64>,
    /// What was asked for.
    pub(super) operations: Operations,
    /// `done`, `read_back` (no answer says so, and the list shows it), `assigned` (a person said so), `refused`, `unsent`, `not_done`,
    /// `other_writer`, `superseded` (a later allocation of the child was set before anybody knew), `given_up`, or `open`: nobody knows.
    pub(super) outcome: &'static str,
    /// Why, of one that is not done; of a person's decision, their words.
    pub(super) reason: Option<String>,
    /// What the child was found to have, where that is neither.
    pub(super) operations_found: Option<i64>,
    /// When the outcome was known.
    pub(super) known_at: Option<Timestamp>,
}

/// What became of a write, as it is shown.
#[derive(Default)]
struct End {
    outcome: &'static str,
    child: Option<OrganizationId>,
    reason: Option<String>,
    found: Option<i64>,
}

impl LogEntry {
    /// Takes a write, and its run if one is written down; nothing of a kind that this version does not know.
    pub(super) fn new(written: &Written, run: Option<&Run>) -> Option<Self> {
        let entry = match written {
            Written::Create { intent, outcome } => Self::of_create(intent, outcome.as_ref()),
            Written::Allocation { intent, outcome } => Self::of_allocation(intent, outcome.as_ref()),
            _ => return None,
        };
        Some(Self {
            run: written.run().map(ToString::to_string),
            who: run.map(|run| run.who.clone()),
            command: run.map(|run| run.command.clone()),
            files: run.map(|run| run.files.clone()).unwrap_or_default(),
            plan: run.and_then(|run| run.plan.clone()),
            ..entry
        })
    }

    fn of_create(intent: &Intent, last: Option<&(Moment, IntentOutcome)>) -> Self {
        let End { outcome, child, reason, found } = last.map_or_else(End::open, |(_, outcome)| End::of_create(outcome));
        Self {
            time: timestamp(intent.at),
            run: None,
            who: None,
            command: None,
            files: Vec::new(),
            plan: None,
            api: intent.api.clone(),
            parent_organization_id: intent.parent,
            intent: intent.id.to_string(),
            action: "create",
            organization_id: child,
            organization_name: Some(intent.organization_name.clone()),
            operations_before: None,
            operations: intent.operations,
            outcome,
            reason,
            operations_found: found,
            known_at: last.map(|(at, _)| timestamp(*at)),
        }
    }

    fn of_allocation(intent: &AllocationIntent, last: Option<&(Moment, AllocationOutcome)>) -> Self {
        let end = last.map_or_else(End::open, |(_, outcome)| End::of_allocation(intent, outcome));
        Self {
            time: timestamp(intent.at),
            run: None,
            who: None,
            command: None,
            files: Vec::new(),
            plan: None,
            api: intent.api.clone(),
            parent_organization_id: intent.parent,
            intent: intent.id.to_string(),
            action: "allocate",
            organization_id: Some(intent.organization_id),
            organization_name: intent.organization_name.clone(),
            operations_before: Some(intent.before),
            operations: intent.operations,
            outcome: end.outcome,
            reason: end.reason,
            operations_found: end.found,
            known_at: last.map(|(at, _)| timestamp(*at)),
        }
    }

    /// Says whether the write may have changed something.
    pub(super) fn may_be_done(&self) -> bool {
        !matches!(self.outcome, "refused" | "unsent" | "not_done" | "given_up")
    }
}

impl End {
    fn open() -> Self {
        Self { outcome: "open", ..Self::default() }
    }

    fn of_create(outcome: &IntentOutcome) -> Self {
        let child = outcome.organization_id();
        let end = |outcome, reason: Option<&String>| Self { outcome, child, reason: reason.cloned(), found: None };
        match outcome {
            IntentOutcome::Created { .. } => end("done", None),
            IntentOutcome::Adopted { .. } => end("read_back", None),
            IntentOutcome::Assigned { reason, .. } => end("assigned", Some(reason)),
            IntentOutcome::Refused { reason } => end("refused", Some(reason)),
            IntentOutcome::Unsent { reason } => end("unsent", Some(reason)),
            IntentOutcome::GivenUp { reason } => end("given_up", Some(reason)),
            IntentOutcome::Ambiguous { candidates } => {
                let ids: Vec<_> = candidates.iter().map(ToString::to_string).collect();
                end("open", Some(&format!("several new children fit: {}", ids.join(", "))))
            }
            IntentOutcome::Contradiction => end("open", Some(&"no new child fits, and yet the pool fell".to_owned())),
            IntentOutcome::Unproven => end("open", Some(&"no new child was listed".to_owned())),
            _ => Self::open(),
        }
    }

    fn of_allocation(intent: &AllocationIntent, outcome: &AllocationOutcome) -> Self {
        let end = |outcome, reason: Option<&String>| Self { outcome, reason: reason.cloned(), ..Self::default() };
        match outcome {
            AllocationOutcome::Set { .. } => end("done", None),
            AllocationOutcome::ReadBack => end("read_back", None),
            AllocationOutcome::Refused { reason } => end("refused", Some(reason)),
            AllocationOutcome::Unsent { reason } => end("unsent", Some(reason)),
            AllocationOutcome::Unknown { reason } => end("open", Some(reason)),
            AllocationOutcome::Superseded => end("superseded", None),
            AllocationOutcome::OtherWriter { found } => Self { found: Some(*found), ..end("other_writer", None) },
            AllocationOutcome::Found { operations: Some(found) } => {
                let is_set = u64::try_from(*found).ok() == Some(intent.operations.get());
                match found {
                    _ if is_set => end("read_back", None),
                    found if *found == intent.before => end("not_done", None),
                    found => Self { found: Some(*found), ..end("other_writer", None) },
                }
            }
            AllocationOutcome::Found { operations: None } => {
                end("other_writer", Some(&"the list shows the child no more".to_owned()))
            }
            _ => Self::open(),
        }
    }
}

/// Returns an outcome with what it means for a reader.
fn word(outcome: &'static str) -> Value<'static> {
    let tone = match outcome {
        "done" | "read_back" | "assigned" => Tone::Good,
        "open" | "other_writer" => Tone::Bad,
        _ => Tone::Warning,
    };
    Value::Word(outcome, tone)
}

impl Record for LogEntry {
    const COLUMNS: &'static [Column<Self>] = &[
        Column::new("TIME", "time", |row| (&row.time).into()),
        Column::csv_only("run", |row| row.run.as_ref().into()),
        Column::table_only("RUN", |row| row.run.as_deref().map(short).into()),
        Column::new("WHO", "who", |row| row.who.as_ref().into()),
        Column::sentences("COMMAND", "command", |row| row.command.as_ref().into()),
        Column::new("WHAT", "action", |row| row.action.into()),
        Column::new("ID", "organizationId", |row| row.organization_id.map(|id| Value::Id(id.get())).into()),
        Column::new("NAME", "organizationName", |row| row.organization_name.as_ref().into()),
        Column::new("BEFORE", "operationsBefore", |row| row.operations_before.into()),
        Column::new("CREDITS", "operations", |row| row.operations.get().into()),
        Column::new("OUTCOME", "outcome", |row| word(row.outcome)),
        Column::rare_sentences("WHY", "reason", |row| row.reason.as_deref().unwrap_or_default().into()),
        Column::csv_only("operationsFound", |row| row.operations_found.into()),
        Column::csv_only("knownAt", |row| row.known_at.as_ref().into()),
        Column::csv_only("files", |row| row.files.join(" ").into()),
        Column::csv_only("plan", |row| row.plan.as_ref().into()),
        Column::csv_only("api", |row| (&row.api).into()),
        Column::csv_only("parentOrganizationId", |row| Value::Id(row.parent_organization_id.get())),
        Column::csv_only("intent", |row| (&row.intent).into()),
    ];
}
