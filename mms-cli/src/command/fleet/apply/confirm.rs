//! Question before an apply.

use mms_fleet::{Action, Plan, Step};

use crate::output::data::grouped;
use crate::output::failure::Failure;
use crate::output::printer::Printer;
use crate::output::questions::{self, Confirmation};
use crate::session::Session;

/// Creates from which on a person types their number.
pub(in crate::command::fleet) const TYPED_FROM: u64 = 11;

/// Asks with the numbers. More than ten new organizations are confirmed by their number, since none of them can ever be deleted: typed
/// by a person, or given with `--yes` as [`refuse_other_number`] has found it.
pub(in crate::command::fleet) async fn confirm(
    session: &Session,
    confirmation: Confirmation,
    plan: &Plan,
    creates: Option<u64>,
) -> Result<(), Failure> {
    let printer = session.printer();
    if plan.creates() >= TYPED_FROM {
        return confirm_creates(printer, confirmation, plan.creates(), creates.is_some()).await;
    }
    confirmation.confirm(printer, &question(session.place(), plan)).await
}

/// Says whether a plan does what a person was asked about, and nothing stands against it that did not then. What the children have consumed
/// meanwhile, and what nothing is written for, may be other than it was, but no child may pause that was not shown as pausing.
pub(super) fn is_as_asked(asked: &Plan, now: &Plan) -> bool {
    let told =
        |plan: &Plan| -> Vec<(Step, bool)> { plan.steps.iter().map(|step| (told(step), step.pauses())).collect() };
    told(asked) == told(now) && asked.stops == now.stops && asked.bound == now.bound
}

/// Returns a step without what the child has consumed.
fn told(step: &Step) -> Step {
    let mut told = step.clone();
    if let Action::Allocate { consumed, .. } = &mut told.action {
        *consumed = None;
    }
    told
}

fn question(place: &str, plan: &Plan) -> String {
    let parts = [(plan.creates(), "create", "creates"), (plan.changes(), "change", "changes")];
    let parts: Vec<_> = parts
        .into_iter()
        .filter(|(number, ..)| *number > 0)
        .map(|(number, one, many)| format!("{} {}", grouped(number), if number == 1 { one } else { many }))
        .collect();
    format!("Make {} on {place}?", parts.join(" and "))
}

/// Refuses another number of creates than was `given`, however few there are; nothing was sent.
pub(in crate::command::fleet) fn refuse_other_number(number: u64, given: Option<u64>) -> Result<(), Failure> {
    let Some(given) = given.filter(|given| *given != number) else { return Ok(()) };
    let (organizations, given) = (new_organizations(number), grouped(given));
    Err(Failure::failed(format!("{organizations} would be created, and --creates says {given}: nothing was sent"))
        .hint(format!("see why by --dry-run without it, and state --creates {number} if that is meant")))
}

/// Asks for so many creates by their number, unless it `is_given`.
pub(in crate::command::fleet) async fn confirm_creates(
    printer: &Printer,
    confirmation: Confirmation,
    number: u64,
    is_given: bool,
) -> Result<(), Failure> {
    if !confirmation.was_asked() {
        if is_given {
            return Ok(());
        }
        return Err(Failure::failed(format!(
            "{} would be created, and none can ever be deleted: nothing was sent",
            new_organizations(number)
        ))
        .hint(format!("with --yes, add --creates {number}")));
    }
    let prompt = format!("Type the number of new organizations, {number}, to create them for ever: ");
    let typed = questions::line(printer, &prompt).await?;
    if typed.parse() == Ok(number) { Ok(()) } else { Err(Failure::failed("not confirmed: nothing was done")) }
}

fn new_organizations(number: u64) -> String {
    format!("{} {}", grouped(number), if number == 1 { "organization" } else { "organizations" })
}

#[cfg(test)]
mod tests {
    use mms_types::Centicredits;

    use super::*;

    #[test]
    fn a_plan_is_as_asked_while_nothing_else_is_done_and_no_other_child_pauses() {
        let step = |after: &str, consumed, may_pause| Step {
            name: "Sol".to_owned(),
            priority: 0,
            action: Action::Allocate {
                organization_id: 101.try_into().unwrap(),
                before: 50_000,
                after: after.parse().unwrap(),
                consumed: Some(Centicredits::new(consumed)),
                may_pause,
            },
        };
        let plan = |step: Step| {
            let mut plan = Plan::undo(&[], &mms_fleet::Observed::default(), &mms_fleet::PlanOptions::default());
            plan.steps = vec![step];
            plan
        };
        let asked = plan(step("20000", 100, true));
        let mut now = plan(step("20000", 200, true));
        (now.unchanged, now.pool) = (7, None);
        assert!(is_as_asked(&asked, &now), "the child works on");
        assert!(!is_as_asked(&asked, &plan(step("10000", 100, true))));
        assert!(!is_as_asked(&asked, &plan(step("20000", 2_000_000, true))), "it would pause by now");
        now.stops.push(mms_fleet::Stop { kind: mms_fleet::StopKind::PoolUnknown, name: None, place: None });
        assert!(!is_as_asked(&asked, &now));
        let mut bound = plan(step("20000", 100, true));
        bound.bound.push(mms_fleet::Binding { name: "Sol".to_owned(), organization_id: 101.try_into().unwrap() });
        assert!(!is_as_asked(&asked, &bound));
    }

    #[test]
    fn a_question_counts_what_is_created_and_what_is_changed() {
        let action = Action::Allocate {
            organization_id: 101.try_into().unwrap(),
            before: 0,
            after: "10000".parse().unwrap(),
            consumed: None,
            may_pause: false,
        };
        let step = Step { name: "Sol".to_owned(), priority: 0, action };
        let mut plan = Plan::undo(&[], &mms_fleet::Observed::default(), &mms_fleet::PlanOptions::default());
        plan.steps = vec![step.clone()];
        assert_eq!(question("eu1.make.com", &plan), "Make 1 change on eu1.make.com?");
        plan.steps.push(step);
        assert_eq!(question("eu1.make.com", &plan), "Make 2 changes on eu1.make.com?");
    }
}
