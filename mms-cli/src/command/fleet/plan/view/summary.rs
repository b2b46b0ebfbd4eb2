//! Summary of a plan: numbers, pool, cost, and where it is saved.

use mms_fleet::{DriftKind, Plan, PoolCourse, Step};

use super::PlanContext;
use crate::output::data::{Sheet, grouped};
use crate::output::failure::shell;

/// Most names in a sentence.
const MOST_NAMES: usize = 5;

/// Writes the numbers of a plan.
pub(super) fn write(sheet: &mut Sheet, plan: &Plan, context: &PlanContext<'_>) {
    sheet.fact("Plan", &numbers(plan));
    if plan.is_empty() {
        return;
    }
    let (freed, taken): (Vec<_>, Vec<_>) = plan.steps.iter().map(Step::taken).partition(|taken| *taken < 0);
    let (freed, taken) = (-freed.iter().sum::<i128>(), taken.iter().sum::<i128>());
    sheet.fact("Credits", &format!("{} back to the pool, {} out of it", grouped(freed), grouped(taken)));
    if let Some(pool) = &plan.pool {
        sheet.fact("Pool", &pool_in_words(pool));
    }
    if let Some(cost) = context.cost {
        let time = match cost.estimate.minutes() {
            0 => "all at once".to_owned(),
            1 => "about a minute".to_owned(),
            minutes => format!("about {} minutes", grouped(minutes)),
        };
        let (requests, limit) = (grouped(cost.estimate.requests), grouped(cost.requests_per_minute));
        sheet.fact("Requests", &format!("{requests}, {time} at {limit} a minute"));
    }
}

fn numbers(plan: &Plan) -> String {
    let creates = plan.creates();
    let lowered = plan.steps.iter().filter(|step| step.is_decrease()).count() as u64;
    let raised = plan.changes() - lowered;
    let pausing = plan.steps.iter().filter(|step| step.pauses()).count() as u64;
    let counts = [
        (creates, "to create"),
        (raised, "to raise"),
        (lowered, "to lower"),
        (pausing, "of them pausing"),
        (plan.left_out.len() as u64, "left out"),
    ];
    let told = in_words(&counts);
    let told = if told.is_empty() { "nothing to write".to_owned() } else { told.join(", ") };
    let rest = others(plan).iter().fold(String::new(), |rest, words| rest + "; " + words);
    format!("{told}; {} as the fleet asks{rest}", grouped(plan.unchanged))
}

/// Counts the children that nothing is written for.
fn others(plan: &Plan) -> Vec<String> {
    let counts = [
        (plan.bound.len() as u64, "without an id in the files"),
        (plan.gone.len() as u64, "retired and gone"),
        (plan.unmanaged.len() as u64, "not in the fleet"),
    ];
    in_words(&counts)
}

fn in_words(counts: &[(u64, &str)]) -> Vec<String> {
    counts.iter().filter(|(count, _)| *count > 0).map(|(count, words)| format!("{} {words}", grouped(*count))).collect()
}

fn pool_in_words(pool: &PoolCourse) -> String {
    let PoolCourse { before, lowest, after, reserve } = pool;
    let reserve = if *reserve == 0 { String::new() } else { format!(", of which {} stay in it", grouped(*reserve)) };
    format!("{} before, {} at its lowest, {} after{reserve}", grouped(*before), grouped(*lowest), grouped(*after))
}

/// Says of a plan of nothing what is as it should be.
pub(super) fn same_in_words(plan: &Plan, context: &PlanContext<'_>) -> String {
    let (are, they) = if plan.unchanged == 1 { ("child is", "it") } else { ("children are", "they") };
    let asked =
        if context.files.is_empty() { format!("{they} should be") } else { format!("{} asks", file_names(context)) };
    let rest = others(plan).iter().fold(String::new(), |rest, words| rest + "; " + words);
    format!(", distributor {}: {} {are} as {asked}{rest}", context.organization_id, grouped(plan.unchanged))
}

/// Says which files ask for a plan.
pub(super) fn files_in_words(context: &PlanContext<'_>) -> String {
    if context.files.is_empty() { String::new() } else { format!(", by {}", file_names(context)) }
}

fn file_names(context: &PlanContext<'_>) -> String {
    names(context.files, context)
}

/// Lists names in a sentence, the first of them.
pub(super) fn names(names: &[String], context: &PlanContext<'_>) -> String {
    let most = if context.is_verbose { usize::MAX } else { MOST_NAMES };
    let shown = names.iter().take(most).map(String::as_str).collect::<Vec<_>>().join(", ");
    match names.len().checked_sub(most).filter(|rest| *rest > 0) {
        Some(rest) => format!("{shown} and {} more", grouped(rest as u64)),
        None => shown,
    }
}

/// Says which regions and countries were not compared: a plan of nothing reads no lists of them.
pub(super) fn not_compared(sheet: &mut Sheet, plan: &Plan, context: &PlanContext<'_>) {
    let of = |kind| {
        let names = plan.not_compared.iter().filter(|entry| entry.kind == kind).map(|entry| entry.name.clone());
        let names: Vec<_> = names.collect();
        (!names.is_empty()).then(|| format!("the {kind} of {}", self::names(&names, context)))
    };
    let told: Vec<_> = [DriftKind::Region, DriftKind::Country].into_iter().filter_map(of).collect();
    if !told.is_empty() {
        let [regions, countries] = &context.lists;
        let why = format!("this machine has not read these lists; {regions} and {countries} read them once");
        sheet.fact("Compared", &format!("not {}: {why}", told.join(", nor ")));
    }
}

/// Says where the plan is saved, and whether it is still good.
pub(super) fn saved(sheet: &mut Sheet, context: &PlanContext<'_>) {
    let Some(saved) = context.saved else { return };
    let (file, origin) = (shell::word(saved.file), saved.origin);
    let time = |time: jiff::Timestamp| time.strftime("%FT%TZ").to_string();
    let until = if saved.is_expired() { "EXPIRED at" } else { "good until" };
    sheet.fact("Saved", &format!("{file}, plan {}, {until} {}", origin.id, time(origin.expires_at)));
    sheet.fact("Made", &format!("{} by mms {}", time(origin.created_at), saved.version));
}

/// Returns an owner's mail address, as much of it as the reader may see.
pub(super) fn owner(sheet: &Sheet, mail: &str) -> String {
    if sheet.is_on_terminal() {
        return mail.to_owned();
    }
    match (mail.chars().next(), mail.rsplit_once('@')) {
        (Some(first), Some((_, domain))) => format!("{first}{}@{domain}", sheet.ellipsis()),
        _ => sheet.ellipsis().to_owned(),
    }
}
