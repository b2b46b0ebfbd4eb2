//! Blocks of a plan for people: what would be written, what would not, and what stands against it.

use std::collections::HashSet;

use mms_fleet::{Action, Plan, Step, Stop, StopKind};

use super::PlanContext;
use super::rows::{ChangeRow, CreateRow, DriftRow, ListedRow};
use super::summary;
use crate::output::data::{Record, Sheet, Tone, grouped};

/// Most stops that are shown unless all is asked for.
const MOST_STOPS: usize = 100;

/// Writes a plan onto a sheet.
pub(super) fn write(sheet: &mut Sheet, plan: &Plan, context: &PlanContext<'_>) {
    if is_nothing(plan) {
        let same = summary::same_in_words(plan, context);
        sheet.title("Nothing to change on", context.place, context.is_sandbox, &same);
        lists(sheet, plan, context);
        summary::not_compared(sheet, plan, context);
        summary::saved(sheet, context);
        return;
    }
    let more = format!(", distributor {}{}", context.organization_id, summary::files_in_words(context));
    sheet.title(context.title, context.place, context.is_sandbox, &more);
    steps(sheet, plan, context);
    let arrow = sheet.arrow();
    let held: Vec<_> = plan.held.iter().map(|held| ChangeRow::of_held(held, arrow)).collect();
    block(sheet, "On hold, and not changed", None, &held);
    let drift: Vec<_> = plan.drift.iter().map(DriftRow::from).collect();
    let heading = "Differs, and the API cannot change it: correct the fleet, or change it in the web app";
    block(sheet, heading, Some(Tone::Warning), &drift);
    lists(sheet, plan, context);
    stops(sheet, plan, context);
    sheet.gap();
    summary::write(sheet, plan, context);
    summary::not_compared(sheet, plan, context);
    summary::saved(sheet, context);
}

/// Says whether one line says it all.
fn is_nothing(plan: &Plan) -> bool {
    plan.is_empty()
        && plan.left_out.is_empty()
        && plan.stops.is_empty()
        && plan.drift.is_empty()
        && plan.held.is_empty()
}

/// Writes the steps, in their order, but the creates in a block of their own.
fn steps(sheet: &mut Sheet, plan: &Plan, context: &PlanContext<'_>) {
    let arrow = sheet.arrow();
    let changes: Vec<_> = plan.steps.iter().filter(|step| !step.is_create()).collect();
    let changes: Vec<_> = changes.into_iter().map(|step| ChangeRow::of_step(step, arrow)).collect();
    block(sheet, "To be changed", None, &changes);
    let creates: Vec<_> = plan.steps.iter().filter_map(|step| create_row(sheet, step, context)).collect();
    block(sheet, "To be created, and never to be deleted", None, &creates);
    let left_out: Vec<_> = plan.left_out.iter().map(|step| ChangeRow::of_step(step, arrow)).collect();
    block(sheet, "Left out, because the pool does not suffice", Some(Tone::Warning), &left_out);
}

fn create_row(sheet: &Sheet, step: &Step, context: &PlanContext<'_>) -> Option<CreateRow> {
    match &step.action {
        Action::Create { request } => {
            Some(CreateRow::new(request, context.catalogue, |mail| summary::owner(sheet, mail)))
        }
        Action::Allocate { .. } => None,
    }
}

/// Writes what is counted otherwise, where all is asked for.
fn lists(sheet: &mut Sheet, plan: &Plan, context: &PlanContext<'_>) {
    if !context.is_verbose {
        return;
    }
    let unmanaged: Vec<_> = plan.unmanaged.iter().map(ListedRow::from).collect();
    block(sheet, "Not in the fleet, and never touched", None, &unmanaged);
    if !plan.bound.is_empty() {
        sheet.heading(
            &format!("Found by their names, without an id in the files: {}", grouped(plan.bound.len() as u64)),
            None,
        );
        for bound in &plan.bound {
            sheet.item("=", None, &format!("{}  {}", bound.name, bound.organization_id));
        }
    }
    if !plan.gone.is_empty() {
        sheet.heading(&format!("Retired, and gone from Make: {}", grouped(plan.gone.len() as u64)), None);
        for name in &plan.gone {
            sheet.item("=", None, name);
        }
    }
}

/// Writes why an apply refuses.
fn stops(sheet: &mut Sheet, plan: &Plan, context: &PlanContext<'_>) {
    if plan.stops.is_empty() {
        return;
    }
    sheet.heading(&format!("An apply refuses this: {}", grouped(plan.stops.len() as u64)), Some(Tone::Bad));
    let most = if context.is_verbose { usize::MAX } else { MOST_STOPS };
    let mut told = HashSet::new();
    for stop in plan.stops.iter().take(most) {
        let is_told = matches!(stop.kind, StopKind::MaybeRenamed { .. }) && !told.insert(&stop.kind);
        let text = if is_told { of_the_same_children(stop) } else { stop.to_string() };
        sheet.item("x", Some(Tone::Bad), &text);
    }
    if let Some(rest) = plan.stops.len().checked_sub(most).filter(|rest| *rest > 0) {
        sheet.rest(&format!("and {} more, which -v shows", grouped(rest as u64)));
    }
    if let Some(shortage) = plan.shortage.as_ref().filter(|_| plan.left_out.is_empty()) {
        sheet.rest(&format!("short under the priorities: {}", summary::names(&shortage.children, context)));
    }
}

/// Says of an entry that it may be one of the children that were named for another.
fn of_the_same_children(stop: &Stop) -> String {
    let place = stop.place.as_ref().map_or_else(String::new, |place| format!("{place}: "));
    let name = stop.name.as_deref().unwrap_or_default();
    format!("{place}{name:?}: it may be one of the same children: write its id if it is, or `id: new` to create it")
}

/// Writes rows under a heading that counts them.
fn block<R: Record>(sheet: &mut Sheet, heading: &str, tone: Option<Tone>, rows: &[R]) {
    if !rows.is_empty() {
        sheet.heading(&format!("{heading}: {}", grouped(rows.len() as u64)), tone);
        sheet.table(rows);
    }
}
