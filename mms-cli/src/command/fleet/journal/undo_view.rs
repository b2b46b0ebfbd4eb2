//! Plan of an undo as a person reads it, and why it is refused.

use mms_client::Run;
use mms_fleet::{Plan, Step, Stop, StopKind};

use super::log_entry::{LogEntry, short};
use super::undo_record::Undone;
use crate::lookup::NO_NAME;
use crate::output::data::{grouped, grouped_amount};
use crate::output::failure::{Failure, Hint};
use crate::output::plan;
use crate::output::time::day_and_time;
use crate::session::Session;

/// Most stops that an error names.
const MOST_STOPS: usize = 20;

/// Most created children that a note names.
const MOST_CREATED: usize = 5;

/// Command of the runs that a fleet asked for.
const APPLY: &str = "apply";

/// Describes the plan, with what stops it.
pub(super) fn plan(session: &Session, run: &Run, plan: &Plan) -> plan::Plan {
    let (id, when) = (run.id.to_string(), day_and_time(run.at.time()));
    let what = format!("{} {}, by {}, {when}", short(&id), run.command, run.who);
    let shown = plan::Plan::new("About to give children what they had before a run:");
    let mut shown = shown.server(session.place(), session.is_sandbox()).line("run", what);
    for step in &plan.steps {
        shown = shown.line("child", named(step)).line("credits", effect(step));
        if step.pauses() {
            shown = shown.danger("risk", "it is left no more than it has consumed: its scenarios may pause");
        }
    }
    for stop in &plan.stops {
        shown = shown.danger("stop", in_words(stop));
    }
    match &plan.pool {
        Some(pool) => shown.line("pool", format!("{} -> {}", grouped(pool.before), grouped(pool.after))),
        None => shown.line("pool", "unknown: the token may not read the organization"),
    }
}

/// Says what stays of a run: what it created.
pub(super) fn created(entries: &[LogEntry]) -> Option<String> {
    let named = |entry: &LogEntry| {
        let id = entry.organization_id.map_or_else(|| "a child of unknown id".to_owned(), |id| id.to_string());
        format!("{id} {}", entry.organization_name.as_deref().unwrap_or(NO_NAME))
    };
    let shown: Vec<_> = entries.iter().take(MOST_CREATED).map(named).collect();
    let reason = "an organization cannot be deleted here";
    match entries.len() {
        0 => None,
        1 => Some(format!("{} was created by this run and stays: {reason}.", shown.join(""))),
        count => {
            let rest = count.saturating_sub(MOST_CREATED) as u64;
            let more = if rest == 0 { String::new() } else { format!(" and {} more", grouped(rest)) };
            let (count, shown) = (grouped(count as u64), shown.join(", "));
            Some(format!("{count} children were created by this run and stay, since {reason}: {shown}{more}."))
        }
    }
}

/// Says that the fleet files of an apply go on asking for what is taken back.
pub(super) fn still_asked(session: &Session, run: &Run) -> Option<String> {
    if run.command != APPLY {
        return None;
    }
    let files = match &run.plan {
        Some(_) => "the fleet that the plan was made of".to_owned(),
        None => run.files.join(", "),
    };
    let apply = session.invocation().command(APPLY);
    Some(format!(
        "Unless it was changed since, {files} asks for what is taken back here: correct it, or the next {apply} sets it again."
    ))
}

/// Names the child of a step.
pub(super) fn named(step: &Step) -> String {
    let id = step.organization_id().map_or_else(|| NO_NAME.to_owned(), |id| id.to_string());
    format!("{id} {}", step.name)
}

/// Says what is there once a step is carried out.
pub(super) fn done(step: &Step) -> String {
    match Undone::planned(std::slice::from_ref(step)).first() {
        Some(row) => row.done(),
        None => format!("{} is done", named(step)),
    }
}

/// Says what a step changes.
pub(super) fn effect(step: &Step) -> String {
    let taken = step.taken();
    let sign = if taken > 0 { "+" } else { "" };
    match Undone::planned(std::slice::from_ref(step)).first() {
        Some(row) => format!("{} ({sign}{})", row.effect(), grouped(taken)),
        None => format!("{sign}{}", grouped(taken)),
    }
}

/// Says why a plan is refused, without a word about files, which an undo has none of.
fn in_words(stop: &Stop) -> String {
    let what = match &stop.kind {
        StopKind::Pauses { after, consumed } => {
            let consumed = consumed
                .map_or_else(String::new, |consumed| format!(", which has consumed {}", grouped_amount(consumed)));
            format!("{} credits leave it nothing{consumed}: its scenarios may pause", grouped(after.get()))
        }
        StopKind::ConsumptionUnknown { after } => format!(
            "its consumption is unknown: {} credits may leave it nothing, and its scenarios may pause",
            grouped(after.get())
        ),
        StopKind::NoSuchChild { id, .. } => format!("the distributor has no child {id} any more"),
        StopKind::ChangedSince { expected, found } => format!(
            "the run left {} credits and the child has {}: somebody changed it since",
            grouped(*expected),
            grouped(*found)
        ),
        StopKind::PoolTooSmall { credits, .. } => format!("the pool lacks {} credits for it", grouped(*credits)),
        kind => kind.to_string(),
    };
    match &stop.name {
        Some(name) => format!("{name}: {what}"),
        None => what,
    }
}

/// Refuses a plan that has stops, and names the flag that allows each.
pub(super) fn refuse_stops(stops: &[Stop]) -> Result<(), Failure> {
    let Some(first) = stops.first() else { return Ok(()) };
    let is_risk = |kind: &StopKind| matches!(kind, StopKind::Pauses { .. } | StopKind::ConsumptionUnknown { .. });
    let is_changed = |kind: &StopKind| matches!(kind, StopKind::ChangedSince { .. });
    let any = |is_wanted: &dyn Fn(&StopKind) -> bool| stops.iter().any(|stop| is_wanted(&stop.kind));
    let mut ways = Vec::new();
    if any(&is_changed) {
        ways.push("add --skip-changed to leave out what somebody changed since");
    }
    if any(&is_risk) {
        ways.push("add --allow-pause if a child may be left nothing");
    }
    let way =
        if ways.is_empty() { "set the other children by hand, nothing was sent".to_owned() } else { ways.join("; ") };
    if stops.len() == 1 {
        return Err(Failure::failed(in_words(first)).hint(way));
    }
    let more = stops.len().saturating_sub(MOST_STOPS);
    let reasons = stops.iter().take(MOST_STOPS).map(in_words);
    let more = (more > 0).then(|| format!("and {more} more"));
    let hint = reasons.chain(more).fold(Hint::new(format!("{way}:")), Hint::step);
    Err(Failure::failed(format!("{} things stand against it; nothing was sent", stops.len())).hint(hint))
}
